"""An import: the encrypted upload, how its columns are read, and what became of its records."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from projects.models import Project
from vault.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField


class ImportBatch(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded"  # stored, waiting for its column mapping
        IMPORTING = "importing"
        DONE = "done"
        FAILED = "failed"
        UNREADABLE = "unreadable"  # the last look at it could not read it
        DISCARDED = "discarded"  # the upload is deleted, the row stays

    class Kind(models.TextChoices):
        CSV = "csv", "CSV table"
        JSONL = "jsonl", "JSON lines"
        ZIP = "zip", "Zip of text files"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="imports")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    # File names hold patients' names more often than not, and columns sometimes do.
    file_name = EncryptedTextField()
    mapping = EncryptedJSONField(null=True)
    file_id = models.UUIDField()
    size = models.BigIntegerField()
    salt = EncryptedBytesField()
    commitment = models.CharField(max_length=64)  # SHA-256(salt || file)
    # Records read so far, committed together with them: a killed import goes on from here.
    position = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    without_patient = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    manifest = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="import_number_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Rejection(models.Model):
    """A record that was not imported: where it stood and why, never what it said."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"
