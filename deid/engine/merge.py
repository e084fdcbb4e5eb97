"""From overlapping findings to one row of spans, leaning to recall.

What any recognizer claimed above its threshold stays covered: a stronger finding decides the
category of the overlap, and the rest of the weaker one keeps its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deid.engine.spans import Span


def merge(spans: Iterable[Span], text: str) -> list[Span]:
    """Disjoint spans in order that cover the union of those given.

    Overlaps of one category become one span; between categories the certain, then the longer,
    then the higher-scored span wins.
    """
    taken: list[Span] = []
    for span in sorted(spans, key=_strength, reverse=True):
        pieces = [span]
        for other in taken:
            pieces = [rest for piece in pieces for rest in _outside(piece, other)]
        taken.extend(p for p in pieces if any(c.isalnum() for c in text[p.start : p.end]))
    return _join(sorted(taken, key=lambda s: s.start), text)


def _strength(span: Span) -> tuple[bool, int, float]:
    return span.certain, span.end - span.start, span.score


def _outside(span: Span, other: Span) -> list[Span]:
    if span.end <= other.start or other.end <= span.start:
        return [span]
    pieces = []
    if span.start < other.start:
        pieces.append(replace(span, end=other.start))
    if span.end > other.end:
        pieces.append(replace(span, start=other.end))
    return pieces


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
