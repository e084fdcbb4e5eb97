"""Queueing, running, cancelling, resuming and reaping jobs."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone

from accounts.errors import ServiceError, WrongState
from accounts.models import User
from audit.services import record
from jobs.kinds import get
from jobs.lease import Cancelled, Lease, LeaseLost, claim
from jobs.models import Job
from projects.models import Project

log = logging.getLogger("jobs")
RESEND_AFTER = timedelta(seconds=30)
# Messages of one queue that wait for a worker: enough for as many processes on any hosts.
WINDOW = 200
ROWS_AT_ONCE = 1_000


@transaction.atomic
def enqueue(
    kind: str,
    *,
    project: Project,
    subject_id: uuid.UUID,
    actor: User,
    group_id: uuid.UUID | None = None,
    total: int = 0,
    unit: str = "steps",
) -> Job:
    """Queue a job; the message leaves when the transaction commits. Holds ids only."""
    active = Job.objects.filter(kind=kind, subject_id=subject_id, state__in=Job.ACTIVE).first()
    if active:
        return active
    job = Job.objects.create(
        kind=kind,
        queue=get(kind).queue,
        project=project,
        subject_id=subject_id,
        group_id=group_id or subject_id,
        requested_by=actor,
        total=total,
        unit=unit,
        sent_at=timezone.now(),
    )
    transaction.on_commit(lambda: _send(job))
    return job


@transaction.atomic
def enqueue_all(
    kind: str,
    *,
    project: Project,
    group_id: uuid.UUID,
    totals: Mapping[uuid.UUID, int],
    actor: User,
    unit: str,
) -> None:
    """Queue one job for each subject of a group, given with its total.

    As `enqueue`, in a few statements however many there are: a large run has thousands of chunks.
    """
    active = Job.objects.filter(kind=kind, group_id=group_id, state__in=Job.ACTIVE)
    queued = set(active.values_list("subject_id", flat=True))
    queue = get(kind).queue
    Job.objects.bulk_create(
        (
            Job(
                kind=kind,
                queue=queue,
                project=project,
                subject_id=subject,
                group_id=group_id,
                requested_by=actor,
                total=total,
                unit=unit,
            )
            for subject, total in totals.items()
            if subject not in queued
        ),
        batch_size=ROWS_AT_ONCE,
    )
    transaction.on_commit(lambda: send_waiting(queue))


def send_waiting(queue: str) -> None:
    """Send queued jobs that have no message yet, up to the window of their queue.

    Each message that a worker has dealt with makes room for one, and the reaper refills what got
    lost. So thousands of chunks neither stand before the next person's import nor lie in the
    queue when their run is cancelled.
    """
    queued = Job.objects.filter(queue=queue, state=Job.State.QUEUED)
    unsent = queued.filter(sent_at=None)
    if not unsent.exists():
        return
    with transaction.atomic():
        room = max(0, WINDOW - queued.exclude(sent_at=None).count())
        # Two workers that look at once take different ones.
        jobs = list(unsent.order_by("created_at").select_for_update(skip_locked=True)[:room])
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(sent_at=timezone.now())
        transaction.on_commit(lambda: _send_all(jobs))


def _send_all(jobs: Iterable[Job]) -> None:
    for job in jobs:
        _send(job)


def _send(job: Job) -> None:
    current_app.send_task("jobs.run", args=[str(job.pk)], queue=job.queue)


def run_job(job_id: uuid.UUID) -> None:
    """Do the job if it can be claimed. Called by the queue; safe to call twice."""
    lease = claim(job_id)
    if lease is not None:
        with lease:
            outcome = _work(lease)
        if outcome is not None:
            _finish(lease, *outcome)
    for queue in Job.objects.filter(pk=job_id).values_list("queue", flat=True):
        send_waiting(queue)


def _work(lease: Lease) -> tuple[str, str, str] | None:
    """Run the kind's work; returns (state, error code, error sentence), None if the lease went."""
    kind = get(lease.job.kind)
    try:
        if lease.job.attempts > kind.max_attempts:
            raise ServiceError("The job was interrupted too often and was stopped.", code="retries")
        kind.run(lease)
    except LeaseLost:
        return None
    except Cancelled:
        return Job.State.CANCELLED, "", ""
    except ServiceError as problem:
        return Job.State.FAILED, problem.code, problem.message[:300]
    except Exception as problem:
        _log_without_content(lease.job, problem)
        sentence = (
            f"The job stopped unexpectedly ({type(problem).__name__}). What was finished is kept."
        )
        return Job.State.FAILED, "unexpected", sentence
    return Job.State.DONE, "", ""


def _log_without_content(job: Job, problem: Exception) -> None:
    """The exception's type and where it was raised; its message might quote a note."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames[-6:]))
    log.error("job %s (%s) failed: %s at %s", job.pk, job.kind, type(problem).__name__, where)


@transaction.atomic
def _finish(lease: Lease, state: str, code: str, message: str) -> None:
    job = Job.objects.select_for_update().get(pk=lease.job.pk)
    if job.lease != lease.job.lease:
        return
    job.state, job.error_code, job.error_message = state, code, message
    job.finished_at, job.lease, job.lease_until = timezone.now(), None, None
    job.save()
    _tell_end(job)


def _tell_end(job: Job) -> None:
    on_end = get(job.kind).on_end
    if on_end:
        on_end(job)


@transaction.atomic
def cancel_group(*, group_id: uuid.UUID, actor: User) -> int:
    """Cancel every active job shown under one id; running ones stop at their next step."""
    jobs = list(Job.objects.select_for_update().filter(group_id=group_id, state__in=Job.ACTIVE))
    waiting = [job for job in jobs if job.state == Job.State.QUEUED]
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(cancel_requested=True)
    Job.objects.filter(pk__in=[job.pk for job in waiting]).update(
        state=Job.State.CANCELLED, finished_at=timezone.now()
    )
    # What had not begun has no worker to say that it ended. Once a kind is enough: the jobs of a
    # group share what they are shown under.
    for job in {job.kind: job for job in waiting}.values():
        job.refresh_from_db()
        _tell_end(job)
    if not jobs:
        raise WrongState("Nothing is running any more, so nothing was cancelled.")
    record(
        "job.cancel",
        actor=actor,
        project_id=jobs[0].project_id,
        details={"kind": jobs[0].kind, "group": str(group_id), "jobs": len(jobs)},
    )
    return len(jobs)


def reap() -> int:
    """Send again what a dead worker left, and queued jobs whose message was lost.

    While a queue is at work its jobs wait their turn: sending them again and again would fill the
    queue with messages that say the same.
    """
    now = timezone.now()
    at_work = Job.objects.filter(state=Job.State.RUNNING, lease_until__gte=now).values("queue")
    with transaction.atomic():
        dead = Job.objects.select_for_update(skip_locked=True).filter(
            state=Job.State.RUNNING, lease_until__lt=now
        )
        lost = Job.objects.select_for_update(skip_locked=True).filter(
            state=Job.State.QUEUED, sent_at__lt=now - RESEND_AFTER
        )
        lost = lost.exclude(queue__in=at_work)
        found = [*dead, *lost]
        Job.objects.filter(pk__in=[job.pk for job in found]).update(sent_at=now)
    _send_all(found)
    unsent = Job.objects.filter(state=Job.State.QUEUED, sent_at=None).order_by()
    for queue in unsent.values_list("queue", flat=True).distinct():
        send_waiting(queue)
    return len(found)
