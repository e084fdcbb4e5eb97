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


@dataclass(frozen=True, slots=True)
class _Plan:
    """One rule with the numbers of its slots: ``slot`` for its heads, the next for its needs."""

    rule: Rule
    heads: Heads
    needed: Needed | None
    slot: int


def _plan(rule: Rule, slot: int) -> _Plan:
    heads = heads_of(rule.pattern)
    if rule.trigger is None:
        return _Plan(rule, heads, needed_by(rule.pattern), slot)
    declared = Heads(
        words={Head(fold(word), True, False, False) for word in rule.trigger.words},
        inner={fold(mark) for mark in rule.trigger.marks},
        digit=rule.trigger.digits,
    )
    needed = Needed(declared, rule.trigger.reach, rule.trigger.unbroken)
    return _Plan(rule, heads, needed, slot)


class RuleSet:
    """Rules in the order in which they report."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._plans = [_plan(rule, 2 * n) for n, rule in enumerate(self.rules)]
        self._index = WordIndex(self._slots())

    def _slots(self) -> Iterator[tuple[int, Iterable[Head]]]:
        for plan in self._plans:
            yield plan.slot, plan.heads.words
            if plan.needed is not None:
                yield plan.slot + 1, plan.needed.heads.words

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Index of the rule, start and end of the identifier, rule by rule."""
        words = TextWords(text, self._index)
        for number, plan in enumerate(self._plans):
            for match in _matches(plan, words):
                bounds = plan.rule.bounds(match)
                if bounds is not None and bounds[0] < bounds[1]:
                    yield number, *bounds


def _matches(plan: _Plan, words: TextWords) -> Iterator[re.Match[str]]:
    pattern, heads = plan.rule.pattern, plan.heads
    needed = plan.needed
    if needed is not None and needed.unbroken > words.longest:
        return iter(())
    if needed is None or needed.is_everywhere:
        if heads.anywhere:
            return pattern.finditer(words.text)
        return _tried(pattern, words.text, _standing(heads, plan.slot, words))
    marks = _standing(needed.heads, plan.slot + 1, words)
    if not marks:
        return iter(())
    if heads.anywhere:
        return _searched(pattern, words.text, marks, needed.reach)
    starts = _standing(heads, plan.slot, words)
    return _tried(pattern, words.text, _near(starts, marks, needed.reach))


def _standing(heads: Heads, slot: int, words: TextWords) -> Sequence[int]:
    """Where one of the heads stands, in order."""
    lists: list[Sequence[int]] = []
    if slot in words.slots:
        lists.append(words.slots[slot])
    if heads.letter:
        lists.append(words.starts)
    elif heads.capital:
        lists.append(words.capitals)
    if heads.digit:
        lists.append(words.all_digits if heads.inner_digit else words.digits)
    lists += [places(words.folded, run) for run in heads.inner if run in words.folded]
    lists += [places(words.text, mark) for mark in heads.marks if mark in words.text]
    if len(lists) < 2:
        return lists[0] if lists else ()
    return sorted({start for starts in lists for start in starts})


def _near(starts: Sequence[int], marks: Sequence[int], reach: int) -> Iterator[int]:
    """The starts that have a mark at most ``reach`` characters behind them."""
    at = 0
    for mark in marks:
        at = max(at, bisect_left(starts, mark - reach))
        while at < len(starts) and starts[at] <= mark:
            yield starts[at]
            at += 1


def _tried(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """Matches that begin at one of the starts, none within another."""
    match_at, end = pattern.match, 0
    for start in starts:
        if start >= end:
            match = match_at(text, start)
            if match is not None:
                end = match.end()
                yield match


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
