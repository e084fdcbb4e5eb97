"""Many rules over one text, each tried only where it can match.

What is found is what ``Rule.find`` finds in the whole text. The exceptions are those of
``anchors``: a match may be found without the white space that it begins with.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from deid.engine.anchors import Head, Heads, fold, heads_of
from deid.engine.rules import Rule
from deid.engine.triggers import Needed, needed_by
from deid.engine.words import TextWords, WordIndex, places

#: How far beyond its trigger a match of a rule without heads may reach.
_WINDOW = 600


class _Places:
    """Where one of some heads stands in a text, in order."""

    def __init__(self, heads: Heads, slot: int) -> None:
        self.heads, self.slot = heads, slot
        self.parts = [*sorted(heads.inner), *map(fold, sorted(heads.marks))]
        self._words_only = not (heads.letter or heads.capital or heads.digit or self.parts)

    def of(self, words: TextWords) -> Sequence[int]:
        """The places in this text."""
        by_word: Sequence[int] = words.slots.get(self.slot, ())
        if self._words_only:
            return by_word
        heads = self.heads
        lists = [by_word] if by_word else []
        if heads.letter:
            lists.append(words.starts)
        elif heads.capital:
            lists.append(words.capitals)
        if heads.digit:
            lists.append(words.all_digits if heads.inner_digit else words.digits)
        for part in self.parts:
            if part in words.folded:
                lists.append(places(words.folded, part))
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted({start for starts in lists for start in starts})


@dataclass(frozen=True, slots=True)
class _Plan:
    """One rule, where it can begin, and what must be near if anything must."""

    rule: Rule
    starts: _Places
    needed: Needed | None
    triggers: _Places | None

    @property
    def gate(self) -> _Places:
        """The rarer of the two: without any of it in a text the rule finds nothing there."""
        return self.starts if self.triggers is None else self.triggers


def _plan(rule: Rule, slot: int) -> _Plan:
    """The plan of a rule; ``slot`` is for its heads and the next one for its triggers."""
    needed = needed_by(rule.pattern) if rule.trigger is None else _declared(rule)
    starts = _Places(heads_of(rule.pattern), slot)
    if needed is None or needed.heads == Heads():
        return _Plan(rule, starts, needed, None)
    return _Plan(rule, starts, needed, _Places(needed.heads, slot + 1))


def _declared(rule: Rule) -> Needed | None:
    if rule.trigger is None:
        return None
    heads = Heads(
        words={Head(fold(word), True, False, False) for word in rule.trigger.words},
        inner={fold(mark) for mark in rule.trigger.marks},
        digit=rule.trigger.digits,
    )
    return Needed(heads, rule.trigger.reach, rule.trigger.unbroken)


class RuleSet:
    """Rules in the order in which they report."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._plans = [_plan(rule, 2 * number) for number, rule in enumerate(self.rules)]
        self._index = WordIndex(self._slots())
        self._gates = _Gates([plan.gate for plan in self._plans])

    def _slots(self) -> Iterator[tuple[int, Iterable[Head]]]:
        for plan in self._plans:
            for standing in (plan.starts, plan.triggers):
                if standing is not None:
                    yield standing.slot, standing.heads.words

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Index of the rule, start and end of the identifier, rule by rule."""
        words = TextWords(text, self._index)
        found = []
        for number in self._gates.open(words):
            plan = self._plans[number]
            for match in _matches(plan, words):
                bounds = plan.rule.bounds(match)
                if bounds is not None and bounds[0] < bounds[1]:
                    found.append((number, *bounds))
        return found


class _Gates:
    """Which rules a text has anything for, so that the others cost it nothing."""

    def __init__(self, gates: Sequence[_Places]) -> None:
        self._slots = {gate.slot: number for number, gate in enumerate(gates)}
        self._parts: dict[str, list[int]] = {}
        for number, gate in enumerate(gates):
            for part in gate.parts:
                self._parts.setdefault(part, []).append(number)
        kinds = [(number, gate.heads) for number, gate in enumerate(gates)]
        self._always = {n for n, heads in kinds if heads.anywhere or heads.letter}
        self._capital = {n for n, heads in kinds if heads.capital}
        self._digit = {n for n, heads in kinds if heads.digit}

    def open(self, words: TextWords) -> list[int]:
        """The numbers of these rules, in order."""
        found = self._always | {self._slots[s] for s in words.slots if s in self._slots}
        if words.capitals:
            found |= self._capital
        if words.digits:
            found |= self._digit
        folded = words.folded
        for part, numbers in self._parts.items():
            if part in folded:
                found.update(numbers)
        return sorted(found)


def _matches(plan: _Plan, words: TextWords) -> Sequence[re.Match[str]]:
    pattern = plan.rule.pattern
    if plan.needed is not None and plan.needed.unbroken > words.longest:
        return ()
    anywhere = plan.starts.heads.anywhere
    if plan.needed is None or plan.triggers is None:
        if anywhere:
            return list(pattern.finditer(words.text))
        return _tried(pattern, words.text, plan.starts.of(words))
    marks = plan.triggers.of(words)
    if anywhere:
        return list(_searched(pattern, words.text, marks, plan.needed.reach))
    starts = plan.starts.of(words)
    if starts and marks:
        return _tried(pattern, words.text, _near(starts, marks, plan.needed.reach))
    return ()


def _near(starts: Sequence[int], marks: Sequence[int], reach: int) -> list[int]:
    """The starts that have a mark at most ``reach`` characters behind them."""
    near: list[int] = []
    at = 0
    for mark in marks:
        begin = bisect_left(starts, mark - reach, at)
        at = bisect_left(starts, mark + 1, begin)
        near += starts[begin:at]
    return near


def _tried(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> list[re.Match[str]]:
    """Matches that begin at one of the starts, none within another."""
    match_at, end = pattern.match, 0
    found = []
    for start in starts:
        if start >= end:
            match = match_at(text, start)
            if match is not None:
                end = match.end()
                found.append(match)
    return found


def _searched(
    pattern: re.Pattern[str], text: str, marks: Sequence[int], reach: int
) -> Iterator[re.Match[str]]:
    """Matches that begin at most ``reach`` characters before a mark."""
    at = 0
    for mark in marks:
        at = max(at, mark - reach)
        while at <= mark:
            found = pattern.search(text, at, mark + _WINDOW)
            if found is None or found.start() > mark:
                break
            # The end of the window may have hidden what forbids or prolongs the match.
            match = pattern.match(text, found.start())
            if match is None:
                at = found.start() + 1
            else:
                at = max(match.end(), at + 1)
                yield match
        at = max(at, mark)
