"""Progress of work, as pages and the API show it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, Sum, Value, When
from django.utils import timezone

from jobs.models import Job


@dataclass(frozen=True)
class Progress:
    """Progress of all jobs shown under one id. `rate` is units a second."""

    state: str  # none, queued, running, done, failed, cancelled
    done: int
    total: int
    unit: str
    phase: str
    rate: float | None
    seconds_left: float | None
    ahead: int  # jobs before this one in its queue
    error: str

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")


NONE = Progress("none", 0, 0, "steps", "", None, None, 0, "")


def group_progress(group_id: uuid.UUID) -> Progress:
    """Progress of a group: the newest job of each subject counts."""
    newest = (
        Job.objects.filter(group_id=group_id)
        .order_by("subject_id", "kind", "-created_at")
        .distinct("subject_id", "kind")
        .values("pk")
    )
    jobs = Job.objects.filter(pk__in=newest)
    whole = Case(
        When(state=Job.State.DONE, total=0, then=Value(1)),
        default="done",
        output_field=IntegerField(),
    )
    sums = jobs.aggregate(
        count=Count("id"),
        done=Sum(whole),
        total=Sum("total"),
        queued=Count("id", filter=Q(state=Job.State.QUEUED)),
        running=Count("id", filter=Q(state=Job.State.RUNNING)),
        failed=Count("id", filter=Q(state=Job.State.FAILED)),
        cancelled=Count("id", filter=Q(state=Job.State.CANCELLED)),
        started=Min("started_at"),
        finished=Max("finished_at"),
        first_queued=Min("created_at", filter=Q(state=Job.State.QUEUED)),
    )
    if not sums["count"]:
        return NONE
    # Of the whole group: to look among the newest again would cost as much as the sums above.
    head = (
        Job.objects.filter(group_id=group_id)
        .order_by(F("started_at").desc(nulls_last=True), "-created_at")
        .first()
    )
    assert head is not None
    rate = _rate(sums["done"] or 0, sums["started"], sums["finished"], bool(sums["running"]))
    left = (sums["total"] or 0) - (sums["done"] or 0)
    failed = jobs.filter(state=Job.State.FAILED).first() if sums["failed"] else None
    return Progress(
        state=_state(sums),
        done=sums["done"] or 0,
        total=sums["total"] or 0,
        unit=head.unit,
        phase=head.phase,
        rate=rate,
        seconds_left=left / rate if rate and left > 0 and sums["running"] else None,
        ahead=_ahead(head, sums["first_queued"]) if sums["queued"] and not sums["running"] else 0,
        error=failed.error_message if failed else "",
    )


def _state(sums: dict[str, int]) -> str:
    for name in ("running", "queued", "failed", "cancelled"):
        if sums[name]:
            return name
    return "done"


def _rate(
    done: int, started: datetime | None, finished: datetime | None, running: bool
) -> float | None:
    if not started or not done:
        return None
    end = timezone.now() if running or finished is None else finished
    seconds = (end - started).total_seconds()
    return done / seconds if seconds > 0 else None


def _ahead(job: Job, queued_at: datetime) -> int:
    """Jobs of others that wait or work in the queue of this job's group, before its first."""
    return (
        Job.objects.filter(queue=job.queue, state__in=Job.ACTIVE, created_at__lt=queued_at)
        .exclude(group_id=job.group_id)
        .count()
    )
