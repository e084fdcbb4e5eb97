"""What a release waits for: Expert Determinations, and passages that a person must judge."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Signature
from deid.models.runs import Run, RunNote
from projects.models import Project
from vault.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField


class ExpertDetermination(models.Model):
    """An expert's statement under 45 CFR 164.514(b)(1). It counts once a compliance officer signed
    it, until it expires or is withdrawn. What it states never changes: a renewal is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="determinations")
    number = models.PositiveIntegerField()
    # One run that it was made for; without one it covers every run of the project whose policy
    # writes surrogates with shifted dates.
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, null=True, blank=True, related_name="determinations"
    )
    expert = models.CharField(max_length=200)
    qualification = models.CharField(max_length=1000)
    method = models.CharField(max_length=2000)
    recipients = models.CharField(max_length=1000)
    covers = models.CharField(max_length=1000)
    determined_on = models.DateField()
    expires_on = models.DateField()  # its last day, as days go by UTC
    file_id = models.UUIDField()
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    salt = EncryptedBytesField()
    commitment = models.CharField(max_length=64)  # SHA-256(salt || file)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, blank=True)  # of the signed manifest
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="determination_number_once"),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("determined_on")),
                name="determination_expires_after_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"determination {self.number}"


class UniqueFlag(models.Model):
    """A passage of a run's output that may identify by a unique characteristic.

    Offsets and kind are encrypted, and no surface is stored: the text is read from the output.
    """

    class Decision(models.TextChoices):
        OPEN = "open"
        IDENTIFIES = (
            "identifies"  # hidden from the next run on, so that this run cannot be released
        )
        HARMLESS = "harmless"  # does not identify, with a reason

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="flags")
    run_note = models.ForeignKey(RunNote, on_delete=models.CASCADE, related_name="flags")
    position = models.PositiveIntegerField()  # its place among the flags of the note, from 1
    found = EncryptedJSONField()  # {start, end, kind}, offsets in the output
    # Keyed, over note, kind, the words around and the place in them: the same passage in a later
    # run is asked once.
    lookup = models.BinaryField(max_length=32)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    reason = EncryptedTextField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # The flag of an earlier run whose decision this one took over.
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["run_note", "position"]
        indexes = [
            models.Index(fields=["run", "decision", "run_note", "position"], name="flag_queue"),
            models.Index(fields=["lookup"], name="flag_lookup"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run_note", "position"], name="flag_place_once"),
            models.CheckConstraint(
                condition=Q(decision="open", decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="open"),
                name="flag_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decision="harmless") | Q(reason__isnull=False),
                name="flag_harmless_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
