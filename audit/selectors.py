"""Reading the trail. Every reading of the trail is itself an entry (see the view)."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from audit.models import Entry, Seal


def entries(*, project_id: uuid.UUID | None = None, event: str = "") -> QuerySet[Entry]:
    found = Entry.objects.select_related("seal")
    if project_id:
        found = found.filter(project_id=project_id)
    if event:
        found = found.filter(event__startswith=event)
    return found


def unsealed_count() -> int:
    return Entry.objects.filter(seal=None).count()


def head() -> Seal | None:
    return Seal.objects.order_by("-number").first()
