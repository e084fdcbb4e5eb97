"""Who may review a run: a clinician of the project, and never the run's own operator."""

from __future__ import annotations

from accounts.errors import SeparationOfDuties
from accounts.models import User
from accounts.roles import Permission, Role
from audit.services import record_refusal
from deid.models import Run
from deid.selectors.runs import runs_worked_on_by
from projects.permissions import require


def why_not_judge(actor: User, run: Run, *, act: str) -> str:
    """Why this person cannot do an `act` that judges the run, in words; empty when they can."""
    if not runs_worked_on_by(actor).filter(pk=run.pk).exists():
        return ""
    deed = "started" if run.operator_id == actor.pk else "resumed"
    return f"You {deed} this de-identification run, so you cannot {act}. Somebody else must do it."


def require_not_operator(actor: User, run: Run, *, act: str) -> None:
    """Refuse whoever started or resumed a run an `act` that judges the run."""
    refusal = why_not_judge(actor, run, act=act)
    if not refusal:
        return
    record_refusal(
        "access.denied",
        actor=actor,
        project_id=run.project_id,
        subject=run,
        reason="separation-of-duties",
        details={"act": act},
    )
    raise SeparationOfDuties(refusal)


def require_reviewer(actor: User, run: Run) -> Role:
    role = require(actor, run.project, Permission.REVIEW_SAMPLE)
    require_not_operator(actor, run, act="review its notes")
    return role
