"""Intervals for a proportion, for sampling from a population without bound.

Sources: Clopper and Pearson, Biometrika 26 (1934) 404-413; Wilson, JASA 22 (1927) 209-212.
Only ``scipy.special`` is used: importing ``scipy.stats`` costs half a second at every start.
"""

import math

from scipy.special import bdtr, betaincinv, ndtri

from evidence.statistics._checks import count_of, probability, whole

Interval = tuple[float, float]


def clopper_pearson_upper(events: int, n: int, confidence: float = 0.95) -> float:
    """Exact one-sided upper limit of a rate, as a fraction, from ``events`` among ``n``.

    Raises ``ValueError`` for impossible counts or a confidence outside (0, 1).
    """
    events, n = count_of("events", events, n)
    alpha = 1 - probability("confidence", confidence)
    if events == n:
        return 1.0
    if events == 0:
        return -math.expm1(math.log(alpha) / n)
    return float(betaincinv(events + 1, n - events, 1 - alpha))


def clopper_pearson_lower(events: int, n: int, confidence: float = 0.95) -> float:
    """Exact one-sided lower limit of a rate, as a fraction; see ``clopper_pearson_upper``."""
    events, n = count_of("events", events, n)
    return 1 - clopper_pearson_upper(n - events, n, confidence)


def clopper_pearson_interval(events: int, n: int, confidence: float = 0.95) -> Interval:
    """Exact two-sided interval, half of the error in each tail.

    Its upper limit is not that of the one-sided bound at the same confidence.
    """
    one_sided = (1 + probability("confidence", confidence)) / 2
    return (
        clopper_pearson_lower(events, n, one_sided),
        clopper_pearson_upper(events, n, one_sided),
    )


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's two-sided score interval of a proportion, as fractions."""
    successes, n = count_of("successes", successes, n)
    z = float(ndtri((1 + probability("confidence", confidence)) / 2))
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At the ends the limit is exactly 0 or 1; rounding would leave 1e-17 of it.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


def min_successes_for_wilson(n: int, threshold: float, confidence: float = 0.95) -> int | None:
    """Fewest successes among ``n`` whose Wilson lower limit reaches ``threshold``, else None."""
    n = whole("sample size", n, 1)
    probability("threshold", threshold)
    low, high = 0, n
    if wilson_interval(n, n, confidence)[0] < threshold:
        return None
    while low < high:
        middle = (low + high) // 2
        if wilson_interval(middle, n, confidence)[0] >= threshold:
            high = middle
        else:
            low = middle + 1
    return low


def acceptance_probability(n: int, acceptance_number: int, rate: float) -> float:
    """Operating characteristic: P(at most ``acceptance_number`` events among ``n``) at ``rate``."""
    n = whole("sample size", n, 1)
    acceptance_number = whole("acceptance number", acceptance_number)
    if not 0 <= rate <= 1:
        raise ValueError(f"The rate must lie between 0 and 1, not be {rate}.")
    return 1.0 if acceptance_number >= n else float(bdtr(acceptance_number, n, rate))
