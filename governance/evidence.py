"""Section 7 of the package, the approval, and what the separation of duties found (section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from accounts.roles import ROLE_LABELS, Role
from evidence.dates import day, moment
from evidence.sections import (
    Block,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from governance.lineage import frozen_overrides, signatures_of
from governance.models import Decision, Submission, ViewedSection
from governance.separation import parts_in


def _submission(scope: Scope) -> Submission | None:
    found = Submission.objects.filter(project=UUID(scope.project_id)).select_related(
        "evaluation__gold_set", "model_version__training_run__dataset", "requested_by"
    )
    if scope.submission_id:
        return found.filter(pk=scope.submission_id).first()
    return found.filter(model_version=UUID(scope.model_version_id)).first()


@section_provider("approval")
def collect(scope: Scope) -> Iterator[Field]:
    submission = _submission(scope)
    if submission is None:
        return
    decisions = list(submission.decisions.select_related("signature", "decided_by"))
    yield Field("meeting.materials", "", _materials(submission, decisions), key="materials")
    if not decisions:
        return
    yield Field("decision", "", _decisions(submission, decisions), key="decision")
    yield Field("decision.conditions", "", _conditions(decisions), key="conditions")
    yield Field("decision", "", _validity(submission), key="validity")
    yield Field("signature", "", _signatures(submission), key="signatures")
    if overrides := _overrides(submission):
        yield Field("override", "Gates that failed and were overridden", overrides)


@section_provider("access")
def collect_violations(scope: Scope) -> Iterator[Field]:
    """The rules stand in `projects`; whether this version's people kept them is known here."""
    submission = _submission(scope)
    if submission is None:
        return
    makers = {*parts_in(submission.model_version), submission.requested_by_id}
    makers.add(submission.evaluation.started_by_id)
    decisions = list(submission.decisions.values_list("decided_by", flat=True))
    overrides = [override.signed_by_id for override in frozen_overrides(submission)]
    broken = sum(person in makers for person in (*decisions, *overrides))
    blocks = [
        Figure(
            "Decisions and overrides of this version by somebody who made or submitted it",
            broken,
            "violations",
            n=len(decisions) + len(overrides),
        )
    ]
    yield Field("sod_report", "", blocks, key="separation")


def _materials(submission: Submission, decisions: list[Decision]) -> list[Block]:
    seen = ViewedSection.objects.filter(
        submission=submission, user__in=[d.decided_by_id for d in decisions]
    ).select_related("user")
    rows = tuple(
        (view.user.full_name, view.section, moment(view.viewed_at))
        for view in seen.order_by("viewed_at")
    )
    blocks: list[Block] = [
        Text(f"Submission {submission.number}, frozen over these digests."),
        Evidence(f"Submission {submission.number}", submission.digest, "submission"),
        *(
            Evidence(parent["kind"].replace("_", " "), parent["digest"], parent["kind"])
            for parent in submission.manifest["parents"]
        ),
    ]
    if rows:
        blocks.append(
            Table("Parts that the deciders ticked as viewed", ("Person", "Part", "When"), rows)
        )
    return blocks


def _decisions(submission: Submission, decisions: list[Decision]) -> list[Block]:
    rows = tuple(
        (
            decision.get_seat_display(),
            decision.decided_by.full_name,
            decision.get_verdict_display(),
            moment(decision.decided_at),
            decision.reason,
        )
        for decision in decisions
    )
    head = ("Seat", "Person", "Decision", "When", "Reason")
    return [
        Text(
            f"Version {submission.model_version.number} was submitted by "
            f"{submission.requested_by.full_name} on {day(submission.requested_at)}. State of "
            f"the submission: {submission.get_state_display().lower()}. Two seats decide, a "
            "clinician's and a compliance officer's, and both have to approve."
        ),
        Table("Decisions", head, rows),
    ]


def _conditions(decisions: list[Decision]) -> list[Block]:
    conditional = [d for d in decisions if d.verdict == Decision.Verdict.CONDITIONS]
    if not conditional:
        return [Text("Nobody attached a condition.")]
    rows = tuple((d.decided_by.full_name, d.reason) for d in conditional)
    return [
        Table("Conditions as stated", ("Person", "Condition"), rows),
        Gap("Owner and due date of the conditions", "They are not recorded."),
    ]


def _validity(submission: Submission) -> list[Block]:
    blocks: list[Block] = []
    if submission.state == Submission.State.APPROVED and submission.decided_at:
        blocks.append(Text(f"Approved from {moment(submission.decided_at)}."))
    blocks.append(
        Gap("End of validity and next review", "No end and no next review were recorded.")
    )
    return blocks


def _signatures(submission: Submission) -> list[Block]:
    signed = signatures_of(submission)
    rows = tuple(
        (
            s.signer_name,
            ROLE_LABELS[Role(s.signer_role)],
            s.meaning,
            moment(s.signed_at),
        )
        for s in signed
    )
    return [
        Table("Signed on the way to this package", ("Person", "Role", "Meaning", "When"), rows),
        *(
            Evidence(f"{s.meaning}, {s.signer_name}", s.manifest_digest, f"signed {s.kind}")
            for s in signed
        ),
    ]


def _overrides(submission: Submission) -> list[Block]:
    gates = {gate["gate"]["id"]: gate for gate in submission.evaluation.gates}
    rows = tuple(
        (
            gates[o.gate_id]["gate"]["label"],
            gates[o.gate_id]["status"].upper(),
            o.signed_by.full_name,
            day(o.created_at),
            o.reason,
        )
        for o in frozen_overrides(submission)
    )
    if not rows:
        return []
    head = ("Gate", "Reads", "Overridden by", "When", "Reason")
    return [Table("Overrides. The gates still read what they read", head, rows)]
