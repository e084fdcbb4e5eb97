"""Policies and runs. A finished run is frozen: a new policy needs a new run."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from deid.models.notes import Note, Patient
from projects.models import Project
from vault.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField


class PolicyVersion(models.Model):
    """A version of the project's policy. Its terms may name people or places: encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveIntegerField()
    content = EncryptedJSONField()
    salt = EncryptedBytesField()
    commitment = models.CharField(max_length=64)
    term_count = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)  # why it was made, without content
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="policy_number_once")
        ]

    def __str__(self) -> str:
        return f"policy {self.number}"


class Run(models.Model):
    class State(models.TextChoices):
        RUNNING = "running"
        CANCELLED = "cancelled"
        FAILED = "failed"
        DONE = "done"  # frozen, with a manifest
        REJECTED = "rejected"  # its sample failed
        SIGNED_OFF = "signed_off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="runs")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    note_count = models.PositiveIntegerField()
    patient_count = models.PositiveIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    engine = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)  # spans by category
    manifest = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="run_number_once")
        ]

    def __str__(self) -> str:
        return f"run {self.number}"


class Chunk(models.Model):
    """Some patients of a run: the unit that commits, and that a kill costs at most."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    patients = models.ManyToManyField(Patient, related_name="+")
    note_count = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.id)


class RunNote(models.Model):
    """A note as a run left it. Encrypted as well, since what leaked is still in it.

    `spans` is a list of {start, end, output_start, output_end, category, subtype, score,
    recognizer, rule, tag}: offsets in both texts and never a surface. Where the output has a
    surrogate, `tag` still says what stood there; the surrogate is read from `text`.
    `text` holds note and, from `summary_start` on, the summary: a reviewer reads both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="notes")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="outputs")
    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="notes")
    text = EncryptedTextField()
    summary_start = models.PositiveIntegerField(null=True)
    spans = models.JSONField(default=list)
    span_count = models.PositiveIntegerField(default=0)
    salt = EncryptedBytesField()
    commitment = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "note"], name="note_once_per_run")]

    def __str__(self) -> str:
        return str(self.id)
