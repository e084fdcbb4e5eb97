"""Samples drawn within strata: their sizes, and what the leaks found prove about all notes.

The statistic is the number of leaky notes found in all strata together. For a true number of
leaky notes D the bound asks how likely so few finds are in the *worst* division of D among the
strata, and keeps every D that is not too unlikely. That is exact for any strata; adding up
limits of the single strata would hold as well, and be about twice as wide for a dozen of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from deid.sampling.plan import ACCEPTANCE_NUMBER
from evidence.statistics import (
    Stratum,
    clopper_pearson_upper,
    hypergeometric_upper,
    tolerated_units,
)

SOURCE = (
    "Worst division among the strata: Wendell and Schmee, JASA 91 (1996) 825-830. With leaks "
    "found, its tail is bounded by Hoeffding, Ann. Math. Stat. 27 (1956) 713-721, theorem 4"
)
_ROUNDING = 1e-9  # as in evidence.statistics: a tail that lies exactly on alpha rejects


@dataclass(frozen=True)
class StratifiedBound:
    """Rate of leaky notes over all strata: weighted estimate and exact one-sided upper limit.

    ``leaky`` is the largest number of leaky notes among ``population`` that the finds leave
    possible; ``estimate`` and ``upper`` are fractions of the population.
    """

    population: int
    n: int
    leaks: int
    confidence: float
    estimate: float
    leaky: int
    upper: float
    source: str = SOURCE

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def stratified_bound(strata: Sequence[Stratum], confidence: float = 0.95) -> StratifiedBound:
    """Bound from notes drawn simply at random *within* each stratum; ``events`` are leaky notes.

    Every stratum needs at least one note read. A single stratum gives the hypergeometric limit.
    Raises ``ValueError`` without strata or for impossible counts.
    """
    _require_readable(strata)
    population, n = sum(s.population for s in strata), sum(s.n for s in strata)
    leaks = sum(s.events for s in strata)
    if len(strata) == 1:
        leaky = hypergeometric_upper(leaks, n, population, confidence).defective
    elif leaks == 0:
        leaky = _unseen(strata, confidence)
    else:
        leaky = most_leaky(strata, expected_finds(leaks, n, confidence))
    return StratifiedBound(
        population, n, leaks, confidence, weighted(strata), leaky, leaky / population
    )


def weighted(strata: Sequence[Stratum]) -> float:
    """Estimated share of leaky notes, each stratum weighing as much as it holds notes."""
    return sum(s.population * s.events / s.n for s in strata) / sum(s.population for s in strata)


def _unseen(strata: Sequence[Stratum], confidence: float) -> int:
    """Most leaky notes of which none is found with a chance above 1 - confidence.

    In one stratum the i-th leaky note multiplies the chance that none is found by
    (N - n - i) / (N - i), which falls with i. So the worst division takes the largest factors of
    all strata first.
    """
    factors = [_log_factors(s.population, s.n) for s in strata]
    chance = np.cumsum(np.sort(np.concatenate(factors))[::-1])
    least = math.log((1 - confidence) * (1 + _ROUNDING))
    return int(np.count_nonzero(chance > least))


def _log_factors(population: int, n: int) -> "np.ndarray[Any, np.dtype[np.float64]]":
    i = np.arange(population - n, dtype=float)
    return np.log((population - n - i) / (population - i))


def expected_finds(leaks: int, n: int, confidence: float) -> float:
    """Mean number of finds among ``n`` notes at which so few as ``leaks`` are too unlikely.

    Finds within strata are a sum of ``n`` independent chances of unequal size. Hoeffding: at one
    mean the equal chances of the binomial make few finds the likeliest, from ``leaks`` + 1 on.
    """
    return max(n * clopper_pearson_upper(leaks, n, confidence), leaks + 1.0)


def most_leaky(strata: Sequence[Stratum], finds: float) -> int:
    """Most leaky notes with which fewer than ``finds`` of them are expected in the sample.

    They lie in the strata of which the smallest share was read. What was read itself and found
    clean can hold none.
    """
    total = 0
    for stratum in sorted(strata, key=lambda s: s.n / s.population):
        share = stratum.n / stratum.population
        room = stratum.population
        taken = min(room, math.ceil(finds / share) - 1)
        total += taken
        finds -= taken * share
        if taken < room:
            break
    clean = sum(s.n - s.events for s in strata)
    return min(total, sum(s.population for s in strata) - clean)


@dataclass(frozen=True)
class StratifiedPlan:
    """How many notes to read in each stratum (``sizes``, in the order of ``populations``).

    With no leaky note found in any of them the rate over all strata is below ``limit``; with
    one the sample fails. ``fraction`` is the share that a stratum of weight 1 is read to.
    """

    populations: Mapping[str, int]
    sizes: Mapping[str, int]
    limit: float
    confidence: float
    fraction: float
    acceptance_number: int = ACCEPTANCE_NUMBER
    source: str = SOURCE

    @property
    def population(self) -> int:
        return sum(self.populations.values())

    @property
    def n(self) -> int:
        return sum(self.sizes.values())

    def to_dict(self) -> dict[str, Any]:
        return {"population": self.population, "n": self.n, **asdict(self)}


def plan_strata(
    populations: Mapping[str, int],
    limit: float,
    confidence: float = 0.95,
    min_fraction: float = 0.05,
    weights: Mapping[str, float] | None = None,
) -> StratifiedPlan:
    """Plans the smallest sample that can bound the rate over all strata at ``limit``.

    Each stratum is read to the same share of its notes, at least one; a weight above 1 reads a
    stratum, such as that of low confidence, to so many times this share. Raises ``ValueError``
    for impossible figures.
    """
    weights = weights or {}
    if not populations or min(populations.values()) < 1:
        raise ValueError("Each stratum needs at least one note.")
    if any(w < 1 for w in weights.values()) or set(weights) - set(populations):
        raise ValueError("A weight belongs to a stratum and is at least 1.")
    total = sum(populations.values())
    defective = max(1, tolerated_units(total, limit))

    def sizes(k: int) -> dict[str, int]:
        shares = {h: k * weights.get(h, 1.0) / total for h in populations}
        return {h: max(1, min(n, math.ceil(n * shares[h]))) for h, n in populations.items()}

    def proves(k: int) -> bool:
        drawn = sizes(k)
        clean = [Stratum(h, n, drawn[h], 0) for h, n in populations.items()]
        return stratified_bound(clean, confidence).leaky < defective

    low, high = max(1, math.ceil(total * min_fraction)), total
    while low < high:
        middle = (low + high) // 2
        if proves(middle):
            high = middle
        else:
            low = middle + 1
    return StratifiedPlan(dict(populations), sizes(low), limit, confidence, low / total)


def _require_readable(strata: Sequence[Stratum]) -> None:
    if not strata:
        raise ValueError("A bound needs at least one stratum.")
    for s in strata:
        if not 0 <= s.events <= s.n <= s.population or s.n < 1:
            raise ValueError(
                f"Stratum {s.name!r}: {s.events} leaky of {s.n} read of {s.population} notes is "
                "impossible; at least one note of each stratum must be read."
            )
