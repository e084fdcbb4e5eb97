"""What is learnt: base models, training runs, model versions (the registry), evaluations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from datasets_app.models import DatasetVersion, GoldSet
from projects.models import Project


class BaseModel(models.Model):
    """A base model on this machine, by the digest of its tensors."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=120)
    licence = models.CharField(max_length=60)
    folder = models.CharField(max_length=200, blank=True)  # below the data folder's models/
    tensor_digest = models.CharField(max_length=64, blank=True)
    tokenizer_digest = models.CharField(max_length=64, blank=True)
    prepared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TrainingRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running"
        CANCELLED = "cancelled"
        FAILED = "failed"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="training_runs")
    number = models.PositiveIntegerField()
    dataset = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="training_runs"
    )
    base = models.ForeignKey(BaseModel, on_delete=models.PROTECT, related_name="training_runs")
    continues = models.ForeignKey(
        "ModelVersion", null=True, on_delete=models.PROTECT, related_name="continued_by"
    )
    config = models.JSONField()
    config_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    environment = models.JSONField(default=dict)  # hardware, libraries, dtype
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="training_run_number_once")
        ]

    def __str__(self) -> str:
        return f"training run {self.number}"


class LossPoint(models.Model):
    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="losses")
    split = models.CharField(
        max_length=10, choices=[("train", "train"), ("validation", "validation")]
    )
    step = models.PositiveIntegerField()
    loss = models.FloatField()
    tokens_per_second = models.FloatField(null=True)

    class Meta:
        ordering = ["step"]
        constraints = [
            # A resumed run repeats the steps after its checkpoint: the same step is one point.
            models.UniqueConstraint(fields=["run", "split", "step"], name="loss_point_once")
        ]

    def __str__(self) -> str:
        return f"{self.split} step {self.step}"


class ModelVersion(models.Model):
    """A version in the registry: the digests of everything it was made from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="model_versions")
    number = models.PositiveIntegerField()
    training_run = models.OneToOneField(
        TrainingRun, on_delete=models.PROTECT, related_name="model_version"
    )
    adapter_artefact = models.CharField(max_length=64)  # the folder in the artefact store
    adapter_digest = models.CharField(max_length=64)  # over the tensors
    base_digest = models.CharField(max_length=64)
    tokenizer_digest = models.CharField(max_length=64)
    manifest = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Evaluation(models.Model):
    class State(models.TextChoices):
        RUNNING = "running"
        CANCELLED = "cancelled"
        FAILED = "failed"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evaluations")
    number = models.PositiveIntegerField()
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="evaluations"
    )
    gold_set = models.ForeignKey(GoldSet, on_delete=models.PROTECT, related_name="evaluations")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    outputs_artefact = models.CharField(max_length=64, blank=True)
    base_outputs_artefact = models.CharField(max_length=64, blank=True)
    results = models.JSONField(default=dict)
    gates = models.JSONField(default=list)  # GateResult.to_dict()
    manifest = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="evaluation_number_once")
        ]

    def __str__(self) -> str:
        return f"evaluation {self.number}"
