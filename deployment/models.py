"""Where models run: targets, deployments with their receipts, and integration keys."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from governance.models import Submission
from projects.models import Project
from training.models import ModelVersion


class Target(models.Model):
    """A place to run models, reached by an alias through the gateway."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="targets")
    alias = models.SlugField(unique=True)  # the `model` name that hospital systems send
    backend = models.CharField(
        max_length=16, default="transformers", choices=[("transformers", "Embedded transformers")]
    )
    advisory = models.CharField(
        max_length=160, default="Advisory only: a clinician decides. Check against the record."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["alias"]

    def __str__(self) -> str:
        return self.alias


class Deployment(models.Model):
    """One change of what a target serves, with the receipt that says what really answered."""

    class State(models.TextChoices):
        ROLLING = "rolling"
        LIVE = "live"
        FAILED = "failed"  # reverted to what was live before
        REPLACED = "replaced"
        ROLLED_BACK = "rolled_back"

    class Kind(models.TextChoices):
        PROMOTE = "promote", "Promotion"
        ROLLBACK = "rollback", "Roll-back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="deployments")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="deployments"
    )
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="deployments")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ROLLING)
    reason = models.TextField(blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)
    receipt_digest = models.CharField(max_length=64, blank=True)
    receipt_seal = models.BinaryField(null=True)  # installation key over the receipt

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="deployment_number_once"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="live"), name="one_live_version_per_target"
            ),
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="rolling"), name="one_rollout_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(kind="promote") | ~Q(reason=""), name="rollback_needs_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"deployment {self.number}"


class Integration(models.Model):
    """A hospital system that may ask the gateway. The key is shown once; its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="integrations")
    name = models.CharField(max_length=60)
    key_digest = models.CharField(max_length=64, unique=True)
    key_hint = models.CharField(max_length=8)  # its last four characters
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "created_at"]

    def __str__(self) -> str:
        return self.name
