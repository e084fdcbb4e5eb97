"""What the leaks found in a sample that was drawn within strata prove about all notes.

The statistic is the number of leaky notes found in all strata together. For a true number of
leaky notes D the bound asks how likely so few finds are in the *worst* division of D among the
strata, and keeps every D that is not too unlikely. That is exact for any strata; adding up
limits of the single strata would hold as well, and be about twice as wide for a dozen of them.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evidence.statistics import Stratum, clopper_pearson_upper, hypergeometric_upper

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
    leaky = possibly_leaky(strata, confidence)
    population, n = sum(s.population for s in strata), sum(s.n for s in strata)
    leaks = sum(s.events for s in strata)
    return StratifiedBound(
        population, n, leaks, confidence, weighted(strata), leaky, leaky / population
    )


def possibly_leaky(strata: Sequence[Stratum], confidence: float = 0.95) -> int:
    """The bound as a number of notes. It also holds while some strata are not read at all."""
    _require_possible(strata)
    n, leaks = sum(s.n for s in strata), sum(s.events for s in strata)
    if len(strata) == 1:
        return hypergeometric_upper(leaks, n, strata[0].population, confidence).defective
    if leaks == 0:
        return _unseen(strata, confidence)
    return most_leaky(strata, expected_finds(leaks, n, confidence))


def weighted(strata: Sequence[Stratum]) -> float:
    """Estimated share of leaky notes, each stratum weighing as much as it holds notes."""
    if not all(s.n for s in strata):
        raise ValueError("An estimate needs at least one note read of each stratum.")
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
        taken = min(room, math.ceil(finds / share) - 1) if share else room
        total += taken
        finds -= taken * share
        if taken < room:
            break
    clean = sum(s.n - s.events for s in strata)
    return min(total, sum(s.population for s in strata) - clean)


def _require_possible(strata: Sequence[Stratum]) -> None:
    if not any(s.n for s in strata):
        raise ValueError("A bound needs at least one stratum with at least one note read.")
    for s in strata:
        if not 0 <= s.events <= s.n <= s.population:
            raise ValueError(
                f"Stratum {s.name!r}: {s.events} leaky of {s.n} read of {s.population} notes is "
                "impossible."
            )
