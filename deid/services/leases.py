"""Leases: which note a reviewer reads next. A note is one reviewer's for 15 minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from audit.services import record
from deid.models import Review, Sample, SampleItem
from deid.services.duties import require_reviewer

LEASE = timedelta(minutes=15)


def locked_sample(sample_id: Any) -> Sample:
    # One decision of a sample at a time: the one that completes the plan must see all others.
    return (
        Sample.objects.select_for_update(of=("self",), no_key=True)
        .select_related("run__project")
        .get(pk=sample_id)
    )


@transaction.atomic
def next_items(*, sample: Sample, reviewer: User, prefetch: int = 3) -> list[SampleItem]:
    """The reviewer's next note and `prefetch` more, leased for 15 minutes in reading order.

    Notes that this reviewer skipped come last, so that somebody else meets them first.
    """
    require_reviewer(reviewer, sample.run)
    if sample.state != Sample.State.OPEN:
        return []
    now = timezone.now()
    items: list[SampleItem] = list(
        SampleItem.objects.filter(sample=sample, decided=False)
        .filter(Q(leased_to=None) | Q(leased_until__lte=now) | Q(leased_to=reviewer))
        .annotate(
            skipped=Exists(
                Review.objects.filter(
                    item=OuterRef("pk"),
                    reviewer=reviewer,
                    verdict=Review.Verdict.SKIP,
                    undone_at=None,
                )
            )
        )
        .order_by("skipped", "position")
        # Rows that somebody else is leasing at this moment are passed over, not waited for.
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("run_note__note")[: prefetch + 1]
    )
    fresh = []
    for item in items:
        held = item.leased_to_id == reviewer.pk and item.leased_until and item.leased_until > now
        if not held:
            _record_opening(item, sample, reviewer)
            item.draft = None  # somebody else's, or of a lease that ran out
            fresh.append(item.pk)
        item.leased_to, item.leased_until = reviewer, now + LEASE
    # Each row is written once: a second write in one transaction checks the foreign keys again,
    # and so waits for the lock of a decision that waits for this row.
    lease = {"leased_to": reviewer, "leased_until": now + LEASE}
    held_on = [item.pk for item in items if item.pk not in fresh]
    SampleItem.objects.filter(pk__in=fresh).update(**lease, draft=None)
    SampleItem.objects.filter(pk__in=held_on).update(**lease)
    return items


def _record_opening(item: SampleItem, sample: Sample, reviewer: User) -> None:
    # A tagged note may still hold what leaked, so that opening it is a reading of PHI.
    record(
        "qa.review",
        actor=reviewer,
        action="R",
        project_id=sample.run.project_id,
        subject=item,
        purpose="review",
        details={"round": sample.round, "position": item.position},
    )
