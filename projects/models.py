"""The frame of the work: a project, who is in it, and its delivery phases."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.roles import ROLE_LABELS, Role


class Project(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    purpose = models.TextField(blank=True)  # intended use, in the words of the hospital
    # What the QA sample must show before a run can be signed off.
    leak_limit = models.FloatField(
        default=0.05, validators=[MinValueValidator(0.0001), MaxValueValidator(0.5)]
    )
    confidence = models.FloatField(
        default=0.95, validators=[MinValueValidator(0.5), MaxValueValidator(0.9999)]
    )
    sample_fraction = models.FloatField(
        default=0.05, validators=[MinValueValidator(0.05), MaxValueValidator(1.0)]
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:overview", args=[self.slug])


class Membership(models.Model):
    """A role in a project. Ended, never deleted: who could do what stays answerable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=[(r.value, ROLE_LABELS[r]) for r in Role])
    is_chair = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role", "started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "role"],
                condition=models.Q(ended_at=None),
                name="one_live_membership_per_role",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.SYSADMIN), name="sysadmin_is_not_a_project_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.project_id}"


class DeliveryPhase(models.Model):
    """One of the guide's five phases, with the weeks it is planned for."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    planned_weeks = models.CharField(max_length=20)
    started_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="phase_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
