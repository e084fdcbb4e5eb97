"""Shares as people read them."""


def percent(share: float) -> float:
    """A share as per cent with three significant digits: a small bound must not read zero."""
    return float(f"{100 * share:.3g}")


def percent_words(share: float) -> str:
    """``4.57 %``"""
    return f"{percent(share):g} %"
