"""Days and moments of the documents, in one form and in one zone."""

from __future__ import annotations

from datetime import UTC, date, datetime


def day(value: date) -> str:
    """`25 November 2026`; a moment gives its day in UTC."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """`25 November 2026, 14:03 UTC`."""
    local = value.astimezone(UTC)
    return f"{day(local)}, {local:%H:%M} UTC"
