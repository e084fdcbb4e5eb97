"""Many rules over one text, each tried only where it can match.

What is found is what ``Rule.find`` finds in the whole text. The exceptions are those of
``anchors``: a match may be found without the white space that it begins with.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from deid.engine.anchors import Head, Heads, fold, heads_of
from deid.engine.digits import shapes_of
from deid.engine.rules import Rule
from deid.engine.standing import Places
from deid.engine.triggers import Needed, needed_by
from deid.engine.words import DigitIndex, TextWords, WordIndex, WordTest

#: How far beyond its trigger a match of a rule without heads may reach.
_WINDOW = 600


@dataclass(frozen=True, slots=True)
class _Plan:
    """One rule, where it can begin, and what must be near if anything must."""

    rule: Rule
    starts: Places
    needed: Needed | None
    triggers: Places | None

    @property
    def gates(self) -> tuple[Places, ...]:
        """Without any place of each of these in a text the rule finds nothing there."""
        return (self.starts,) if self.triggers is None else (self.starts, self.triggers)

    @property
    def unbroken(self) -> int:
        """How many characters without white space a text must have in a row."""
        return 0 if self.needed is None else self.needed.unbroken


def _plan(rule: Rule, slot: int) -> _Plan:
    """The plan of a rule; ``slot`` is for its heads and the next one for its triggers."""
    needed = needed_by(rule.pattern) if rule.trigger is None else _declared(rule)
    starts = Places(heads_of(rule.pattern), slot, tested=rule.begins is not None, shaped=True)
    if needed is None or needed.heads == Heads():
        return _Plan(rule, starts, needed, None)
    return _Plan(rule, starts, needed, Places(needed.heads, slot + 1))


def _declared(rule: Rule) -> Needed | None:
    if rule.trigger is None:
        return None
    heads = Heads(
        words={_whole_word(word) for word in rule.trigger.words},
        inner={fold(mark) for mark in rule.trigger.marks},
        digit=rule.trigger.digits,
        digit_run=rule.trigger.digit_run,
        digits_after=frozenset(map(fold, rule.trigger.digits_after)),
    )
    return Needed(heads, rule.trigger.reach, rule.trigger.unbroken)


def _whole_word(word: str) -> Head:
    """A word of a declared trigger; one in capitals is meant in capitals."""
    cased = word.isupper()
    return Head(word if cased else fold(word), True, cased, False)


class RuleSet:
    """Rules in the order in which they report."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._plans = [_plan(rule, 2 * number) for number, rule in enumerate(self.rules)]
        self._index = WordIndex(self._slots(), self._tests())
        self._digits = DigitIndex(
            (plan.starts.slot, shapes_of(plan.rule.pattern))
            for plan in self._plans
            if plan.starts.by_shape
        )
        self._gates = _Gates(self._plans)

    def _slots(self) -> Iterator[tuple[int, Iterable[Head]]]:
        for plan in self._plans:
            for standing in (plan.starts, plan.triggers):
                if standing is not None:
                    yield standing.slot, standing.heads.words

    def _tests(self) -> Iterator[WordTest]:
        for plan in self._plans:
            heads = heads_of(plan.rule.pattern)
            if plan.rule.begins is not None:
                yield WordTest(plan.starts.slot, plan.rule.begins, only_capital=not heads.letter)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Index of the rule, start and end of the identifier, rule by rule."""
        words = TextWords(text, self._index, self._digits)
        found = []
        plans = self._plans
        for number in self._gates.open(words):
            plan = plans[number]
            for match in _matches(plan, words):
                bounds = plan.rule.bounds(match)
                if bounds is not None and bounds[0] < bounds[1]:
                    found.append((number, *bounds))
        return found


class _Gates:
    """Which rules a text has anything for, so that the others cost it nothing."""

    def __init__(self, plans: Sequence[_Plan]) -> None:
        self._starts = _Gate([plan.starts for plan in plans])
        self._triggers = _Gate([plan.triggers for plan in plans])
        self._unbroken = {n: plan.unbroken for n, plan in enumerate(plans) if plan.unbroken}

    def open(self, words: TextWords) -> list[int]:
        """The numbers of these rules, in order."""
        # Triggers first: where they rule out all that begins with words, none is taken apart.
        waiting = self._triggers.open(words)
        found = waiting & self._starts.open(words, waiting)
        longest = words.longest
        found.difference_update([n for n, least in self._unbroken.items() if least > longest])
        return sorted(found)


class _Gate:
    """For which of some places a text has any; ``None`` stands for any place."""

    def __init__(self, gates: Sequence[Places | None]) -> None:
        self._always = {n for n, g in enumerate(gates) if g is None or _is_always_open(g)}
        closed = {n: g for n, g in enumerate(gates) if g is not None and n not in self._always}
        self._words = {gate.slot: number for number, gate in closed.items() if gate.by_word}
        self._by_word = frozenset(self._words.values())
        self._shapes = {gate.slot: number for number, gate in closed.items() if gate.by_shape}
        self._parts: dict[str, list[int]] = {}
        for number, gate in closed.items():
            for part in gate.parts:
                self._parts.setdefault(part, []).append(number)
        self._capital = {n for n, gate in closed.items() if gate.by_capital}
        self._digit = {n for n, gate in closed.items() if _by_any_digit(gate)}
        self._runs: dict[int, set[int]] = {}
        for number, gate in closed.items():
            if gate.heads.digit_run and number not in self._digit:
                self._runs.setdefault(gate.heads.digit_run, set()).add(number)

    def open(self, words: TextWords, among: Set[int] | None = None) -> set[int]:
        """The numbers of the places that the text has; words are looked at for ``among`` only."""
        found = set(self._always)
        if self._by_word if among is None else not self._by_word.isdisjoint(among):
            standing = self._words.keys() & words.slots.keys()
            found.update(map(self._words.__getitem__, standing))
        if self._shapes:
            standing = self._shapes.keys() & words.digit_slots.keys()
            found.update(map(self._shapes.__getitem__, standing))
        capital = self._capital if among is None else self._capital & among
        if capital and words.capitals:
            found |= capital
        if words.digits:
            found |= self._digit
            for least, waiting in self._runs.items():
                if words.longest_digits >= least:
                    found |= waiting
        folded = words.folded
        for part, numbers in self._parts.items():
            if part in folded:
                found.update(numbers)
        return found


def _is_always_open(gate: Places) -> bool:
    return gate.heads.anywhere or gate.by_letter or bool(gate.heads.behind)


def _by_any_digit(gate: Places) -> bool:
    return bool(gate.heads.digits_after or (gate.heads.digit and not gate.by_shape))


def _matches(plan: _Plan, words: TextWords) -> Sequence[re.Match[str]]:
    pattern = plan.rule.pattern
    needed, triggers = plan.needed, plan.triggers
    if needed is None or triggers is None:
        if plan.starts.heads.anywhere:
            return list(pattern.finditer(words.text))
        return _tried(pattern, words.text, plan.starts.of(words))
    marks = triggers.of(words)
    if not marks:
        return ()
    if plan.starts.heads.anywhere:
        return list(_searched(pattern, words.text, marks, needed.reach))
    near = _near(plan.starts.of(words), marks, needed.reach)
    return _tried(pattern, words.text, near) if near else ()


def _near(starts: Sequence[int], marks: Sequence[int], reach: int) -> Sequence[int]:
    """The starts that have a mark at most ``reach`` characters behind them."""
    if not starts or not marks or marks[-1] < starts[0]:
        return ()
    if marks[-1] - starts[0] <= reach:  # as in any short note: the last mark is near all before it
        return starts if starts[-1] <= marks[-1] else starts[: bisect_right(starts, marks[-1])]
    if len(starts) * 3 < len(marks):
        behind = (bisect_left(marks, start) for start in starts)
        return [
            start
            for start, mark in zip(starts, behind, strict=True)
            if mark < len(marks) and marks[mark] <= start + reach
        ]
    near: list[int] = []
    begin = 0
    for mark in marks:
        if starts[begin] > mark:  # nothing begins between the mark before and this one
            continue
        begin = bisect_left(starts, mark - reach, begin)
        end = bisect_right(starts, mark, begin)
        near += starts[begin:end]
        begin = end
        if end == len(starts):
            break
    return near


def _tried(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> list[re.Match[str]]:
    """Matches that begin at one of the starts, none within another."""
    match_at = pattern.match
    found = [match for start in starts if (match := match_at(text, start)) is not None]
    if len(found) < 2:
        return found
    apart, end = [], 0
    for match in found:
        if match.start() >= end:
            apart.append(match)
            end = match.end()
    return apart


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
