"""Paired comparison of two models on the same cases.

Source: McNemar, Psychometrika 12 (1947) 153-157, with Edwards' continuity correction (1948).
"""

from dataclasses import dataclass
from typing import Literal

from scipy.special import bdtr, chdtrc

from evidence.statistics._checks import whole

_ENOUGH_FOR_CHI_SQUARED = 25


@dataclass(frozen=True)
class McNemar:
    exact_p: float
    chi_squared: float
    chi_squared_p: float
    recommended: Literal["exact", "either"]


def mcnemar(only_first_right: int, only_second_right: int) -> McNemar:
    """Two-sided test on the cases that only one of two models got right.

    The chi-squared form is good from 25 such cases on. Raises ``ValueError`` for negative counts.
    """
    first = whole("cases that only the first got right", only_first_right)
    second = whole("cases that only the second got right", only_second_right)
    n = first + second
    if n == 0:
        return McNemar(1.0, 0.0, 1.0, "exact")
    exact = min(1.0, 2 * float(bdtr(min(first, second), n, 0.5)))
    statistic = max(0, abs(first - second) - 1) ** 2 / n
    return McNemar(
        exact,
        statistic,
        float(chdtrc(1, statistic)),
        "either" if n >= _ENOUGH_FOR_CHI_SQUARED else "exact",
    )
