"""Reading the trail. Every reading of the trail is itself an entry (see the views).

Pages are cut by the key of their last row and not by a row number: the thousandth page costs what
the first does, and entries that are written meanwhile move nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from audit.models import Entry, Seal


@dataclass(frozen=True)
class Wanted:
    """Which entries: of one project, or (None) those of the installation that have no project."""

    project_id: uuid.UUID | None
    event: str = ""
    person: uuid.UUID | None = None
    outcome: str = ""
    kind: str = ""  # what it was done to, as a model's label
    subject: str = ""  # the id of one such thing
    since: datetime | None = None
    before: datetime | None = None

    def narrowed(self) -> dict[str, str]:
        """What was asked for beyond the whole trail, as plain text."""
        values = {
            "event": self.event,
            "person": self.person,
            "outcome": self.outcome,
            "kind": self.kind,
            "subject": self.subject,
            "since": self.since and self.since.isoformat(),
            "before": self.before and self.before.isoformat(),
        }
        return {key: str(value) for key, value in values.items() if value}


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """The entries asked for, newest first."""
    found = Entry.objects.filter(project_id=wanted.project_id)
    exact = {
        "event": wanted.event,
        "actor_id": wanted.person,
        "outcome": wanted.outcome,
        "object_type": wanted.kind,
        "object_id": wanted.subject,
        "occurred_at__gte": wanted.since,
        "occurred_at__lt": wanted.before,
    }
    found = found.filter(**{key: value for key, value in exact.items() if value})
    return found.order_by("-occurred_at", "-id")


@dataclass(frozen=True)
class Key:
    """A place in the trail: between two entries, just before or after this one."""

    occurred_at: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.occurred_at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """What `str` wrote; None for anything else, which is the newest page."""
        moment, _, identity = text.partition("~")
        try:
            found = cls(datetime.fromisoformat(moment), uuid.UUID(identity))
        except ValueError:
            return None
        return found if found.occurred_at.tzinfo else None

    @classmethod
    def of(cls, entry: Entry) -> Key:
        return cls(entry.occurred_at, entry.id)


@dataclass(frozen=True)
class TrailPage:
    """Entries newest first, and the keys of the pages around them, None at an end."""

    entries: Sequence[Entry]
    older: Key | None
    newer: Key | None


def trail_page(
    wanted: Wanted, size: int, *, older_than: Key | None = None, newer_than: Key | None = None
) -> TrailPage:
    found = entries(wanted).select_related("seal")
    if newer_than:
        later = _beyond(newer_than, "gt")
        rows = list(found.filter(later).order_by("occurred_at", "id")[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        if len(rows) == size or not rows:
            return TrailPage(rows, Key.of(rows[-1]) if rows else None, _if(more, rows, 0))
        # Fewer than a page lie before it: the newest page is shown whole.
        older_than = None
    if older_than:
        found = found.filter(_beyond(older_than, "lt"))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return TrailPage(rows, _if(more, rows, -1), _if(bool(older_than), rows, 0))


def _beyond(key: Key, way: str) -> Q:
    same = Q(occurred_at=key.occurred_at, **{f"id__{way}": key.id})
    # The first condition says the same again, in the form that an index can start from.
    return Q(**{f"occurred_at__{way}e": key.occurred_at}) & (
        Q(**{f"occurred_at__{way}": key.occurred_at}) | same
    )


def _if(condition: bool, rows: Sequence[Entry], place: int) -> Key | None:
    return Key.of(rows[place]) if condition and rows else None


def head() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def unsealed_count() -> int:
    """Entries without a seal: each seal is of one entry and their numbers have no gaps."""
    last = head()
    return max(0, Entry.objects.count() - (last.number if last else 0))
