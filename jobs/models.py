"""A job: one resumable, idempotent piece of work on a queue, with a lease in the database."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from projects.models import Project


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=16)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    # What the job works on, and what it is shown under (a run's chunks share the run's id).
    subject_id = models.UUIDField()
    group_id = models.UUIDField(db_index=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=20, default="steps")
    phase = models.CharField(max_length=60, blank=True)  # what it is doing, in words
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # The lease: a worker holds it while it works and renews it with every heartbeat.
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # null: it waits for room in its queue
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)  # a sentence without content

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            # What waits stays few pages to look at, however many jobs were done.
            models.Index(
                fields=["queue", "created_at"],
                condition=models.Q(state="queued"),
                name="jobs_waiting",
            ),
        ]
        constraints = [
            # The same work is never queued twice.
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_active_job_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
