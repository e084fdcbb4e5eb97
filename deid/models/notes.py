"""Patients, what is known of them, and their notes. Everything identified is encrypted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from deid.models.imports import ImportBatch
from projects.models import Project
from vault.fields import EncryptedBytesField, EncryptedTextField


class Patient(models.Model):
    """A patient of a project under a random id. `lookup` is a keyed index of the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="patients")
    key = EncryptedTextField()
    lookup = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "lookup"], name="patient_key_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class KnownIdentifier(models.Model):
    """What a structured field or a reviewer says identifies a patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="known")
    category = models.CharField(max_length=16)
    value = EncryptedTextField()
    lookup = models.BinaryField(max_length=32)
    source = models.CharField(max_length=8, choices=[("import", "import"), ("review", "review")])
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "lookup"], name="known_identifier_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Note(models.Model):
    """One version of a clinical note as it came. A changed note is a new row; the old one stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="notes")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notes")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="notes")
    external_id = EncryptedTextField()
    external_lookup = models.BinaryField(max_length=32)
    content_lookup = models.BinaryField(max_length=32)  # keyed: the same content changes nothing
    raw_text = EncryptedTextField()
    raw_summary = EncryptedTextField(null=True)  # a clinician's summary that came with the note
    author = EncryptedTextField(null=True)
    note_date = EncryptedTextField(null=True)
    note_type = models.CharField(max_length=60, blank=True)
    specialty = models.CharField(max_length=60, blank=True)
    length = models.PositiveIntegerField()
    salt = EncryptedBytesField()
    commitment = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    # A run reads the versions of its own start, however long it takes: see `notes_at`.
    replaced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "is_current"])]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "external_lookup"],
                condition=models.Q(is_current=True),
                name="one_current_version_per_note",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
