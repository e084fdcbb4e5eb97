"""The plan of a review, fixed and shown before the first note is read, and its one rule.

The decision falls at the planned size only. A bound that is looked at after every note and
stops the review at its first dip below the limit is right less often than it claims.
"""

from dataclasses import dataclass
from typing import Any

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.seeded import fewest_seeds
from evidence.statistics import review_sample_size

ACCEPTANCE_NUMBER = 0
SOURCE = "ISO 2859-2:2020, limiting quality of an isolated lot; exact hypergeometric probabilities"
WHAT_IF = (0, 1, 2)


@dataclass(frozen=True)
class SamplePlan:
    """How many notes to read so that finding no leak among them proves the limit.

    ``n`` of ``population`` notes; ``acceptance_number`` is the most leaky notes with which the
    sample passes, and is always 0; ``what_if`` holds the bounds for 0, 1 and 2 of them. Its
    dictionary adds how many seeds would be needed to correct for what reviewers overlook.
    """

    population: int
    limit: float
    confidence: float
    min_fraction: float
    n: int
    what_if: tuple[LeakBound, ...]
    acceptance_number: int = ACCEPTANCE_NUMBER
    source: str = SOURCE

    def to_dict(self) -> dict[str, Any]:
        return {
            "population": self.population,
            "limit": self.limit,
            "confidence": self.confidence,
            "min_fraction": self.min_fraction,
            "n": self.n,
            "acceptance_number": self.acceptance_number,
            "fewest_seeds": fewest_seeds(self.n, self.limit, self.confidence),
            "what_if": [bound.to_dict() for bound in self.what_if],
            "source": self.source,
        }


def plan_sample(
    population: int, limit: float, confidence: float = 0.95, min_fraction: float = 0.05
) -> SamplePlan:
    """Plans the smallest sample that can bound the rate of leaky notes at ``limit``.

    n = min(N, max(ceil(min_fraction N), n0)): n0 is the smallest n at which no leaky note rules
    out a share of ``limit``. Where the fraction asks for more than n0, the bound alone could bear
    a few leaks; the sample fails with one all the same. Raises ``ValueError`` for impossible
    figures.
    """
    n = review_sample_size(population, limit, confidence, min_fraction, ACCEPTANCE_NUMBER)
    what_if = tuple(leak_bound(n, x, confidence, population) for x in WHAT_IF if x <= n)
    return SamplePlan(population, limit, confidence, min_fraction, n, what_if)


def reasons_to_fail(leaks: int, upper: float, limit: float) -> list[str]:
    """Why a sample read to its planned size does not pass; empty if it passes.

    It passes only with no note with a leak and an upper bound within ``limit``.
    """
    reasons = []
    if upper > limit:
        reasons.append("bound-misses-target")
    if leaks > ACCEPTANCE_NUMBER:
        reasons.append("leak-found")
    return reasons
