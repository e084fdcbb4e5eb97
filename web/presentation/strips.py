"""Geometry of the small strip that shows a value, its interval and its limit on one line."""

from dataclasses import dataclass

WIDTH = 200.0
MARGIN = 6.0


@dataclass(frozen=True)
class Strip:
    point: str
    low: str
    high: str
    limit: str
    tone: str
    words: str


def strip(
    value: float | None,
    low: float | None,
    high: float | None,
    limit: float | None = None,
    *,
    tone: str = "idle",
) -> Strip | None:
    """Positions on a 200-unit axis that begins at zero; None where there is nothing to draw."""
    if value is None or low is None or high is None:
        return None
    known = [number for number in (value, low, high, limit) if number is not None]
    first, last = min(0.0, *known), max(known)
    reach = (last - first) * 1.08 or 1.0

    def place(number: float | None) -> str:
        if number is None:
            return ""
        return f"{MARGIN + (number - first) / reach * (WIDTH - 2 * MARGIN):.1f}"

    words = f"value {value:g}, interval {low:g} to {high:g}"
    if limit is not None:
        words += f", limit {limit:g}"
    return Strip(place(value), place(low), place(high), place(limit), tone, words)
