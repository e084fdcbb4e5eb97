"""What a rollout refuses, in the service and again in the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import InvalidInput, NotAllowed, SeparationOfDuties, WrongState
from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from deployment.models import Deployment, Target
from deployment.services import create_target, deploy, issue_key, roll_back
from governance.models import Submission
from tests.factories.chain import (
    Chain,
    approved,
    make_chain,
    make_evaluation,
    make_version,
    override_all,
    submitted,
)
from tests.factories.rollouts import make_live, make_target
from training.models import ModelVersion
from vault import artefacts

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


@pytest.fixture
def target(chain: Chain) -> Target:
    return make_target(chain)


def start(chain: Chain, target: Target, actor: User | None = None) -> Deployment:
    return deploy(target=target, model_version=chain.version, actor=actor or chain.people.ml_admin)


def insert(target: Target, submission: Submission, version: ModelVersion, by: User) -> None:
    """A row as somebody with the application's role could write it past the service."""
    with transaction.atomic():
        Deployment.objects.create(
            target=target, number=9, kind="promote", model_version=version,
            submission=submission, started_by=by,
        )  # fmt: skip


def test_an_unapproved_version_is_refused_at_every_state_of_its_submission(
    chain: Chain, target: Target
) -> None:
    with pytest.raises(WrongState, match="Version 1 is not approved"):
        start(chain, target)
    submission = submitted(chain)
    with pytest.raises(WrongState, match="not approved"):
        start(chain, target)
    with pytest.raises(DatabaseError, match="only an approved version is deployed"):
        insert(target, submission, chain.version, chain.people.ml_admin)
    assert not Deployment.objects.exists()


def test_an_approval_does_not_cover_another_version(chain: Chain, target: Target) -> None:
    submission = approved(chain)
    other = make_version(chain.people, chain.version.training_run.dataset)
    with pytest.raises(DatabaseError, match="only an approved version is deployed"):
        insert(target, submission, other, chain.people.ml_admin)


def test_whoever_approved_cannot_deploy(chain: Chain, target: Target) -> None:
    submission = approved(chain)
    approver = chain.people.compliance
    chain.project.memberships.create(user=approver, role=Role.ML_ADMIN)
    with pytest.raises(SeparationOfDuties, match="You approved this version"):
        start(chain, target, approver)
    denied = Entry.objects.using("trail").filter(project_id=chain.project.pk)
    assert denied.filter(event="access.denied", reason="separation-of-duties").exists()
    with pytest.raises(DatabaseError, match="who approved a version cannot deploy it"):
        insert(target, submission, chain.version, approver)


def test_only_an_ml_administrator_deploys(chain: Chain, target: Target) -> None:
    approved(chain)
    for person in (chain.people.operator, chain.auditor, chain.committee):
        with pytest.raises(NotAllowed):
            start(chain, target, person)
        with pytest.raises(NotAllowed):
            create_target(project=chain.project, actor=person, alias="x")
        with pytest.raises(NotAllowed):
            issue_key(project=chain.project, actor=person, name="EHR")


def test_a_swapped_adapter_file_is_refused(chain: Chain, target: Target) -> None:
    approved(chain)
    weights = artefacts.path_of(chain.version.adapter_artefact) / "adapter_model.safetensors"
    weights.write_text("the weights of somebody else")
    with pytest.raises(WrongState, match="not the ones that were approved"):
        start(chain, target)


def test_a_record_that_was_changed_after_the_approval_is_refused(
    chain: Chain, target: Target
) -> None:
    approved(chain)
    # The database lets nobody change the row; a superuser or a restored backup could.
    chain.version.manifest["body"]["adapter_digest"] = "0" * 64
    with pytest.raises(WrongState, match="record of this version was changed"):
        start(chain, target)
    assert not Deployment.objects.exists()


def test_a_missing_adapter_is_refused(chain: Chain, target: Target) -> None:
    approved(chain)
    folder = artefacts.path_of(chain.version.adapter_artefact)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(WrongState, match="bring them back from the backup"):
        start(chain, target)


def test_a_version_of_another_project_is_refused(chain: Chain, target: Target) -> None:
    other = make_chain(failed_round=False)
    with pytest.raises(InvalidInput, match="same project"):
        start(other, target, chain.people.ml_admin)


def test_one_rollout_at_a_time_and_nothing_twice(chain: Chain, target: Target) -> None:
    submission = approved(chain)
    start(chain, target)
    with pytest.raises(WrongState, match="under way"):
        start(chain, target)
    with pytest.raises(DatabaseError), transaction.atomic():
        insert(target, submission, chain.version, chain.people.ml_admin)
    Deployment.objects.update(state=Deployment.State.LIVE)
    with pytest.raises(WrongState, match="live on this target already"):
        start(chain, target)


def test_a_roll_back_needs_an_earlier_version_its_number_and_a_reason(chain: Chain) -> None:
    live = make_live(chain, approved(chain))
    actor = chain.people.ml_admin
    with pytest.raises(WrongState, match="no way back"):
        roll_back(target=live.target, actor=actor, reason="x", typed_number="1")
    version = make_version(chain.people, chain.version.training_run.dataset)
    evaluation = make_evaluation(chain.people, version, chain.evaluation.gold_set)
    make_live(chain, approved(chain, evaluation), live.target)
    with pytest.raises(InvalidInput, match="Type the number of the version to return to, 1"):
        roll_back(target=live.target, actor=actor, reason="x", typed_number="2")
    with pytest.raises(InvalidInput, match="needs a reason"):
        roll_back(target=live.target, actor=actor, reason=" ", typed_number="1")
    with pytest.raises(DatabaseError), transaction.atomic():
        Deployment.objects.create(
            target=live.target, number=9, kind="rollback", model_version=chain.version,
            submission=live.submission, started_by=actor, reason="",
        )  # fmt: skip
    started = roll_back(target=live.target, actor=actor, reason="x", typed_number=" 1 ")
    assert started.model_version == chain.version


def test_an_alias_is_taken_once_in_the_whole_installation(chain: Chain, target: Target) -> None:
    other = make_chain(failed_round=False)
    with pytest.raises(InvalidInput, match="is taken"):
        make_target(other, target.alias)
    with pytest.raises(InvalidInput, match="letters, digits or hyphens"):
        make_target(other, "***")


def test_an_override_alone_deploys_nothing(chain: Chain, target: Target) -> None:
    override_all(chain)
    with pytest.raises(WrongState, match="not approved"):
        start(chain, target)
