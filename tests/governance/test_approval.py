"""Overrides, submissions and decisions, with real signatures."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import (
    InvalidInput,
    NotAllowed,
    SeparationOfDuties,
    StaleContent,
    WrongPassword,
    WrongState,
)
from accounts.models import Signature, User
from accounts.roles import Role
from audit.models import Entry
from evidence.manifests import Manifest
from evidence.pki import verify_cms
from governance.models import Decision, Override, Submission
from governance.services import decide, mark_viewed, override_gate, submit, withdraw
from governance.services.submissions import SECTIONS
from projects.services import add_member
from tests.factories.chain import (
    REASON,
    Chain,
    approved,
    decided,
    make_chain,
    make_evaluation,
    make_version,
    override_all,
    submitted,
    view_all,
)
from tests.factories.people import PASSWORD, make_member
from vault.keys import authority

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    return make_chain(failed_round=False)


def sign(submission: Submission, actor: User, verdict: str = "approve", **changes: str) -> Decision:
    values = {"reason": "", "password": PASSWORD, "shown_digest": submission.digest, **changes}
    return decide(submission=submission, actor=actor, verdict=verdict, **values)


def test_a_clinician_and_a_compliance_officer_approve_with_signatures_that_verify(
    chain: Chain,
) -> None:
    submission = approved(chain)

    assert submission.state == Submission.State.APPROVED
    assert submission.decided_at is not None
    for decision in submission.decisions.all():
        signature = decision.signature
        report = verify_cms(
            bytes(signature.manifest), bytes(signature.cms), authority().ca_certificate_pem
        )
        assert report.valid, report.problems
        assert report.meaning == "Approved"
        assert report.signer_name == decision.decided_by.full_name
        said = Manifest.from_dict(json.loads(bytes(signature.manifest)))
        assert [p.digest for p in said.parents] == [submission.digest]
        assert said.body["version"] == chain.version.digest


def test_one_approval_alone_approves_nothing(chain: Chain) -> None:
    submission = submitted(chain)
    decided(submission, chain.people.reviewer)
    submission.refresh_from_db()
    assert submission.state == Submission.State.OPEN


def test_a_rejection_closes_the_submission_and_needs_a_reason(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    with pytest.raises(InvalidInput, match="needs a reason"):
        sign(submission, chain.people.reviewer, "reject")
    sign(submission, chain.people.reviewer, "reject", reason="The plan is left out.")
    submission.refresh_from_db()
    assert submission.state == Submission.State.REJECTED
    view_all(submission, chain.people.compliance)
    with pytest.raises(WrongState, match="not open"):
        sign(submission, chain.people.compliance)


def test_the_trainer_is_refused_by_the_service_and_told_why(chain: Chain) -> None:
    submission = submitted(chain)
    trainer = chain.people.ml_admin
    add_member(
        project=chain.project, user=trainer, role=Role.COMPLIANCE, actor=chain.project.created_by
    )
    view_all(submission, trainer)
    with pytest.raises(SeparationOfDuties, match="You trained this model and evaluated it"):
        sign(submission, trainer)
    denied = Entry.objects.using("trail").filter(event="access.denied", actor_id=trainer.pk)
    refusal = denied.latest("occurred_at")
    assert refusal.reason == "separation-of-duties"


@pytest.mark.parametrize("who", ["operator", "ml_admin"])
def test_the_database_refuses_a_decision_of_somebody_who_took_part(chain: Chain, who: str) -> None:
    submission = submitted(chain)
    signature = Signature.objects.latest("signed_at")
    with pytest.raises(DatabaseError, match="cannot decide"), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            seat="clinical",
            verdict="approve",
            decided_by=getattr(chain.people, who),
            signature=signature,
        )


def test_the_database_takes_no_decision_with_somebody_elses_signature(chain: Chain) -> None:
    submission = submitted(chain)
    with pytest.raises(DatabaseError, match="signature of the person"), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            seat="clinical",
            verdict="approve",
            decided_by=chain.committee,
            signature=Signature.objects.filter(signer=chain.people.compliance).latest("signed_at"),
        )


def test_who_trained_the_version_that_this_one_continues_took_part_in_it(chain: Chain) -> None:
    first_trainer = chain.people.ml_admin
    chain.people.ml_admin = make_member(chain.project, Role.ML_ADMIN, "Second Trainer")
    dataset = chain.version.training_run.dataset
    version = make_version(chain.people, dataset, continues=chain.version)
    evaluation = make_evaluation(chain.people, version, chain.evaluation.gold_set)
    submission = submitted(chain, evaluation)
    add_member(
        project=chain.project,
        user=first_trainer,
        role=Role.COMPLIANCE,
        actor=chain.project.created_by,
    )
    with pytest.raises(SeparationOfDuties, match="version 1, which this continues"):
        sign(submission, first_trainer)
    with pytest.raises(DatabaseError, match="cannot decide"), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            seat="compliance",
            verdict="approve",
            decided_by=first_trainer,
            signature=Signature.objects.latest("signed_at"),
        )


def test_the_requester_is_refused_even_without_having_made_anything(chain: Chain) -> None:
    override_all(chain)
    requester = make_member(chain.project, Role.ML_ADMIN, "Requester")
    add_member(
        project=chain.project, user=requester, role=Role.REVIEWER, actor=chain.project.created_by
    )
    submission = submit(project=chain.project, actor=requester, evaluation=chain.evaluation)
    view_all(submission, requester)
    with pytest.raises(SeparationOfDuties, match="You submitted this version"):
        sign(submission, requester)


def test_one_person_cannot_take_both_seats(chain: Chain) -> None:
    submission = submitted(chain)
    both = chain.people.reviewer
    add_member(
        project=chain.project, user=both, role=Role.COMPLIANCE, actor=chain.project.created_by
    )
    decided(submission, both)
    first = submission.decisions.get()
    assert (
        first.signature.signer_role
        == {"clinical": "reviewer", "compliance": "compliance"}[first.seat]
    )
    with pytest.raises(WrongState, match="decided on this submission already"):
        sign(submission, both)
    other = "compliance" if first.seat == "clinical" else "clinical"
    with pytest.raises(DatabaseError, match="one_decision_per_person"), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            seat=other,
            verdict="approve",
            decided_by=both,
            signature=both.signatures.exclude(pk=first.signature_id).latest("signed_at"),
        )


def test_a_second_clinician_finds_the_seat_taken(chain: Chain) -> None:
    submission = submitted(chain)
    decided(submission, chain.people.reviewer)
    view_all(submission, chain.committee)
    with pytest.raises(WrongState, match="has been given already"):
        sign(submission, chain.committee)


def test_a_wrong_password_leaves_nothing_but_the_refusal(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    signed = Signature.objects.count()
    acts = Entry.objects.filter(outcome="success").count()
    with pytest.raises(WrongPassword), transaction.atomic():
        sign(submission, chain.people.reviewer, password="not the password at all")
    assert Signature.objects.count() == signed
    assert not submission.decisions.exists()
    assert Entry.objects.filter(outcome="success").count() == acts
    refusal = Entry.objects.using("trail").filter(event="auth.reauth", outcome="failure")
    assert refusal.filter(actor_id=chain.people.reviewer.pk).exists()


def test_a_stale_digest_is_not_signed(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    with pytest.raises(StaleContent):
        sign(submission, chain.people.reviewer, shown_digest=chain.evaluation.digest)
    assert not submission.decisions.exists()


def test_a_newer_evaluation_makes_the_submission_stale(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    make_evaluation(chain.people, chain.version, chain.evaluation.gold_set)
    with pytest.raises(StaleContent, match="Evaluation 2"):
        sign(submission, chain.people.reviewer)


@pytest.mark.parametrize("left_out", SECTIONS)
def test_every_section_is_viewed_before_anything_is_signed(chain: Chain, left_out: str) -> None:
    submission = submitted(chain)
    for section in SECTIONS:
        if section != left_out:
            mark_viewed(submission=submission, actor=chain.people.reviewer, section=section)
    with pytest.raises(WrongState, match=left_out):
        sign(submission, chain.people.reviewer)


def test_a_version_with_open_gates_is_not_submitted(chain: Chain) -> None:
    with pytest.raises(WrongState, match="ROUGE-L F1"):
        submit(project=chain.project, actor=chain.people.ml_admin, evaluation=chain.evaluation)


def test_an_override_leaves_the_gate_failed_in_the_submission(chain: Chain) -> None:
    submission = submitted(chain)
    statuses = {g["gate"]["id"]: g["status"] for g in submission.manifest["body"]["gates"]}
    assert statuses == {"dataset_size": "fail", "rouge_l": "fail"}
    assert submission.manifest["body"]["overridden"] == ["dataset_size", "rouge_l"]
    signed = set(Signature.objects.filter(kind="gate_override").values_list("manifest_digest"))
    parents = {(p["digest"],) for p in submission.manifest["parents"]}
    assert signed <= parents


def override(chain: Chain, actor: User, **changes: str) -> Override:
    values = {
        "gate_id": "rouge_l",
        "reason": REASON,
        "password": PASSWORD,
        "shown_digest": chain.evaluation.digest,
        **changes,
    }
    return override_gate(evaluation=chain.evaluation, actor=actor, **values)


def test_an_override_needs_a_reason(chain: Chain) -> None:
    with pytest.raises(InvalidInput, match="at least 20 characters"):
        override(chain, chain.people.compliance, reason="fine")
    assert not Override.objects.exists()


def test_an_override_needs_the_role_and_a_person_who_made_nothing(chain: Chain) -> None:
    with pytest.raises(NotAllowed, match="compliance officer"):
        override(chain, chain.people.reviewer)
    engineer = chain.people.operator
    add_member(
        project=chain.project, user=engineer, role=Role.COMPLIANCE, actor=chain.project.created_by
    )
    with pytest.raises(SeparationOfDuties, match="imported the notes"):
        override(chain, engineer)
    with pytest.raises(DatabaseError, match="cannot override"), transaction.atomic():
        Override.objects.create(
            evaluation=chain.evaluation,
            gate_id="rouge_l",
            reason=REASON,
            signed_by=engineer,
            signature=Signature.objects.latest("signed_at"),
        )


def test_a_gate_is_overridden_once_and_only_over_what_was_shown(chain: Chain) -> None:
    with pytest.raises(StaleContent):
        override(chain, chain.people.compliance, shown_digest="0" * 64)
    override(chain, chain.people.compliance)
    with pytest.raises(WrongState, match="already"):
        override(chain, chain.people.compliance)


def test_a_version_is_not_submitted_twice_and_can_be_withdrawn(chain: Chain) -> None:
    submission = submitted(chain)
    with pytest.raises(WrongState, match="already submitted"):
        submit(project=chain.project, actor=chain.people.ml_admin, evaluation=chain.evaluation)
    withdraw(submission=submission, actor=chain.people.ml_admin)
    again = submit(project=chain.project, actor=chain.people.ml_admin, evaluation=chain.evaluation)
    assert again.number == submission.number + 1
    view_all(submission, chain.people.reviewer)
    with pytest.raises(WrongState, match="not open"):
        sign(submission, chain.people.reviewer)


def test_decisions_cannot_be_changed_by_the_application(chain: Chain) -> None:
    submission = approved(chain)
    with pytest.raises(DatabaseError), transaction.atomic():
        submission.decisions.update(verdict="reject")


def test_no_statement_of_the_application_makes_a_version_approved(chain: Chain) -> None:
    submission = submitted(chain)
    decided(submission, chain.people.reviewer)
    with pytest.raises(DatabaseError, match="both seats"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="approved")


def test_what_was_submitted_does_not_change(chain: Chain) -> None:
    submission = submitted(chain)
    for change in ({"digest": "0" * 64}, {"manifest": {}}, {"requested_by": chain.auditor}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(**change)
