"""The QA sample of a frozen run, and what its reviewers found."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Signature
from deid.models.runs import Run, RunNote
from vault.fields import EncryptedTextField


class Sample(models.Model):
    class State(models.TextChoices):
        OPEN = "open"
        PASSED = "passed"  # the planned notes are read, no leak found, the bound meets the target
        FAILED = "failed"
        SIGNED_OFF = "signed_off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="samples")
    round = models.PositiveIntegerField()  # counted over the project: failed rounds stay
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    seed = models.BigIntegerField()
    population = models.PositiveIntegerField()  # notes of the run that nobody had read before
    size = models.PositiveIntegerField()
    acceptance_number = models.PositiveIntegerField()
    limit = models.FloatField()
    confidence = models.FloatField()
    plan = models.JSONField()  # the plan as stated before reading, with what 0, 1, 2 leaks mean
    result = models.JSONField(null=True)  # estimate, bound, method, source
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    drawn_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, blank=True)  # of the signed manifest

    class Meta:
        ordering = ["-round"]
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(state="open"), name="one_open_sample_per_run"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed_off") | Q(signature__isnull=False),
                name="sign_off_needs_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.round}"

    @property
    def populations(self) -> dict[str, int]:
        """Unread notes by stratum. The earliest plans knew none: their items carry no name."""
        return self.plan.get("populations") or {"": self.population}

    @property
    def sizes(self) -> dict[str, int]:
        """Notes to read by stratum."""
        return self.plan.get("sizes") or {"": self.size}


class SampleItem(models.Model):
    """One note to read, leased to one reviewer at a time: drawn by chance and in its random order,
    or mended, that is, it leaked in an earlier round and is shown again in this run's output.
    Only the drawn notes enter the statistics."""

    class Kind(models.TextChoices):
        DRAWN = "drawn"
        MENDED = "mended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="items")
    run_note = models.ForeignKey(RunNote, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.DRAWN)
    stratum = models.CharField(max_length=200, blank=True)  # as named in the plan; mended: none
    position = models.PositiveIntegerField()  # the mended notes follow the drawn ones
    decided = models.BooleanField(default=False)
    leased_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    leased_until = models.DateTimeField(null=True)
    # What the holder marked so far, so that a reloaded page loses nothing; it ends with the lease.
    draft = EncryptedTextField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "run_note"], name="note_once_per_sample"),
            models.UniqueConstraint(fields=["sample", "position"], name="position_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Review(models.Model):
    """One decision on one note. An undone decision stays and is marked; the next one counts."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept"
        FLAG = "flag"  # leaked PHI, over-redaction or both: see the findings
        SKIP = "skip"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(SampleItem, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    comment = EncryptedTextField(null=True)
    seconds = models.FloatField()
    # Accepted faster than anybody reads, and kept when the screen asked for a second look.
    kept_after_warning = models.BooleanField(default=False)
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(undone_at=None), name="one_decision_counts"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Leak(models.Model):
    """A missed identifier, by offsets in the run's output. Open until a remedy is chosen."""

    class Remedy(models.TextChoices):
        KNOWN = "known", "added to the patient's known identifiers"
        TERM = "term", "added to the policy's terms"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="leaks")
    category = models.CharField(max_length=16)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    remedy = models.CharField(max_length=8, choices=Remedy.choices, blank=True)
    remedied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    remedied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="leak_not_empty")
        ]

    def __str__(self) -> str:
        return str(self.id)


class OverRedaction(models.Model):
    """A replaced span that destroyed clinical meaning (a dose, a value, a diagnosis)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="over_redactions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.id)
