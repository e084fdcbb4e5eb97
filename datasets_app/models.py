"""What is taught: attested runs become frozen dataset versions and gold sets."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Signature
from deid.models import Patient, Run, RunNote, Sample
from projects.models import Project


class Attestation(models.Model):
    """A compliance officer's signed statement of no actual knowledge, 164.514(b)(2)(ii)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="attestation")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT)
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


class GoldSet(models.Model):
    """Notes with clinicians' summaries, frozen, whose patients no dataset may contain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gold_sets")
    number = models.PositiveIntegerField()
    task = models.CharField(max_length=24, default="note_summarisation")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="gold_sets")
    item_count = models.PositiveIntegerField()
    artefact = models.CharField(max_length=64)  # JSONL {id, cluster, prompt, reference}
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="gold_set_number_once")
        ]

    def __str__(self) -> str:
        return f"gold set {self.number}"


class GoldItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gold_set = models.ForeignKey(GoldSet, on_delete=models.PROTECT, related_name="items")
    run_note = models.ForeignKey(RunNote, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gold_set", "run_note"], name="gold_note_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class DatasetVersion(models.Model):
    """A frozen dataset: examples of one task from one attested run, split by patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="datasets")
    number = models.PositiveIntegerField()
    task = models.CharField(max_length=24, default="note_summarisation")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="datasets")
    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    train_count = models.PositiveIntegerField()
    validation_count = models.PositiveIntegerField()
    patient_count = models.PositiveIntegerField()
    excluded = models.JSONField(default=dict)  # reason -> count
    train_artefact = models.CharField(max_length=64)  # JSONL {instruction, response}
    validation_artefact = models.CharField(max_length=64)
    gate = models.JSONField()  # the size gate, as GateResult.to_dict()
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="dataset_number_once")
        ]

    def __str__(self) -> str:
        return f"dataset {self.number}"


class DatasetPatient(models.Model):
    """Which patient taught which split: from a leaked note forward to every model."""

    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="members")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    split = models.CharField(
        max_length=10, choices=[("train", "train"), ("validation", "validation")]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "patient"], name="patient_in_one_split")
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} in {self.split}"
