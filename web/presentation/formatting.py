"""Numbers, durations and moments as people read them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone


def number(value: Any, decimals: int | None = None) -> str:
    """`1234.5` reads `1,234.5`; None reads as a dash; text stays as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    if decimals is not None:
        return f"{value:,.{int(decimals)}f}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def as_float(value: Any) -> float | None:
    try:
        return None if value is None or value == "" else float(value)
    except (TypeError, ValueError):
        return None


def duration(seconds: Any) -> str:
    """Seconds in the unit a person would use: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    amount = as_float(seconds)
    if amount is None:
        return "–"
    whole = max(0, round(amount))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole < 600 else f"{round(whole / 60)} min"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def moment(value: Any) -> str:
    """A moment with day and zone, `25 Nov 2026, 09:20 UTC`; a date without a time keeps none."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local.day} {local:%b %Y, %H:%M} {local.tzname() or ''}".strip()
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return str(value) if value else "–"


def age(value: Any) -> str:
    """How long ago, in one unit: `4 minutes ago`, `3 days ago`."""
    if not isinstance(value, datetime):
        return moment(value)
    seconds = (timezone.now() - value).total_seconds()
    if seconds < 60:
        return "just now"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"


def iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def initials(name: Any) -> str:
    """First letters of the first and the last word of a name."""
    words = [word for word in str(name or "").split() if word[0].isalpha()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
