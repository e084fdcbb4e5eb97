"""Submitting a version, and deciding on it: two seats, two signatures, one frozen digest."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import InvalidInput, StaleContent, WrongState
from accounts.models import User
from accounts.roles import Permission, Role
from accounts.signing import sign_manifest
from audit.services import record
from evidence.manifests import Manifest, Parent
from governance.models import Decision, Submission, ViewedSection
from governance.separation import refuse, refuse_makers
from projects.models import Project
from projects.permissions import require, roles_in
from training.gates import open_gates
from training.models import Evaluation, ModelVersion

SEAT_OF_ROLE = {
    Role.REVIEWER: Decision.Seat.CLINICAL,
    Role.COMMITTEE: Decision.Seat.CLINICAL,
    Role.COMPLIANCE: Decision.Seat.COMPLIANCE,
}
MEANINGS = {
    Decision.Verdict.APPROVE: "Approved",
    Decision.Verdict.CONDITIONS: "Approved with conditions",
    Decision.Verdict.CHANGES: "Requested changes",
    Decision.Verdict.REJECT: "Rejected",
}
APPROVING = (Decision.Verdict.APPROVE, Decision.Verdict.CONDITIONS)
# (verdict) -> the submission's state when it is given; approval needs every seat.
STATE_AFTER = {
    Decision.Verdict.CHANGES: Submission.State.CHANGES,
    Decision.Verdict.REJECT: Submission.State.REJECTED,
}
# What an approver ticks as viewed before the decision bar signs anything.
SECTIONS = ("change", "gates", "evidence", "people")


@transaction.atomic
def submit(
    *, project: Project, actor: User, evaluation: Evaluation, statement: str = ""
) -> Submission:
    """Put an evaluated version before its approvers, frozen over the digests of its evidence."""
    require(actor, project, Permission.SUBMIT)
    Project.objects.select_for_update().get(pk=project.pk)
    if evaluation.project_id != project.pk or evaluation.state != Evaluation.State.DONE:
        raise WrongState("Only a finished evaluation of this project can be submitted.")
    version = evaluation.model_version
    _refuse_open_gates(evaluation)
    if version.submissions.filter(state__in=["open", "approved"]).exists():
        raise WrongState("This version is already submitted or approved. Nothing was changed.")
    manifest = _submission_manifest(version, evaluation, actor, statement)
    last = project.submissions.aggregate(last=Max("number"))["last"] or 0
    submission = Submission.objects.create(
        project=project,
        number=last + 1,
        model_version=version,
        evaluation=evaluation,
        statement=statement,
        manifest=manifest.to_dict(),
        digest=manifest.digest,
        requested_by=actor,
    )
    record(
        "model.submit",
        actor=actor,
        project_id=project.pk,
        subject=submission,
        details={"digest": manifest.digest, "version": version.digest},
    )
    return submission


def _refuse_open_gates(evaluation: Evaluation) -> None:
    labels = [gate["label"] for gate in open_gates(evaluation)]
    if labels:
        raise WrongState(
            f"These gates did not pass: {', '.join(labels)}. A compliance officer who took no "
            "part in the version may override them with a reason; until then it stays here."
        )


def _submission_manifest(
    version: ModelVersion, evaluation: Evaluation, actor: User, statement: str
) -> Manifest:
    overrides = evaluation.overrides.select_related("signature")
    parents = [
        Parent("model_version", version.digest),
        Parent("evaluation", evaluation.digest),
        *(Parent("gate_override", override.signature.manifest_digest) for override in overrides),
    ]
    return Manifest(
        kind="submission",
        subject=str(version.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "version": version.number,
            "requested_by": str(actor.pk),
            "requested_by_name": actor.full_name,
            "statement": statement,
            "gates": evaluation.gates,
            "overridden": sorted(override.gate_id for override in overrides),
        },
        parents=tuple(parents),
    )


@transaction.atomic
def withdraw(*, submission: Submission, actor: User) -> None:
    require(actor, submission.project, Permission.SUBMIT)
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if locked.state != Submission.State.OPEN:
        raise WrongState("Only an open submission can be withdrawn.")
    locked.state, locked.decided_at = Submission.State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "decided_at"])
    record(
        "model.submit",
        actor=actor,
        project_id=locked.project_id,
        subject=locked,
        reason="withdrawn",
    )


@transaction.atomic
def mark_viewed(*, submission: Submission, actor: User, section: str) -> None:
    """Tick an evidence section as viewed."""
    require(actor, submission.project, Permission.VIEW_PROJECT)
    if section not in SECTIONS:
        raise InvalidInput("There is no such section.")
    ViewedSection.objects.get_or_create(submission=submission, user=actor, section=section)


def seat_for(actor: User, submission: Submission) -> tuple[Decision.Seat, Role]:
    """The free seat the person may take and under which role; raises when there is none."""
    require(actor, submission.project, Permission.DECIDE)
    held = {
        SEAT_OF_ROLE[role]: role
        for role in sorted(roles_in(actor, submission.project))
        if role in SEAT_OF_ROLE
    }
    taken = set(submission.decisions.values_list("seat", flat=True))
    if submission.decisions.filter(decided_by=actor).exists():
        raise WrongState("You have decided on this submission already.")
    free = sorted(set(held) - taken)
    if not free:
        raise WrongState("The decision of your role has been given already.")
    return free[0], held[free[0]]


@transaction.atomic
def decide(
    *,
    submission: Submission,
    actor: User,
    verdict: str,
    reason: str,
    password: str,
    shown_digest: str,
) -> Decision:
    """Give and sign one decision. With both seats approving, the version is approved."""
    require(actor, submission.project, Permission.DECIDE)
    # Locked: the second seat's approval and a rejection must not cross.
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if submission.state != Submission.State.OPEN:
        raise WrongState("This submission is not open any more. Nothing was signed.")
    _refuse_participants(actor, submission)
    _refuse_outdated(submission)
    chosen = _verdict(verdict, reason)
    _refuse_unviewed(actor, submission)
    seat, role = seat_for(actor, submission)
    signature = sign_manifest(
        actor=actor,
        project_id=submission.project_id,
        password=password,
        role=role,
        meaning=MEANINGS[chosen],
        manifest=_decision_manifest(submission, actor, chosen, reason, seat, role),
        shown_digest=shown_digest,
        subject_digest=submission.digest,
    )
    decision = Decision.objects.create(
        submission=submission,
        seat=seat,
        verdict=chosen,
        reason=reason.strip(),
        decided_by=actor,
        signature=signature,
    )
    _advance(submission, chosen)
    record(
        "model.approve",
        actor=actor,
        project_id=submission.project_id,
        subject=submission,
        details={"verdict": chosen.value, "seat": seat.value, "digest": submission.digest},
    )
    return decision


def _refuse_participants(actor: User, submission: Submission) -> None:
    version = submission.model_version
    refuse_makers(actor, version, verb="approve it", evaluation=submission.evaluation)
    if submission.requested_by_id == actor.pk:
        refuse(actor, version, "You submitted this version, so you cannot approve it.")


def _refuse_outdated(submission: Submission) -> None:
    newer = newer_evaluation(submission)
    if newer:
        raise StaleContent(
            f"Evaluation {newer.number} of this version finished after the submission, so what you "
            "would sign is not the newest evidence. Nothing was signed; ask the ML administrator "
            "to withdraw this submission and to submit the new evaluation."
        )


def newer_evaluation(submission: Submission) -> Evaluation | None:
    """A finished evaluation of the version that the submission does not know of."""
    return (
        submission.model_version.evaluations.filter(
            state=Evaluation.State.DONE, number__gt=submission.evaluation.number
        )
        .order_by("-number")
        .first()
    )


def _verdict(verdict: str, reason: str) -> Decision.Verdict:
    if verdict not in Decision.Verdict.values:
        raise InvalidInput("Choose one of the four decisions. Nothing was signed.")
    chosen = Decision.Verdict(verdict)
    if chosen != Decision.Verdict.APPROVE and not reason.strip():
        raise InvalidInput("Everything but a plain approval needs a reason. Nothing was signed.")
    return chosen


def _refuse_unviewed(actor: User, submission: Submission) -> None:
    seen = set(submission.viewed.filter(user=actor).values_list("section", flat=True))
    missing = [section for section in SECTIONS if section not in seen]
    if missing:
        names = ", ".join(missing)
        raise WrongState(f"Not yet ticked as viewed: {names}. Look first; nothing was signed.")


def _decision_manifest(
    submission: Submission,
    actor: User,
    verdict: Decision.Verdict,
    reason: str,
    seat: Decision.Seat,
    role: Role,
) -> Manifest:
    return Manifest(
        kind="decision",
        subject=str(submission.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "verdict": verdict.value,
            "reason": reason.strip(),
            "seat": seat.value,
            "decided_by": str(actor.pk),
            "decided_by_name": actor.full_name,
            "role": role,
            "version": submission.model_version.digest,
        },
        parents=(Parent("submission", submission.digest),),
    )


def _advance(submission: Submission, verdict: Decision.Verdict) -> None:
    given = submission.decisions.filter(verdict__in=APPROVING).values_list("seat", flat=True)
    if verdict in STATE_AFTER:
        submission.state = STATE_AFTER[verdict]
    elif set(given) == set(Decision.Seat.values):
        submission.state = Submission.State.APPROVED
    else:
        return
    submission.decided_at = timezone.now()
    submission.save(update_fields=["state", "decided_at"])
