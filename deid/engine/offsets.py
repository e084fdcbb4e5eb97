"""Where an offset of one text lies in another that differs from it in some parts only."""

from bisect import bisect_right
from collections.abc import Sequence

Place = tuple[int, int]


def moved(
    offset: int, here: Sequence[Place], there: Sequence[Place], *, at_end: bool = False
) -> int:
    """The offset in the other text.

    ``here`` and ``there`` are the same parts, half-open, disjoint and in order, by their places in
    this text and in the other. Within a part it is the start of its counterpart, or its end with
    ``at_end``.
    """
    before = bisect_right(here, offset, key=lambda part: part[1])
    if before < len(here) and here[before][0] < offset:
        return there[before][at_end]
    return offset + (there[before - 1][1] - here[before - 1][1] if before else 0)
