"""The plan of a stratified review, fixed and shown before the first note is read."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deid.sampling.plan import ACCEPTANCE_NUMBER, WHAT_IF
from deid.sampling.strata import SOURCE, StratifiedBound, possibly_leaky, stratified_bound
from evidence.statistics import Stratum, tolerated_units


@dataclass(frozen=True)
class StratifiedPlan:
    """How many notes to read in each stratum (``sizes``, in the order of ``populations``).

    With no leaky note found in any of them the rate over all strata is below ``limit``; with
    one the sample fails. ``fraction`` is the share that each is read to; ``what_if`` holds the
    bounds for 0, 1 and 2 leaky notes, wherever they are found.
    """

    populations: Mapping[str, int]
    sizes: Mapping[str, int]
    limit: float
    confidence: float
    fraction: float
    what_if: tuple[StratifiedBound, ...]
    acceptance_number: int = ACCEPTANCE_NUMBER
    source: str = SOURCE

    @property
    def population(self) -> int:
        return sum(self.populations.values())

    @property
    def n(self) -> int:
        return sum(self.sizes.values())

    def to_dict(self) -> dict[str, Any]:
        bounds = [bound.to_dict() for bound in self.what_if]
        return {**asdict(self), "population": self.population, "n": self.n, "what_if": bounds}


def plan_strata(
    populations: Mapping[str, int],
    limit: float,
    confidence: float = 0.95,
    min_fraction: float = 0.05,
) -> StratifiedPlan:
    """Plans the smallest sample that can bound the rate over all strata at ``limit``.

    Each stratum is read to the same share of its notes, at least one. Raises ``ValueError`` for
    impossible figures.
    """
    if not populations or min(populations.values()) < 1:
        raise ValueError("Each stratum needs at least one note.")
    total = sum(populations.values())
    defective = max(1, tolerated_units(total, limit))

    def sizes(k: int) -> dict[str, int]:
        return {h: max(1, min(n, math.ceil(n * k / total))) for h, n in populations.items()}

    def proves(k: int) -> bool:
        return possibly_leaky(_read(populations, sizes(k), 0), confidence) < defective

    low, high = max(1, math.ceil(total * min_fraction)), total
    while low < high:
        middle = (low + high) // 2
        if proves(middle):
            high = middle
        else:
            low = middle + 1
    drawn = sizes(low)
    what_if = tuple(
        stratified_bound(_read(populations, drawn, leaks), confidence)
        for leaks in WHAT_IF
        if leaks <= max(drawn.values())
    )
    return StratifiedPlan(dict(populations), drawn, limit, confidence, low / total, what_if)


def _read(populations: Mapping[str, int], sizes: Mapping[str, int], leaks: int) -> list[Stratum]:
    """The strata read to their sizes with ``leaks`` in the largest: where does not matter to the
    bound."""
    largest = max(sizes, key=lambda h: sizes[h])
    return [Stratum(h, n, sizes[h], leaks if h == largest else 0) for h, n in populations.items()]
