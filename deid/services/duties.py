"""Who may review a run: a clinician of the project, and never the run's own operator."""

from __future__ import annotations

from accounts.errors import SeparationOfDuties
from accounts.models import User
from accounts.roles import Permission, Role
from audit.services import record_refusal
from deid.models import Run
from jobs.models import Job
from projects.permissions import require


def worked_off(actor: User, run: Run) -> bool:
    """Whether the person started the run or resumed it."""
    resumed = Job.objects.filter(group_id=run.pk, requested_by=actor)
    return run.operator_id == actor.pk or resumed.exists()


def require_not_operator(actor: User, run: Run, *, act: str) -> None:
    """Refuse whoever started or resumed a run an `act` that judges the run."""
    if not worked_off(actor, run):
        return
    record_refusal(
        "access.denied",
        actor=actor,
        project_id=run.project_id,
        subject=run,
        reason="separation-of-duties",
        details={"act": act},
    )
    deed = "started" if run.operator_id == actor.pk else "resumed"
    raise SeparationOfDuties(
        f"You {deed} this de-identification run, so you cannot {act}. Somebody else must do it."
    )


def require_reviewer(actor: User, run: Run) -> Role:
    role = require(actor, run.project, Permission.REVIEW_SAMPLE)
    require_not_operator(actor, run, act="review its notes")
    return role
