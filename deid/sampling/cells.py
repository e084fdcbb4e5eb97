"""From many small cells of notes to a few strata that are each worth a figure of their own."""

from collections import Counter
from collections.abc import Mapping

Cell = tuple[str, ...]
_REST = "the rest"


def form_strata(cells: Mapping[Cell, int], smallest: int) -> dict[Cell, str]:
    """The name of the stratum that each cell belongs to.

    ``cells`` counts notes by their features, the most telling first. A cell of at least
    ``smallest`` notes is a stratum. Smaller ones are put together over their last feature, then
    over the one before, and what is still too small at the end is one last stratum. Its size does
    not matter to a bound, which holds for strata of any size. Raises ``ValueError`` if the cells
    have different numbers of features.
    """
    if len({len(cell) for cell in cells}) > 1:
        raise ValueError("All cells need the same features.")
    names: dict[Cell, str] = {}
    left = dict(cells)
    for kept in range(max(map(len, cells), default=0), 0, -1):
        sizes: Counter[Cell] = Counter()
        for cell, notes in left.items():
            sizes[cell[:kept]] += notes
        for cell in list(left):
            if sizes[cell[:kept]] >= smallest:
                names[cell] = _name(cell, kept)
                del left[cell]
    return names | dict.fromkeys(left, _REST if names else "all")


def _name(cell: Cell, kept: int) -> str:
    parts = [part or "not stated" for part in cell[:kept]]
    return ", ".join(parts if kept == len(cell) else [*parts, "other"])
