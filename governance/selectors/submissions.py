"""Reading submissions: the list, what can be submitted, and what hinders a decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from accounts.roles import Permission, someone_with
from governance.models import Decision, Override, Submission
from governance.separation import part_of
from governance.services.submissions import SEAT_OF_ROLE, newer_evaluation
from projects.models import Project
from projects.permissions import roles_in
from training.gates import open_gates
from training.models import Evaluation, ModelVersion

_DECISIONS = Prefetch(
    "decisions", queryset=Decision.objects.select_related("decided_by", "signature")
)
_OVERRIDES = Prefetch(
    "overrides", queryset=Override.objects.select_related("signature", "signed_by")
)


def submissions(project: Project) -> QuerySet[Submission]:
    return (
        Submission.objects.filter(project=project)
        .select_related("project", "model_version", "evaluation", "requested_by")
        .prefetch_related(_DECISIONS, Prefetch("evaluation__overrides", Override.objects.all()))
    )


def submission_of(project: Project, submission_id: uuid.UUID) -> Submission | None:
    """A submission of this project with all that its page shows; another's id finds nothing."""
    return (
        Submission.objects.filter(project=project, pk=submission_id)
        .select_related(
            "project",
            "requested_by",
            "evaluation__gold_set__run",
            "evaluation__started_by",
            "model_version__training_run__base",
            "model_version__training_run__started_by",
            "model_version__training_run__continues__training_run",
            "model_version__training_run__dataset__run",
            "model_version__training_run__dataset__created_by",
        )
        .prefetch_related(
            _DECISIONS,
            Prefetch(
                "evaluation__overrides",
                Override.objects.select_related("signature", "signed_by"),
            ),
        )
        .first()
    )


def evaluation_of(project: Project, evaluation_id: uuid.UUID) -> Evaluation | None:
    return (
        Evaluation.objects.filter(project=project, pk=evaluation_id)
        .select_related("project", "model_version__training_run__dataset__run", "gold_set")
        .prefetch_related(_OVERRIDES)
        .first()
    )


@dataclass(frozen=True)
class SubmitChoice:
    """A version with its newest finished evaluation, and what hinders its submission."""

    version: ModelVersion
    evaluation: Evaluation
    open_gates: list[dict[str, Any]]


def submit_choices(project: Project) -> list[SubmitChoice]:
    """Versions that were evaluated and are neither submitted nor approved, newest first."""
    evaluations = (
        Evaluation.objects.filter(project=project, state=Evaluation.State.DONE)
        .exclude(model_version__submissions__state__in=["open", "approved"])
        .select_related("project", "model_version__training_run__dataset__run", "gold_set")
        .prefetch_related(_OVERRIDES)
        .order_by("-model_version__number", "-number")
        .distinct()
    )
    newest: dict[uuid.UUID, Evaluation] = {}
    for evaluation in evaluations:
        newest.setdefault(evaluation.model_version_id, evaluation)
    return [SubmitChoice(e.model_version, e, open_gates(e)) for e in newest.values()]


def viewed_by(user: User, submission: Submission) -> set[str]:
    return set(submission.viewed.filter(user=user).values_list("section", flat=True))


def why_not_decide(user: User, submission: Submission) -> str:
    """Why this person cannot decide, in words; empty when the person can."""
    if submission.state != Submission.State.OPEN:
        return f"This submission is {submission.get_state_display().lower().replace('_', ' ')}."
    part = part_of(user, submission.model_version, submission.evaluation)
    if part:
        return f"You {part}, so you cannot approve it."
    if submission.requested_by_id == user.pk:
        return "You submitted this version, so you cannot approve it."
    seats = {SEAT_OF_ROLE[r] for r in roles_in(user, submission.project) if r in SEAT_OF_ROLE}
    if not seats:
        return f"Only {someone_with(Permission.DECIDE)} decides."
    decisions = list(submission.decisions.all())
    if any(decision.decided_by_id == user.pk for decision in decisions):
        return "You have decided on this submission already."
    if not seats - {decision.seat for decision in decisions}:
        return "The decision of your role has been given already."
    return ""


def changes_since(submission: Submission, opened: datetime) -> list[str]:
    """What happened to the submission after a page showed it, in words."""
    changes = [
        f"{decision.decided_by.full_name} decided: {decision.get_verdict_display().lower()}."
        for decision in submission.decisions.all()
        if decision.decided_at > opened
    ]
    if submission.decided_at and submission.decided_at > opened:
        changes.append(f"The submission is now {submission.get_state_display().lower()}.")
    newer = newer_evaluation(submission)
    if newer and newer.finished_at and newer.finished_at > opened:
        changes.append(f"Evaluation {newer.number} of this version has finished.")
    approved = Submission.objects.filter(
        project=submission.project_id, state=Submission.State.APPROVED, decided_at__gt=opened
    ).exclude(pk=submission.pk)
    changes += [
        f"Version {other.model_version.number} was approved, so the comparison is another one."
        for other in approved.select_related("model_version")
    ]
    return changes
