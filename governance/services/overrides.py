"""Overriding a failed gate: possible with a reason and a signature, and never hidden again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.signing import sign_manifest
from audit.services import record
from evidence.manifests import Manifest, Parent
from governance.models import Override, Submission
from governance.separation import refuse_makers
from projects.permissions import require
from training.models import Evaluation

MEANING = "Acknowledged a failed gate"
SHORTEST_REASON = 20


def gate_of(evaluation: Evaluation, gate_id: str) -> dict[str, Any]:
    for gate in evaluation.gates:
        if gate["gate"]["id"] == gate_id:
            return dict(gate)
    raise InvalidInput("This evaluation has no such gate.")


def why_not_override(evaluation: Evaluation) -> str:
    """Why no gate of this evaluation can be overridden any more, in words; empty if one can."""
    approved = evaluation.model_version.submissions.filter(state=Submission.State.APPROVED).first()
    if approved is None:
        return ""
    return (
        f"Version {evaluation.model_version.number} is approved already, by submission "
        f"{approved.number}: an override now would change nothing of what was decided. What a "
        "later evaluation found belongs into a new version's submission."
    )


@transaction.atomic
def override_gate(
    *,
    evaluation: Evaluation,
    gate_id: str,
    actor: User,
    reason: str,
    password: str,
    shown_digest: str,
) -> Override:
    """Let a version go on although a gate failed. The gate still reads FAIL everywhere."""
    role = require(actor, evaluation.project, Permission.OVERRIDE_GATE)
    # Locked: two officers must not override the same gate with two reasons.
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if evaluation.state != Evaluation.State.DONE:
        raise WrongState("The evaluation is not finished, so there is nothing to override yet.")
    version = evaluation.model_version
    if refusal := why_not_override(evaluation):
        raise WrongState(f"{refusal} Nothing was signed.")
    refuse_makers(actor, version, verb="override its gates", evaluation=evaluation)
    gate = gate_of(evaluation, gate_id)
    if gate["status"] == "pass":
        raise WrongState("This gate passed; there is nothing to override.")
    if evaluation.overrides.filter(gate_id=gate_id).exists():
        raise WrongState("This gate was overridden already. Nothing was changed.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(
            f"Say in at least {SHORTEST_REASON} characters why the version may go on although the "
            "gate failed. Nothing was signed."
        )
    manifest = Manifest(
        kind="gate_override",
        subject=str(evaluation.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "gate": gate,
            "reason": reason.strip(),
            "signer": str(actor.pk),
            "signer_name": actor.full_name,
            "role": role,
        },
        parents=(
            Parent("evaluation", evaluation.digest),
            Parent("model_version", version.digest),
        ),
    )
    signature = sign_manifest(
        actor=actor,
        project_id=evaluation.project_id,
        password=password,
        role=role,
        meaning=MEANING,
        manifest=manifest,
        shown_digest=shown_digest,
        subject_digest=evaluation.digest,
    )
    override = Override.objects.create(
        evaluation=evaluation,
        gate_id=gate_id,
        reason=reason.strip(),
        signature=signature,
        signed_by=actor,
    )
    record(
        "model.override",
        actor=actor,
        project_id=evaluation.project_id,
        subject=override,
        details={"gate": gate_id, "evaluation": evaluation.digest},
    )
    return override
