"""Reading what was read: a round's notes with their decisions, and who read how long."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from deid.models import Review, Sample, SampleItem
from deid.selectors.reviews import decided


def read_notes(sample: Sample) -> QuerySet[SampleItem]:
    """The notes that somebody read, in reading order, each with its decisions, the latest first.
    No text of a note is decrypted."""
    reviews = (
        Review.objects.select_related("reviewer")
        .prefetch_related("leaks", "over_redactions")
        .order_by("-decided_at")
    )
    return (
        sample.items.filter(Exists(Review.objects.filter(item=OuterRef("pk"))))
        .order_by("position")
        .prefetch_related(Prefetch("reviews", reviews))
    )


def read_note(sample: Sample, item_id: uuid.UUID) -> SampleItem | None:
    """One note of the round that somebody decided, with the note itself."""
    found = read_notes(sample).select_related("run_note__run__project")
    return found.filter(pk=item_id, decided=True).first()


def readers(sample: Sample) -> list[dict[str, Any]]:
    """For each reviewer: notes, seconds, and how many decisions were kept after a warning."""
    counted = (
        decided(sample)
        .values(name=F("reviewer__full_name"))
        .annotate(
            notes=Count("pk"),
            seconds=Sum("seconds"),
            kept=Count("pk", filter=Q(kept_after_warning=True)),
        )
        .order_by("name")
    )
    return [dict(row) for row in counted]


def notes_left_for(user: User) -> Q:
    """Which items of a sample this reviewer could be given now, as a filter over `items`."""
    free = Q(items__leased_to=None) | Q(items__leased_to=user)
    return Q(items__decided=False) & (free | Q(items__leased_until__lte=timezone.now()))
