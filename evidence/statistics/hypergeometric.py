"""Exact bounds for a finite population from which a sample is drawn without replacement.

Source: Buonaccorsi, The American Statistician 41 (1987) 215-218: the one-sided limit is the
largest number of defective units under which the observed number is not too small.
"""

from dataclasses import dataclass

import numpy as np

from evidence.statistics._checks import count_of, probability, whole

# Relative rounding error allowed when a tail probability is compared with alpha: a population
# of 20 of which 19 are read clean lies exactly on 5 %.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class PopulationBound:
    """Upper limit for a population: at most ``defective`` units, a share of ``rate``."""

    defective: int
    rate: float
    unread: int
    """How many of the defective units may still be among those that were not read."""


def hypergeometric_cdf(found: int, population: int, defective: int, n: int) -> float:
    """P(at most ``found`` defective units in a sample of ``n``), given ``defective`` of them.

    Raises ``ValueError`` if the sample or the defective units exceed the population.
    """
    found = whole("number found", found)
    defective, population = count_of("defective units", defective, population, of="population")
    n, population = count_of("sampled units", n, population, of="population")
    fewest, most = max(0, n + defective - population), min(n, defective)
    if found >= most:
        return 1.0
    if found < fewest:
        return 0.0
    k = np.arange(fewest, found, dtype=float)
    ratios = (defective - k) * (n - k) / ((k + 1) * (population - defective - n + k + 1))
    logs = np.concatenate(([0.0], np.cumsum(np.log(ratios))))
    logs += _log_first(population, defective, n, fewest)
    return float(min(1.0, np.exp(np.logaddexp.reduce(logs))))


def _log_first(population: int, defective: int, n: int, fewest: int) -> float:
    """Log-probability of the fewest possible finds, as a product without factorials."""
    if fewest == 0:
        small, large = sorted((n, defective))
        j = np.arange(small, dtype=float)
        return float(np.sum(np.log((population - large - j) / (population - j))))
    j = np.arange(population - n, dtype=float)
    return float(np.sum(np.log((defective - j) / (population - j))))


def rejects(found: int, population: int, defective: int, n: int, confidence: float) -> bool:
    """Whether ``found`` in ``n`` speaks against ``defective`` units, with this confidence."""
    tail = hypergeometric_cdf(found, population, defective, n)
    return tail <= (1 - confidence) * (1 + _ROUNDING)


def hypergeometric_upper(
    found: int, n: int, population: int, confidence: float = 0.95
) -> PopulationBound:
    """Exact one-sided upper limit: the largest D with P(X <= found | D) above 1 - confidence.

    ``found`` defective units among ``n`` read of ``population``. Raises ``ValueError`` for
    impossible counts.
    """
    n, population = count_of("sampled units", n, population, of="population")
    found, n = count_of("defective units found", found, n)
    probability("confidence", confidence)
    low, high = found, population - (n - found)
    while low < high:
        middle = (low + high + 1) // 2
        if rejects(found, population, middle, n, confidence):
            high = middle - 1
        else:
            low = middle
    return PopulationBound(low, low / population, low - found)
