"""What two policies do differently to one note: offsets, and context with every rare word masked.

The context may be read by people who may not read raw notes. What both policies overlook would
still stand in it, so that only ordinary words in lower case are left in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

CONTEXT = 60  # characters of the raw note on each side
MASK = "\u00b7\u00b7\u00b7"
_PARTS = re.compile(r"(\w+)")
_BLANKS = re.compile(r"\s+")
_MASKS = re.compile(rf"{MASK}(?: {MASK})+")


class Hidden(Protocol):
    """A span of the engine, as far as it is asked here."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def recognizer(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def score(self) -> float: ...


def compare(
    text: str,
    before: Sequence[Hidden],
    after: Sequence[Hidden],
    is_ordinary: Callable[[str], bool],
) -> list[dict[str, Any]]:
    """The differences in the order of the note; both rows of spans are disjoint and in order.

    `kind`: `more` (hidden by the second policy only), `fewer` (by the first only), `other` (by
    both, under another category: `other` names that of the first).
    """
    found = [
        *(_entry("more", s, *part) for s in after for part in _outside(s, before, text)),
        *(_entry("fewer", s, *part) for s in before for part in _outside(s, after, text)),
        *_relabelled(before, after),
    ]
    found.sort(key=lambda d: (d["start"], d["end"]))
    union = _Union(before, after)
    for entry in found:
        start, end = entry["start"], entry["end"]
        entry["before"] = masked(text, max(0, start - CONTEXT), start, union, is_ordinary)
        entry["behind"] = masked(text, end, min(len(text), end + CONTEXT), union, is_ordinary)
    return found


def counts(spans: Sequence[Hidden]) -> Counter[str]:
    return Counter(span.category for span in spans)


def _entry(kind: str, span: Hidden, start: int, end: int, other: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "start": start,
        "end": end,
        "category": span.category,
        "other": other,
        "recognizer": span.recognizer,
        "rule": span.rule,
        "score": round(float(span.score), 4),
    }


def _outside(span: Hidden, others: Sequence[Hidden], text: str) -> Iterator[tuple[int, int]]:
    """What of a span none of the others covers, as far as it can be read."""
    start = span.start
    for other in _touching(span, others):
        if start < other.start:
            yield from _readable(start, other.start, text)
        start = max(start, other.end)
    if start < span.end:
        yield from _readable(start, span.end, text)


def _readable(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    if any(c.isalnum() for c in text[start:end]):
        yield start, end


def _touching(span: Hidden, others: Sequence[Hidden]) -> Sequence[Hidden]:
    first = bisect_right(others, span.start, key=lambda s: s.end)
    last = bisect_left(others, span.end, key=lambda s: s.start)
    return others[first:last]


def _relabelled(before: Sequence[Hidden], after: Sequence[Hidden]) -> Iterator[dict[str, Any]]:
    for span in after:
        for other in _touching(span, before):
            if other.category != span.category:
                start, end = max(span.start, other.start), min(span.end, other.end)
                yield _entry("other", span, start, end, other.category)


class _Union:
    """What either policy hides, as disjoint intervals in order with the category of the first."""

    def __init__(self, before: Sequence[Hidden], after: Sequence[Hidden]) -> None:
        self.parts: list[tuple[int, int, str]] = []
        for span in sorted([*before, *after], key=lambda s: (s.start, -s.end)):
            if self.parts and span.start < self.parts[-1][1]:
                start, end, category = self.parts[-1]
                self.parts[-1] = start, max(end, span.end), category
            else:
                self.parts.append((span.start, span.end, span.category))


def masked(
    text: str, start: int, end: int, union: _Union, is_ordinary: Callable[[str], bool]
) -> str:
    """A part of the note that shows ordinary words in lower case, tags, and nothing else."""
    pieces, at = [], start
    first = bisect_right(union.parts, start, key=lambda p: p[1])
    for low, high, category in union.parts[first:]:
        if low >= end:
            break
        if at < low:
            pieces.append(_masked(text, at, low, is_ordinary))
        pieces.append(f"[{category}]")
        at = max(at, high)
    if at < end:
        pieces.append(_masked(text, at, end, is_ordinary))
    return _MASKS.sub(MASK, _BLANKS.sub(" ", "".join(pieces)))


def _masked(text: str, start: int, end: int, is_ordinary: Callable[[str], bool]) -> str:
    def shown(part: str, whole: bool) -> str:
        plain = whole and part.isalpha() and part.islower() and is_ordinary(part)
        return part if plain else MASK

    pieces = []
    for match in _PARTS.finditer(text, start, end):
        gap = text[start : match.start()]
        # A word that the end of the part cuts in two may be ordinary by accident.
        cut = match.start() > 0 and text[match.start() - 1].isalnum()
        cut = cut or (match.end() < len(text) and text[match.end()].isalnum())
        pieces += [_signs(gap), shown(match.group(), not cut)]
        start = match.end()
    return "".join([*pieces, _signs(text[start:end])])


def _signs(gap: str) -> str:
    """What stands between words: blanks and plain punctuation."""
    return "".join(c if c in ".,;:()/-'\"" else " " if c.isspace() else "" for c in gap)
