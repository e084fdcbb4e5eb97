"""What a policy version changed, drafts of the next one, and their trials.

A trial stores differences only: offsets and masked context, encrypted. It makes no output of a
note, so that nothing of it can enter a review or a dataset.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from deid.models.notes import Note, Patient
from deid.models.runs import PolicyVersion
from projects.models import Project
from vault.fields import EncryptedJSONField


class PolicyChange(models.Model):
    """What a version changes against the one before, in counts and figures; written once."""

    version = models.OneToOneField(
        PolicyVersion, primary_key=True, on_delete=models.PROTECT, related_name="change"
    )
    lowers = models.BooleanField()  # less may be hidden than before
    summary = models.JSONField()  # see Difference.summary
    trial = models.JSONField(null=True)  # the figures of the trial that the draft was adopted with

    def __str__(self) -> str:
        return f"change of {self.version_id}"


class PolicyDraft(models.Model):
    """A policy that somebody prepares. It holds for no run until it is adopted as a version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="policy_drafts")
    number = models.PositiveIntegerField()
    base = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="drafts")
    content = EncryptedJSONField()
    note = models.CharField(max_length=200, blank=True)  # why, without content
    summary = models.JSONField()  # of the difference to the base
    lowers = models.BooleanField()
    revision = models.PositiveIntegerField(default=1)  # counts its edits
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="policy_draft_number_once")
        ]

    def __str__(self) -> str:
        return f"draft {self.number}"


class PolicyTrial(models.Model):
    """A draft beside the current version on a random sample of notes. It ends with the draft."""

    class State(models.TextChoices):
        RUNNING = "running"
        CANCELLED = "cancelled"
        FAILED = "failed"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="trials")
    number = models.PositiveIntegerField()
    against = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    seed = models.BigIntegerField()
    note_count = models.PositiveIntegerField()  # notes compared
    population = models.PositiveIntegerField()  # notes they were drawn from
    read_count = models.PositiveIntegerField()  # with the other notes of the same patients
    result = models.JSONField(null=True)  # counts by category and totals, without text
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="trial_number_once"),
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state="running"), name="one_running_trial_per_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.number}"


class TrialChunk(models.Model):
    """Some patients of a trial: the unit that commits, and that a kill costs at most."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(PolicyTrial, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    patients = models.ManyToManyField(Patient, related_name="+")
    note_count = models.PositiveIntegerField()  # notes to read
    counts = models.JSONField(null=True)  # {category: [before, after]} of the compared notes
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.id)


class TrialNote(models.Model):
    """A drawn note. `differences` is a list of {kind, start, end, category, other, recognizer,
    rule, score, before, behind}: offsets in the raw note, `before` and `behind` masked context."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(PolicyTrial, on_delete=models.CASCADE, related_name="notes")
    chunk = models.ForeignKey(TrialChunk, on_delete=models.CASCADE, related_name="notes")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    more = models.PositiveIntegerField(default=0)
    fewer = models.PositiveIntegerField(default=0)
    other = models.PositiveIntegerField(default=0)  # hidden by both, under another category
    differences = EncryptedJSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "note"], name="note_once_per_trial")
        ]

    def __str__(self) -> str:
        return str(self.id)
