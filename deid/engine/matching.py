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
from deid.engine.words import TextWords, WordIndex, places

#: How far beyond its trigger a match of a rule without heads may reach.
_WINDOW = 600


@dataclass(frozen=True, slots=True)
class _Plan:
    """One rule with the numbers of its slots: ``2n`` for its heads, ``2n + 1`` for its triggers."""

    rule: Rule
    heads: Heads
    slot: int


class RuleSet:
    """Rules in the order in which they report."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._plans = [_Plan(r, heads_of(r.pattern), 2 * n) for n, r in enumerate(self.rules)]
        self._index = WordIndex(self._slots())

    def _slots(self) -> Iterator[tuple[int, Iterable[Head]]]:
        for plan in self._plans:
            yield plan.slot, plan.heads.words
            if plan.rule.trigger is not None:
                words = plan.rule.trigger.words
                yield plan.slot + 1, [Head(fold(w), True, False, False) for w in words]

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Index of the rule, start and end of the identifier, rule by rule."""
        words = TextWords(text, self._index)
        for number, plan in enumerate(self._plans):
            for match in _matches(plan, words):
                bounds = plan.rule.bounds(match)
                if bounds is not None and bounds[0] < bounds[1]:
                    yield number, *bounds


def _matches(plan: _Plan, words: TextWords) -> Iterator[re.Match[str]]:
    rule = plan.rule
    if rule.trigger is None:
        if plan.heads.anywhere:
            return rule.pattern.finditer(words.text)
        return _tried(rule.pattern, words.text, _starts(plan, words))
    marks = _triggers(plan, words)
    if not marks:
        return iter(())
    if plan.heads.anywhere:
        return _searched(rule.pattern, words.text, marks, rule.trigger.reach)
    starts = _near(_starts(plan, words), marks, rule.trigger.reach)
    return _tried(rule.pattern, words.text, starts)


def _starts(plan: _Plan, words: TextWords) -> Sequence[int]:
    """Where the rule can begin, in order."""
    heads = plan.heads
    lists: list[Sequence[int]] = []
    if plan.slot in words.slots:
        lists.append(words.slots[plan.slot])
    if heads.capital:
        lists.append(words.capitals)
    if heads.digit:
        lists.append(words.all_digits if heads.inner_digit else words.digits)
    lists += [places(words.folded, run) for run in heads.inner]
    lists += [places(words.text, mark) for mark in heads.marks if mark in words.text]
    if len(lists) < 2:
        return lists[0] if lists else ()
    return sorted({start for starts in lists for start in starts})


def _triggers(plan: _Plan, words: TextWords) -> list[int]:
    """Where a trigger of the rule stands, in order."""
    trigger = plan.rule.trigger
    assert trigger is not None
    found = set(words.slots.get(plan.slot + 1, ()))
    for mark in trigger.marks:
        if mark in words.text:
            found.update(places(words.text, mark))
    if trigger.digits:
        found.update(words.digits)
    return sorted(found)


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
