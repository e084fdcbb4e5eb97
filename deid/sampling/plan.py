"""The plan of a review, fixed and shown before the first note is read.

The decision falls at the planned size only. A bound that is looked at after every note and
stops the review at its first dip below the limit is right less often than it claims.
"""

from dataclasses import dataclass
from typing import Any, Literal

from deid.sampling.bounds import LeakBound, leak_bound
from evidence.statistics import review_sample_size

Decision = Literal["continue", "pass", "fail"]
SOURCE = "ISO 2859-2:2020, limiting quality of an isolated lot; exact hypergeometric probabilities"
_WHAT_IF = (0, 1, 2)


@dataclass(frozen=True)
class SamplePlan:
    """How many notes to read, and how many with a leak the limit then allows.

    ``n`` of ``population`` notes; ``acceptance_number`` is the most leaky notes among n whose
    upper bound still keeps to ``limit``; ``what_if`` holds the bounds for 0, 1 and 2 of them.
    """

    population: int
    limit: float
    confidence: float
    min_fraction: float
    n: int
    acceptance_number: int
    what_if: tuple[LeakBound, ...]
    source: str = SOURCE

    def to_dict(self) -> dict[str, Any]:
        return {
            "population": self.population,
            "limit": self.limit,
            "confidence": self.confidence,
            "min_fraction": self.min_fraction,
            "n": self.n,
            "acceptance_number": self.acceptance_number,
            "what_if": [bound.to_dict() for bound in self.what_if],
            "source": self.source,
        }


def plan_sample(
    population: int,
    limit: float,
    confidence: float = 0.95,
    min_fraction: float = 0.05,
    acceptance_number: int = 0,
) -> SamplePlan:
    """Plans the smallest sample that can bound the rate of leaky notes at ``limit``.

    n = min(N, max(ceil(min_fraction N), n0)): n0 is the smallest n at which
    ``acceptance_number`` leaky notes still rule out a share of ``limit``. Where the fraction
    asks for more than n0, more leaks may be allowed than were asked for; the plan says how many,
    so that ``decide`` and the bound never disagree. Raises ``ValueError`` for impossible figures.
    """
    n = review_sample_size(population, limit, confidence, min_fraction, acceptance_number)
    what_if = tuple(leak_bound(n, x, confidence, population) for x in _WHAT_IF if x <= n)
    allowed = _most_leaks(n, population, limit, confidence)
    return SamplePlan(population, limit, confidence, min_fraction, n, allowed, what_if)


def decide(plan: SamplePlan, read: int, leaks: int) -> Decision:
    """``continue`` until all planned notes are read, then ``pass`` or ``fail``.

    ``leaks`` counts notes with at least one leak. Raises ``ValueError`` for impossible counts.
    """
    if not 0 <= read <= plan.n:
        raise ValueError(f"The plan is for {plan.n} notes, so {read} cannot have been read.")
    if not 0 <= leaks <= read:
        raise ValueError(f"{leaks} notes with a leak cannot be among {read} notes read.")
    if read < plan.n:
        return "continue"
    return "pass" if leaks <= plan.acceptance_number else "fail"


def _most_leaks(n: int, population: int, limit: float, confidence: float) -> int:
    """Largest number of leaky notes among n whose bound keeps to the limit."""
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        if leak_bound(n, middle, confidence, population).upper <= limit:
            low = middle
        else:
            high = middle - 1
    return low
