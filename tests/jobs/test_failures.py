"""What failed stands in the trail as a failure, with its code, whatever kind of job it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from audit.models import Entry
from deid.services import start_import, start_run
from deployment.models import Deployment
from deployment.services import deploy, roll_back
from governance.services import build_package
from jobs import services
from jobs.models import Job
from tests.factories.chain import Chain, approved, make_chain, make_evaluation, make_version
from tests.factories.deid import MAPPING, Scene, csv_of, make_batch, note_row
from tests.factories.people import signed_in
from tests.factories.rollouts import make_live, make_target
from training.services import start_evaluation, start_training

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Chain:
    monkeypatch.setattr(services, "_send", lambda job: None)
    return make_chain(failed_round=False)


def start_an_import(chain: Chain) -> uuid.UUID:
    scene = Scene(chain.project, chain.people.operator)
    batch = make_batch(scene, csv_of([note_row(1)]))
    start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    return batch.pk


def start_a_run(chain: Chain) -> uuid.UUID:
    return start_run(project=chain.project, actor=chain.people.operator).pk


def start_a_training(chain: Chain) -> uuid.UUID:
    dataset = chain.version.training_run.dataset
    return start_training(project=chain.project, actor=chain.people.ml_admin, dataset=dataset).pk


def start_an_evaluation(chain: Chain) -> uuid.UUID:
    return start_evaluation(
        project=chain.project,
        actor=chain.people.ml_admin,
        model_version=chain.version,
        gold_set=chain.evaluation.gold_set,
    ).pk


def start_a_package(chain: Chain) -> uuid.UUID:
    submission, actor = approved(chain), chain.people.ml_admin
    return build_package(project=chain.project, actor=actor, submission=submission).pk


def start_a_rollout(chain: Chain) -> uuid.UUID:
    version = approved(chain).model_version
    return deploy(target=make_target(chain), model_version=version, actor=chain.people.ml_admin).pk


def start_a_roll_back(chain: Chain) -> uuid.UUID:
    live = make_live(chain, approved(chain))
    version = make_version(chain.people, chain.version.training_run.dataset)
    evaluation = make_evaluation(chain.people, version, chain.evaluation.gold_set)
    make_live(chain, approved(chain, evaluation), live.target)
    return roll_back(
        target=live.target, actor=chain.people.ml_admin, reason="Worse.", typed_number="1"
    ).pk


STARTS = [
    (start_an_import, "phi.import"),
    (start_a_run, "deid.run"),
    (start_a_training, "train.fail"),
    (start_an_evaluation, "eval.run"),
    (start_a_package, "package.generate"),
    (start_a_rollout, "model.deploy"),
    (start_a_roll_back, "model.rollback"),
]


@pytest.mark.parametrize(("start", "event"), STARTS)
def test_a_failed_job_is_a_failure_in_the_trail_and_on_its_page(
    chain: Chain, start: Callable[[Chain], uuid.UUID], event: str
) -> None:
    subject = start(chain)
    Job.objects.filter(group_id=subject).update(attempts=99)
    for job in Job.objects.filter(group_id=subject):
        services.run_job(job.pk)
    failure = Entry.objects.get(object_id=str(subject), outcome="failure")
    assert (failure.event, failure.reason) == (event, "retries")
    assert failure.project_id == chain.project.pk
    page = signed_in(chain.auditor).get(f"/p/{chain.project.slug}/trail/?event={event}")
    assert page.content.decode().count(">Failed</span>") == 1


def test_a_rollout_that_was_cancelled_was_reverted_and_reads_as_a_failure(chain: Chain) -> None:
    subject = start_a_rollout(chain)
    services.cancel_group(group_id=subject, actor=chain.people.ml_admin)
    assert Deployment.objects.get(pk=subject).state == Deployment.State.FAILED
    reverted = Entry.objects.get(object_id=str(subject), details__reverted=True)
    assert (reverted.outcome, reverted.reason) == ("failure", "cancelled")


@pytest.mark.parametrize(
    "start", [start_an_import, start_a_training, start_an_evaluation, start_a_package]
)
def test_a_cancelled_job_is_no_failure(chain: Chain, start: Callable[[Chain], uuid.UUID]) -> None:
    subject = start(chain)
    services.cancel_group(group_id=subject, actor=chain.people.ml_admin)
    assert not Entry.objects.filter(object_id=str(subject), outcome="failure").exists()
    assert Entry.objects.filter(event="job.cancel", details__group=str(subject)).exists()
