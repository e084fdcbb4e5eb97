"""Who did what for a submitted version, oldest first."""

from __future__ import annotations

from typing import Any

from accounts.roles import ROLE_LABELS, Role
from datasets_app.models import Attestation
from deid.models import ImportBatch, Sample
from governance.models import Decision, Submission
from training.models import Evaluation

_VERDICT_STATES = {
    Decision.Verdict.APPROVE: "approved",
    Decision.Verdict.CONDITIONS: "approved_with_conditions",
    Decision.Verdict.CHANGES: "changes_requested",
    Decision.Verdict.REJECT: "rejected",
}


def timeline_of(submission: Submission) -> list[dict[str, Any]]:
    """Events {when, act, actor, role?, detail?, state, digest?}, from import to decisions."""
    events = [
        *_data(submission),
        *_model(submission),
        *_overrides(submission.evaluation),
        {
            "when": submission.requested_at,
            "act": f"Submitted version {submission.model_version.number}",
            "actor": submission.requested_by.full_name,
            "detail": submission.statement,
            "state": "submitted",
            "digest": submission.digest,
        },
        *(_decision(decision) for decision in submission.decisions.all()),
    ]
    return sorted(events, key=lambda event: event["when"])


def _data(submission: Submission) -> list[dict[str, Any]]:
    dataset = submission.model_version.training_run.dataset
    run = dataset.run
    events: list[dict[str, Any]] = [
        {
            "when": batch.created_at,
            "act": f"Imported notes (import {batch.number})",
            "actor": batch.created_by.full_name,
            "state": "done",
            "digest": batch.digest,
        }
        for batch in ImportBatch.objects.filter(
            project=submission.project_id, state=ImportBatch.State.DONE
        ).select_related("created_by")
    ]
    rounds = Sample.objects.filter(
        run__project=submission.project_id, run__number__lte=run.number, decided_at__isnull=False
    ).select_related("run__operator", "signature")
    for sample in rounds:
        events += _round(sample)
    events += [
        _attestation(a) for a in Attestation.objects.filter(run=run).select_related("signature")
    ]
    events.append(
        {
            "when": dataset.frozen_at,
            "act": f"Froze dataset {dataset.number}",
            "actor": dataset.created_by.full_name,
            "state": "frozen",
            "digest": dataset.digest,
        }
    )
    return events


def _round(sample: Sample) -> list[dict[str, Any]]:
    run = sample.run
    events: list[dict[str, Any]] = [
        {
            "when": run.finished_at or run.started_at,
            "act": f"Ran de-identification {run.number}",
            "actor": run.operator.full_name,
            "detail": f"{run.note_count} notes",
            "state": "done",
            "digest": run.digest,
        }
    ]
    result = sample.result or {}
    found = f"{result.get('leaks', 0)} leaks in {result.get('read', 0)} notes read"
    if sample.signature:
        events.append(_signed(sample.signature, f"Signed off review round {sample.round}", found))
    else:
        events.append(
            {
                "when": sample.decided_at,
                "act": f"Review round {sample.round} failed",
                "detail": found,
                "state": "failed",
            }
        )
    return events


def _attestation(attestation: Attestation) -> dict[str, Any]:
    return _signed(attestation.signature, "Attested no actual knowledge", "", "attested")


def _signed(
    signature: Any, act: str, detail: str = "", state: str = "signed_off"
) -> dict[str, Any]:
    return {
        "when": signature.signed_at,
        "act": act,
        "actor": signature.signer_name,
        "role": ROLE_LABELS[Role(signature.signer_role)].lower(),
        "detail": detail,
        "state": state,
        "digest": signature.manifest_digest,
    }


def _model(submission: Submission) -> list[dict[str, Any]]:
    version, evaluation = submission.model_version, submission.evaluation
    run = version.training_run
    failed = sum(gate["status"] != "pass" for gate in evaluation.gates)
    return [
        {
            "when": version.created_at,
            "act": f"Trained version {version.number}",
            "actor": run.started_by.full_name,
            "detail": f"Training run {run.number}",
            "state": "done",
            "digest": version.digest,
        },
        {
            "when": evaluation.finished_at or evaluation.started_at,
            "act": f"Evaluated version {version.number}",
            "actor": evaluation.started_by.full_name,
            "detail": f"{failed} of {len(evaluation.gates)} gates did not pass" if failed else "",
            "state": "failed" if failed else "done",
            "digest": evaluation.digest,
        },
    ]


def _overrides(evaluation: Evaluation) -> list[dict[str, Any]]:
    labels = {gate["gate"]["id"]: gate["gate"]["label"] for gate in evaluation.gates}
    return [
        _signed(o.signature, f"Overrode the gate {labels[o.gate_id]}", o.reason, "overridden")
        for o in evaluation.overrides.all()
    ]


def _decision(decision: Decision) -> dict[str, Any]:
    verdict = Decision.Verdict(decision.verdict)
    return _signed(decision.signature, verdict.label, decision.reason, _VERDICT_STATES[verdict]) | {
        "role": decision.get_seat_display().lower()
    }
