"""Nothing is computed from files that changed after they were frozen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from accounts.errors import WrongState
from audit.models import Entry
from jobs.lease import Lease
from jobs.models import Job
from tests.factories.chain import Chain, make_chain
from training.models import Evaluation, TrainingRun
from training.services import evaluations, runs, start_evaluation, start_training
from vault import artefacts

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    return make_chain(failed_round=False)


def change(digest: str) -> None:
    path = artefacts.path_of(digest)
    path.write_bytes(path.read_bytes() + b"\n")


def lease_of(subject: Any) -> Lease:
    return cast(Lease, SimpleNamespace(job=Job.objects.get(subject_id=subject.pk)))


def test_a_changed_dataset_teaches_nothing(chain: Chain) -> None:
    dataset = chain.version.training_run.dataset
    run = start_training(project=chain.project, actor=chain.people.ml_admin, dataset=dataset)
    change(dataset.train_artefact)
    with pytest.raises(WrongState, match="stored dataset"):
        runs._train(run, run.base, lease_of(run))


def evaluation_of(chain: Chain) -> Evaluation:
    return start_evaluation(
        project=chain.project,
        actor=chain.people.ml_admin,
        model_version=chain.version,
        gold_set=chain.evaluation.gold_set,
    )


def test_a_changed_gold_set_judges_nothing(chain: Chain) -> None:
    evaluation = evaluation_of(chain)
    change(evaluation.gold_set.artefact)
    with pytest.raises(WrongState, match="stored gold set"):
        evaluations.work(lease_of(evaluation))


def test_a_changed_adapter_answers_nothing(chain: Chain) -> None:
    evaluation = evaluation_of(chain)
    folder = artefacts.path_of(chain.version.adapter_artefact)
    (folder / "adapter_model.safetensors").write_text("the weights of somebody else")
    with pytest.raises(WrongState, match="stored adapter"):
        evaluations.work(lease_of(evaluation))


def test_starting_and_resuming_an_evaluation_are_on_record(chain: Chain) -> None:
    evaluation = evaluation_of(chain)
    started = Entry.objects.get(event="eval.run", object_id=str(evaluation.pk))
    assert (started.reason, started.actor_id) == ("start", chain.people.ml_admin.pk)


def test_a_late_failure_does_not_undo_what_was_finished(chain: Chain) -> None:
    run = chain.version.training_run
    TrainingRun.objects.filter(pk=run.pk).update(state="done")
    failed = Job(subject_id=run.pk, state=Job.State.FAILED, error_code="retries")
    runs.on_end(failed)
    evaluations.on_end(Job(subject_id=chain.evaluation.pk, state=Job.State.FAILED))
    run.refresh_from_db()
    chain.evaluation.refresh_from_db()
    assert (run.state, chain.evaluation.state) == ("done", "done")
