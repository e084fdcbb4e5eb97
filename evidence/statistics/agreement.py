"""Agreement of two reviewers, and what both may have missed.

Sources: Cohen, Educ. Psychol. Meas. 20 (1960) 37-46; Gwet, Br. J. Math. Stat. Psychol. 61
(2008) 29-48; Basu, Banerjee and Sen, Biometrics 56 (2000) 577-582 (intervals); Chapman, Univ.
California Publ. Statist. 1 (1951) 131-160.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evidence.statistics._checks import probability, whole
from evidence.statistics.binomial import Interval

_DRAWS, _SEED = 20_000, 1
_JEFFREYS = 0.5  # for each of the four cells


@dataclass(frozen=True)
class Agreement:
    """Observed agreement, and both coefficients with the chance agreement that they assume."""

    observed: float
    chance_kappa: float
    kappa: float | None
    """None where both reviewers always give the same single answer: kappa is then undefined."""
    chance_ac1: float
    ac1: float


def agreement(both_yes: int, only_first: int, only_second: int, both_no: int) -> Agreement:
    """Cohen's kappa and Gwet's AC1 of a two-by-two table of counts.

    AC1 stands beside kappa because kappa falls towards 0 where one answer is rare, although
    the reviewers agree. Raises ``ValueError`` if a count is negative or all are 0.
    """
    counts = [whole("count", count) for count in (both_yes, only_first, only_second, both_no)]
    n = sum(counts)
    if n == 0:
        raise ValueError("Agreement needs at least one unit that both reviewers judged.")
    observed = (both_yes + both_no) / n
    first, second = (both_yes + only_first) / n, (both_yes + only_second) / n
    chance_kappa = first * second + (1 - first) * (1 - second)
    prevalence = (first + second) / 2
    chance_ac1 = 2 * prevalence * (1 - prevalence)
    # Whole numbers decide whether chance agreement is certain; rounded ones could miss it.
    certain = both_yes == n or both_no == n
    kappa = None if certain else (observed - chance_kappa) / (1 - chance_kappa)
    return Agreement(
        observed, chance_kappa, kappa, chance_ac1, (observed - chance_ac1) / (1 - chance_ac1)
    )


@dataclass(frozen=True)
class AgreementIntervals:
    """Two-sided intervals of observed agreement, kappa and AC1."""

    observed: Interval
    kappa: Interval | None
    """None where kappa itself is undefined."""
    ac1: Interval


def agreement_intervals(
    both_yes: int, only_first: int, only_second: int, both_no: int, confidence: float = 0.95
) -> AgreementIntervals:
    """Intervals for ``agreement`` of the same counts.

    They are equal-tailed, from 20,000 draws of the table under Jeffreys' prior with a fixed seed.
    The usual standard errors would give a width of 0 where all answers agree, however few.
    Raises ``ValueError`` as ``agreement`` does.
    """
    estimate = agreement(both_yes, only_first, only_second, both_no)
    tail = (1 - probability("confidence", confidence)) / 2
    counts = np.array([both_yes, only_first, only_second, both_no]) + _JEFFREYS
    yes, first, second, no = np.random.default_rng(_SEED).dirichlet(counts, _DRAWS).T
    observed = yes + no
    first_yes, second_yes = yes + first, yes + second
    by_chance = first_yes * second_yes + (1 - first_yes) * (1 - second_yes)
    prevalence = (first_yes + second_yes) / 2
    by_gwet = 2 * prevalence * (1 - prevalence)

    def limits(values: "np.ndarray[Any, np.dtype[np.float64]]", at: float) -> Interval:
        low, high = np.quantile(values, [tail, 1 - tail])
        # Equal tails leave out an estimate that lies at the very end, such as 1.
        return min(float(low), at), max(float(high), at)

    kappa, ac1 = estimate.kappa, estimate.ac1
    return AgreementIntervals(
        limits(observed, estimate.observed),
        None if kappa is None else limits((observed - by_chance) / (1 - by_chance), kappa),
        limits((observed - by_gwet) / (1 - by_gwet), ac1),
    )


@dataclass(frozen=True)
class CaptureRecapture:
    estimated_total: float
    found: int
    estimated_missed: float


def chapman(first_found: int, second_found: int, both_found: int) -> CaptureRecapture:
    """Chapman's estimate of all leaks from what two independent reviewers found.

    Raises ``ValueError`` if the common finds exceed either reviewer's own.
    """
    first_found = whole("first reviewer's finds", first_found)
    second_found = whole("second reviewer's finds", second_found)
    both_found = whole("common finds", both_found)
    if both_found > min(first_found, second_found):
        raise ValueError("The common finds exceed what one reviewer found.")
    total = (first_found + 1) * (second_found + 1) / (both_found + 1) - 1
    found = first_found + second_found - both_found
    return CaptureRecapture(total, found, total - found)
