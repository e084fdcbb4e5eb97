"""What a number of leaks in a read sample proves about all the notes."""

from dataclasses import asdict, dataclass
from typing import Any

from evidence.statistics import clopper_pearson_upper, hypergeometric_upper

_BINOMIAL = "Clopper and Pearson, Biometrika 26 (1934) 404-413"
_FINITE = "Buonaccorsi, The American Statistician 41 (1987) 215-218"


@dataclass(frozen=True)
class LeakBound:
    """Rate of notes with a leak: the sample's own, and its exact one-sided upper limit.

    Both are fractions of notes. ``method`` is ``hypergeometric`` for a known number of notes
    and ``clopper-pearson`` for an endless stream of them; ``source`` is the publication.
    """

    n: int
    leaks: int
    confidence: float
    population: int | None
    estimate: float
    upper: float
    method: str
    source: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def leak_bound(
    n: int, leaks: int, confidence: float = 0.95, population: int | None = None
) -> LeakBound:
    """Bound from ``leaks`` notes with a leak among ``n`` read, drawn simply at random.

    ``population`` is the number of notes from which they were drawn. Raises ``ValueError`` for
    impossible figures.
    """
    if 0 < n < leaks:
        raise ValueError(f"{leaks} notes with a leak cannot be among {n} notes read.")
    if population is None:
        upper = clopper_pearson_upper(leaks, n, confidence)
        method, source = "clopper-pearson", _BINOMIAL
    else:
        upper = hypergeometric_upper(leaks, n, population, confidence).rate
        method, source = "hypergeometric", _FINITE
    return LeakBound(n, leaks, confidence, population, leaks / n, upper, method, source)
