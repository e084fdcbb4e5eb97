"""What reviewers overlook: measured with identifiers seeded into sampled notes, and corrected for.

A leaky note that is read is noticed with probability s only, the reviewers' sensitivity. How many
of the secretly seeded identifiers they found bounds s from below; the leak bound is divided by it.
Each of the two limits takes half of the error.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from deid.sampling.strata import expected_finds, most_leaky, weighted
from evidence.statistics import Stratum, clopper_pearson_lower, clopper_pearson_upper

SOURCE = (
    "Clopper and Pearson, Biometrika 26 (1934) 404-413, for both limits, each at half of the "
    "error; Hoeffding, Ann. Math. Stat. 27 (1956) 713-721, theorem 4"
)


@dataclass(frozen=True)
class CorrectedBound:
    """Upper limit of the rate of leaky notes when reviewers may overlook some.

    ``sensitivity`` is the share of seeds found and ``sensitivity_lower`` its lower limit;
    ``upper`` is 1 where the seeds leave everything open.
    """

    population: int
    n: int
    leaks: int
    seeds: int
    found: int
    confidence: float
    estimate: float
    sensitivity: float
    sensitivity_lower: float
    leaky: int
    upper: float
    source: str = SOURCE

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def corrected_bound(
    strata: Sequence[Stratum], seeds: int, found: int, confidence: float = 0.95
) -> CorrectedBound:
    """Leak bound from the strata's finds, corrected by ``found`` of ``seeds`` identifiers.

    It is binomial although the notes are finite: a note that was read and called clean may leak
    all the same, so having read it closes no case. Raises ``ValueError`` for impossible counts
    or without a seed.
    """
    half = (1 + confidence) / 2
    lower = clopper_pearson_lower(found, seeds, half)
    population, n = sum(s.population for s in strata), sum(s.n for s in strata)
    leaks = sum(s.events for s in strata)
    noticed = expected_finds(leaks, n, half)
    # Overlooked notes may lie among those that were read: none of them counts as clean.
    unread = [Stratum(s.name, s.population, s.n, s.n) for s in strata]
    leaky = most_leaky(unread, noticed / lower) if lower > 0 else population
    sensitivity = found / seeds
    estimate = min(1.0, weighted(strata) / sensitivity) if found else 1.0
    return CorrectedBound(
        population, n, leaks, seeds, found, confidence,
        estimate, sensitivity, lower, leaky, leaky / population,
    )  # fmt: skip


def fewest_seeds(n: int, limit: float, confidence: float = 0.95) -> int | None:
    """Seeds that ``n`` read notes need so that a perfect review still proves ``limit``.

    Perfect means: every seed found, no leak. None where n is too small for any number of them.
    """
    half = (1 + confidence) / 2
    needed = clopper_pearson_upper(0, n, half) / limit
    if needed >= 1:
        return None
    # All of s found: the lower limit is (alpha / 2) ** (1 / s).
    return math.ceil(math.log(1 - half) / math.log(needed) - 1e-9)
