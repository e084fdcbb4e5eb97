"""An output as it reads with tags, whichever of tags and surrogates it has, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden: half-open ``[start, end)`` in the output, and the tag for what stood there.

    In the output stands the tag itself or a surrogate.
    """

    start: int
    end: int
    tag: str


def with_tags(text: str, hidden: Sequence[Hidden]) -> tuple[str, list[tuple[int, int]]]:
    """The text with the tag of everything hidden, and the places of these tags in it.

    ``hidden`` are disjoint and in order.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = length = 0
    for one in hidden:
        parts += [text[at : one.start], one.tag]
        length += one.start - at
        places.append((length, length + len(one.tag)))
        length += len(one.tag)
        at = one.end
    return "".join([*parts, text[at:]]), places


def whole_tags(start: int, end: int, tags: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The bounds, widened so that they cut no tag."""
    for low, high in tags:
        if low < end and start < high:
            start, end = min(start, low), max(end, high)
    return start, end
