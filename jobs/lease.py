"""The lease of a running job: heartbeat, progress, and the news that someone cancelled it."""

from __future__ import annotations

import threading
import uuid
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.models import Job

LEASE = timedelta(seconds=20)
HEARTBEAT_SECONDS = 4.0


class Cancelled(Exception):
    """Someone asked for the job to stop; what is committed stays."""


class LeaseLost(Exception):
    """Another worker took the job over; this one must stop without a trace."""


def claim(job_id: uuid.UUID) -> Lease | None:
    """Take a job, or None when it is finished or another worker holds a live lease."""
    with transaction.atomic():
        # Locked before its state is judged: a redelivered message may arrive at two workers.
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        now = timezone.now()
        if job is None or job.state not in Job.ACTIVE:
            return None
        if job.lease_until and job.lease_until > now:
            return None
        job.state = Job.State.RUNNING
        job.lease, job.lease_until = uuid.uuid4(), now + LEASE
        job.started_at = job.started_at or now
        job.attempts += 1
        job.save()
    return Lease(job)


class Lease(AbstractContextManager["Lease"]):
    """Held while a worker works. Renewed by a thread, since one step may outlast the lease."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        if job.cancel_requested:  # asked while a dead worker held the lease
            self._cancelled.set()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise when the job must stop: call between two steps."""
        if self._lost.is_set():
            raise LeaseLost
        if self.cancelled:
            raise Cancelled

    def progress(self, done: int, total: int, *, unit: str = "", phase: str = "") -> None:
        """Write progress and check; a lost lease is noticed here too."""
        changes: dict[str, object] = {"done": done, "total": total}
        if unit:
            changes["unit"] = unit
        if phase:
            changes["phase"] = phase
        if not self._mine().update(**changes):
            self._lost.set()
        for name, value in changes.items():
            setattr(self.job, name, value)
        self.check()

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, lease=self.job.lease)

    def _beat(self) -> None:
        try:
            while not self._stop.wait(HEARTBEAT_SECONDS):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        renewed = self._mine().update(lease_until=timezone.now() + LEASE)
        if not renewed:
            self._lost.set()
        elif self._mine().filter(cancel_requested=True).exists():
            self._cancelled.set()
