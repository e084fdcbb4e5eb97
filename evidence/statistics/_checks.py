"""Checks of arguments. Each raises ``ValueError`` with one clear sentence."""

import math


def probability(name: str, value: float) -> float:
    """A number strictly between 0 and 1, such as a confidence or a limit."""
    if not 0 < value < 1:
        raise ValueError(f"The {name} must lie between 0 and 1, both excluded, not be {value}.")
    return float(value)


def fraction(name: str, value: float) -> float:
    """A number from 0 to 1, both included."""
    if not 0 <= value <= 1:
        raise ValueError(f"The {name} must lie between 0 and 1, not be {value}.")
    return float(value)


def whole(name: str, value: int, minimum: int = 0) -> int:
    """A whole number, at least ``minimum``."""
    if isinstance(value, bool) or not math.isfinite(value) or value != int(value):
        raise ValueError(f"The {name} must be a whole number, not {value}.")
    if value < minimum:
        raise ValueError(f"The {name} must be at least {minimum}, not {value}.")
    return int(value)


def count_of(name: str, count: int, n: int, *, of: str = "sample size") -> tuple[int, int]:
    """``count`` among ``n``: both whole, n at least 1, count at most n."""
    n = whole(of, n, 1)
    count = whole(f"number of {name}", count)
    if count > n:
        raise ValueError(f"The number of {name}, {count}, exceeds the {of}, {n}.")
    return count, n
