"""Leak rates of stratified samples, and correction for what reviewers overlook.

Source of the weighted estimate: Cochran, Sampling Techniques, 3rd ed. (1977), ch. 5; the bound
adds Clopper-Pearson limits at confidence 1 - alpha/H (Bonferroni), which is valid for any H.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.statistics._checks import count_of, fraction, probability
from evidence.statistics.binomial import clopper_pearson_upper


@dataclass(frozen=True)
class Stratum:
    """``events`` among ``n`` read of a stratum of ``population`` units."""

    name: str
    population: int
    n: int
    events: int


@dataclass(frozen=True)
class StratifiedRate:
    estimate: float
    upper: float
    stratum_uppers: tuple[float, ...]


def stratified_rate(strata: Sequence[Stratum], confidence: float = 0.95) -> StratifiedRate:
    """Rate of the whole population with a one-sided upper limit, weighted by stratum size.

    Raises ``ValueError`` without strata or for impossible counts.
    """
    if not strata:
        raise ValueError("A stratified estimate needs at least one stratum.")
    for stratum in strata:
        count_of("sampled units", stratum.n, stratum.population, of="stratum's population")
        count_of("events", stratum.events, stratum.n)
    alpha = 1 - probability("confidence", confidence)
    each = 1 - alpha / len(strata)
    uppers = tuple(clopper_pearson_upper(s.events, s.n, each) for s in strata)
    total = sum(s.population for s in strata)
    estimate = sum(s.population * s.events / s.n for s in strata) / total
    upper = sum(s.population * u for s, u in zip(strata, uppers, strict=True)) / total
    return StratifiedRate(estimate, upper, uppers)


def sensitivity_adjusted_upper(upper: float, sensitivity: float) -> float:
    """Upper limit divided by the share of leaks that reviewers notice, capped at 1.

    ``sensitivity`` must be measured with seeded leaks in a blind trial. Raises ``ValueError``
    for a sensitivity of 0 or outside (0, 1].
    """
    fraction("upper limit", upper)
    if not 0 < sensitivity <= 1:
        raise ValueError(f"The sensitivity must lie above 0 and be at most 1, not {sensitivity}.")
    return min(1.0, upper / sensitivity)
