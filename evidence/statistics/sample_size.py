"""Smallest samples that bound a rate, fixed before anything is read.

Sources: Hanley and Lippman-Hand, JAMA 249 (1983) 1743-1745 (zero events); ISO 2859-2:2020
(limiting quality of an isolated lot, whose consumer risk is 1 - confidence).
"""

import math
from decimal import Decimal

from evidence.statistics._checks import fraction, probability, whole
from evidence.statistics.binomial import acceptance_probability
from evidence.statistics.hypergeometric import rejects


def zero_failure_sample_size(max_rate: float, confidence: float = 0.95) -> int:
    """Smallest n for which no event among n bounds the rate at ``max_rate``, binomial."""
    max_rate = probability("maximal rate", max_rate)
    alpha = 1 - probability("confidence", confidence)
    return max(1, math.ceil(math.log(alpha) / math.log1p(-max_rate)))


def limiting_quality_sample_size(
    limiting_rate: float, consumer_risk: float = 0.05, acceptance_number: int = 0
) -> int:
    """Smallest n that accepts a rate of ``limiting_rate`` with at most ``consumer_risk``."""
    probability("limiting rate", limiting_rate)
    probability("consumer risk", consumer_risk)
    acceptance_number = whole("acceptance number", acceptance_number)
    low, high = acceptance_number + 1, acceptance_number + 2
    while acceptance_probability(high, acceptance_number, limiting_rate) > consumer_risk:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if acceptance_probability(middle, acceptance_number, limiting_rate) > consumer_risk:
            low = middle + 1
        else:
            high = middle
    return low


def finite_sample_size(
    population: int, defective: int, confidence: float = 0.95, acceptance_number: int = 0
) -> int:
    """Smallest n of a population that would reject ``defective`` units in it.

    With at most ``acceptance_number`` of them found among n, the population holds fewer than
    ``defective`` ones at this confidence. Raises ``ValueError`` if ``acceptance_number`` is
    not below ``defective``: no sample, however large, could then tell.
    """
    population = whole("population", population, 1)
    defective = whole("number of defective units", defective, 1)
    acceptance_number = whole("acceptance number", acceptance_number)
    probability("confidence", confidence)
    if defective > population:
        raise ValueError("The defective units exceed the population.")
    if acceptance_number >= defective:
        raise ValueError("The acceptance number must lie below the number of defective units.")
    low, high = acceptance_number + 1, population
    while low < high:
        middle = (low + high) // 2
        if rejects(acceptance_number, population, defective, middle, confidence):
            high = middle
        else:
            low = middle + 1
    return low


def tolerated_units(population: int, max_rate: float) -> int:
    """Most units of a population that keep to ``max_rate``: its floor, in decimal arithmetic.

    Binary arithmetic would tolerate 28 of 100 at 29 %.
    """
    return int(Decimal(repr(float(max_rate))) * population)


def review_sample_size(
    population: int,
    max_rate: float,
    confidence: float = 0.95,
    min_fraction: float = 0.05,
    acceptance_number: int = 0,
) -> int:
    """How many of ``population`` to review: a share, and never fewer than the bound needs.

    n = min(N, max(ceil(f N), n0)), with n0 the smallest n that rejects floor(max_rate N)
    defective units (at least one) when ``acceptance_number`` are found. Raises ``ValueError``
    for impossible figures, and where the acceptance number alone breaks the limit.
    """
    population = whole("population", population, 1)
    probability("limit", max_rate)
    probability("confidence", confidence)
    fraction("minimal fraction", min_fraction)
    acceptance_number = whole("acceptance number", acceptance_number)
    tolerated = tolerated_units(population, max_rate)
    if acceptance_number > tolerated:
        raise ValueError(
            f"With {population} in the population, {acceptance_number} found would exceed the "
            f"limit of {max_rate:.6g} even if every one was read."
        )
    share = math.ceil(Decimal(repr(float(min_fraction))) * population)
    defective = max(1, tolerated)
    if acceptance_number == defective:
        return population
    needed = finite_sample_size(population, defective, confidence, acceptance_number)
    return min(population, max(share, needed))
