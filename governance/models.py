"""Who decides: overrides, submissions, decisions, and the documentation package."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Signature
from projects.models import Project
from training.models import Evaluation, ModelVersion


class Override(models.Model):
    """A failed gate that an officer let pass, with a signed reason. It still reads FAIL."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="overrides")
    gate_id = models.CharField(max_length=64)
    reason = models.TextField()
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "gate_id"], name="override_once")
        ]

    def __str__(self) -> str:
        return f"override of {self.gate_id}"


class Submission(models.Model):
    """A model version put before its approvers, frozen over the digests of its evidence."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REJECTED = "rejected"
        CHANGES = "changes_requested"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="submissions"
    )
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=18, choices=State.choices, default=State.OPEN)
    statement = models.TextField(blank=True)  # what the requester says about it
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="submission_number_once"),
            models.UniqueConstraint(
                fields=["model_version"],
                condition=Q(state__in=["open", "approved"]),
                name="one_live_submission_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.number}"


class Decision(models.Model):
    """One person's signed decision on a submission. The two seats are a clinician's and a
    compliance officer's."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", "Approve"
        CONDITIONS = "conditions", "Approve with conditions"
        CHANGES = "changes", "Request changes"
        REJECT = "reject", "Reject"

    class Seat(models.TextChoices):
        CLINICAL = "clinical", "Clinician"
        COMPLIANCE = "compliance", "Compliance officer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    seat = models.CharField(max_length=12, choices=Seat.choices)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "seat"], name="one_decision_per_seat"),
            models.UniqueConstraint(
                fields=["submission", "decided_by"], name="one_decision_per_person"
            ),
            models.CheckConstraint(
                condition=Q(verdict="approve") | ~Q(reason=""),
                name="all_but_approval_need_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.decided_by_id}"


class ViewedSection(models.Model):
    """An evidence section that a person ticked as viewed on a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="viewed")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    section = models.CharField(max_length=32)
    viewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "user", "section"], name="viewed_once")
        ]

    def __str__(self) -> str:
        return self.section


class Package(models.Model):
    """The documentation package of an approved version: built once, then signed by people."""

    class State(models.TextChoices):
        BUILDING = "building"
        SIGNING = "signing"  # finished; waits for signatures
        COMPLETE = "complete"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="packages")
    number = models.PositiveIntegerField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="packages")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    manifest = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # of the manifest
    artefact = models.CharField(max_length=64, blank=True)  # the newest PDF: also its SHA-256
    built_artefact = models.CharField(max_length=64, blank=True)  # the PDF before any signature
    page_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="package_number_once")
        ]

    def __str__(self) -> str:
        return f"package {self.number}"


class PackageSignature(models.Model):
    """One signature field of the finished PDF: whom it waits for, and who signed it when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="signatures")
    field = models.CharField(max_length=40)
    role = models.CharField(max_length=32)
    expected = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    meaning = models.CharField(max_length=120, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)  # the file that was signed
    result_digest = models.CharField(max_length=64, blank=True)  # the file after signing

    class Meta:
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(fields=["package", "field"], name="signature_field_once")
        ]

    def __str__(self) -> str:
        return self.field
