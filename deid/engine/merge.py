"""From overlapping findings to one row of spans, leaning to recall.

What any recognizer claimed above its threshold stays covered: a stronger finding decides the
category of the overlap, and the rest of the weaker one keeps its own.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from deid.engine.spans import Span


def merge(spans: Iterable[Span], text: str) -> list[Span]:
    """Disjoint spans in order that cover the union of those given.

    Overlaps of one category become one span; between categories the certain, then the longer,
    then the higher-scored span wins.
    """
    taken = _Taken()
    kept: list[Span] = []
    for span in sorted(spans, key=_strength, reverse=True):
        for start, end in list(taken.free(span.start, span.end)):
            if any(c.isalnum() for c in text[start:end]):
                taken.add(start, end)
                whole = (start, end) == (span.start, span.end)
                kept.append(span if whole else replace(span, start=start, end=end))
    return _join(sorted(kept, key=lambda s: s.start), text)


def _strength(span: Span) -> tuple[bool, int, float]:
    return span.certain, span.end - span.start, span.score


class _Taken:
    """Disjoint intervals of a text, in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def free(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What of an interval none of them covers."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        for number in range(first, last):
            if start < self._starts[number]:
                yield start, self._starts[number]
            start = self._ends[number]
        if start < end:
            yield start, end

    def add(self, start: int, end: int) -> None:
        """Take an interval that is free."""
        insort(self._starts, start)
        insort(self._ends, end)


def _join(spans: Sequence[Span], text: str) -> list[Span]:
    """Join neighbours of one tag that touch or have only blanks between them."""
    joined: list[Span] = []
    for span in spans:
        trimmed = _trim(span, text)
        if trimmed is None:
            continue
        if joined and joined[-1].tag() == trimmed.tag():
            between = text[joined[-1].end : trimmed.start]
            if between == "" or (between.strip(" ") == "" and len(between) < 3):
                last = joined[-1]
                best = max(last, trimmed, key=_strength)
                joined[-1] = replace(best, start=last.start, end=trimmed.end)
                continue
        joined.append(trimmed)
    return joined


def _trim(span: Span, text: str) -> Span | None:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)
