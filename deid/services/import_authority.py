"""The authority that admits psychotherapy notes or Part 2 records into an import.

Psychotherapy notes need an authorization (45 CFR 164.508(a)(2)) and substance use records the
consent or exception of 42 CFR Part 2: whether there is one a person states, by name, with the
reason and its date, and the statement goes into the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.errors import InvalidInput
from deid.importers import RESTRICTIONS

MAX_NAME = 200
MAX_REASON = 1000
_FIELDS = {"name", "reason", "date", "covers"}


def admitted_by(authority: Mapping[str, Any] | None) -> frozenset[str]:
    """The restrictions that a recorded authority lifts; none without one."""
    return frozenset(authority["covers"]) if authority else frozenset()


def checked_authority(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A complete statement, or ``None`` where none was made."""
    if not given:
        return None
    covers = given.get("covers")
    if set(given) - _FIELDS or not isinstance(covers, list | tuple):
        raise InvalidInput("The authority cannot be read. Nothing was started; state it again.")
    kinds = [kind for kind in RESTRICTIONS if kind in covers]
    if not kinds or set(covers) - set(RESTRICTIONS):
        raise InvalidInput(
            "Say whether the authority covers psychotherapy notes, Part 2 records, or both."
        )
    name, reason = (" ".join(str(given.get(key) or "").split()) for key in ("name", "reason"))
    if not name or len(name) > MAX_NAME or not reason or len(reason) > MAX_REASON:
        raise InvalidInput("An authority needs a name and a reason. Nothing was started.")
    return {"name": name, "reason": reason, "date": _day(given.get("date")), "covers": kinds}


def _day(given: object) -> str:
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        raise InvalidInput("An authority needs its date, as 2026-01-31.") from None
    if day > timezone.localdate():
        raise InvalidInput("The authority's date lies in the future. Nothing was started.")
    return day.isoformat()
