"""Training and evaluation as services: who may, what is refused, what a gate judges."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.errors import InvalidInput, NotAllowed, WrongState
from audit.models import Entry
from datasets_app.models import DatasetPatient
from datasets_app.services import freeze_dataset
from tests.factories.chain import Chain, make_chain, make_version
from training import services
from training.metrics.thresholds import thresholds_of
from training.models import ModelVersion, TrainingRun
from training.services.evaluations import _gates

SMALL = {
    "rank": 4, "alpha": 8, "max_length": 256, "tokens_per_step": 256, "learning_rate": 0.01,
    "checkpoint_every": 1,
}  # fmt: skip


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


def start(chain: Chain, **parameters: Any) -> TrainingRun:
    return services.start_training(
        project=chain.project,
        actor=chain.people.ml_admin,
        dataset=chain.version.training_run.dataset,
        parameters={**SMALL, **parameters},
    )


def test_other_roles_may_not_train_or_evaluate_and_leave_a_trace(chain: Chain) -> None:
    dataset = chain.version.training_run.dataset
    for person in (chain.people.operator, chain.people.compliance, chain.auditor):
        with pytest.raises(NotAllowed):
            services.start_training(project=chain.project, actor=person, dataset=dataset)
        with pytest.raises(NotAllowed):
            services.start_evaluation(
                project=chain.project,
                actor=person,
                model_version=chain.version,
                gold_set=chain.evaluation.gold_set,
            )
    # A refusal is written on a connection of its own, so that it outlives the request's rollback.
    found = Entry.objects.using("trail").filter(project_id=chain.project.pk, reason="role")
    assert found.filter(event="access.denied").count() == 6


def test_a_run_without_parameters_has_the_guides_values(chain: Chain) -> None:
    run = services.start_training(
        project=chain.project,
        actor=chain.people.ml_admin,
        dataset=chain.version.training_run.dataset,
    )
    found = (run.config["rank"], run.config["learning_rate"], run.config["warmup_steps"])
    assert found == (32, 1e-4, 100)


def test_an_unknown_setting_and_a_foreign_dataset_are_refused(chain: Chain) -> None:
    with pytest.raises(InvalidInput, match="Unknown settings: ranks"):
        start(chain, ranks=3)
    other = make_chain(failed_round=False)
    with pytest.raises(InvalidInput, match="belong to this project"):
        services.start_training(
            project=chain.project,
            actor=chain.people.ml_admin,
            dataset=other.version.training_run.dataset,
        )


def test_a_gold_set_whose_patient_taught_the_version_is_refused(chain: Chain) -> None:
    patient = chain.evaluation.gold_set.items.first().patient  # type: ignore[union-attr]
    dataset = chain.version.training_run.dataset
    DatasetPatient.objects.create(dataset=dataset, patient=patient, split="train")
    with pytest.raises(InvalidInput, match="1 patient of the gold set taught this version"):
        services.start_evaluation(
            project=chain.project,
            actor=chain.people.ml_admin,
            model_version=chain.version,
            gold_set=chain.evaluation.gold_set,
        )


def test_what_taught_a_version_contaminates_every_version_that_continues_it(chain: Chain) -> None:
    first = chain.version.training_run.dataset
    clean = freeze_dataset(
        project=chain.project, actor=chain.people.operator, run=first.run, seed=8
    )
    patient = chain.evaluation.gold_set.items.first().patient  # type: ignore[union-attr]
    DatasetPatient.objects.create(dataset=first, patient=patient, split="train")

    def evaluate(version: ModelVersion) -> None:
        services.start_evaluation(
            project=chain.project,
            actor=chain.people.ml_admin,
            model_version=version,
            gold_set=chain.evaluation.gold_set,
        )

    second = make_version(chain.people, clean, continues=chain.version)
    third = make_version(chain.people, clean, continues=second)
    for version in (second, third):
        with pytest.raises(InvalidInput, match="1 patient of the gold set taught this version"):
            evaluate(version)
    evaluate(make_version(chain.people, clean))


def test_a_finished_run_is_neither_cancelled_nor_resumed(chain: Chain) -> None:
    run = chain.version.training_run
    with pytest.raises(WrongState):
        services.cancel_training(run=run, actor=chain.people.ml_admin)
    with pytest.raises(WrongState):
        services.resume_training(run=run, actor=chain.people.ml_admin)


def test_the_registry_cannot_be_rewritten(chain: Chain) -> None:
    for statement in (
        "UPDATE training_modelversion SET number = 9",
        "DELETE FROM training_modelversion",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(
            project=chain.project, number=1, training_run=chain.version.training_run,
            adapter_artefact="a", adapter_digest="a", base_digest="a", tokenizer_digest="a",
            manifest={}, digest="a",
        )  # fmt: skip


def test_the_gate_judges_the_lower_limit_and_not_the_value(chain: Chain) -> None:
    limit = thresholds_of("note_summarisation").threshold
    assert limit is not None

    def status(low: float) -> str:
        figure = {"value": limit + 0.05, "interval": [low, limit + 0.1], "n": 6}
        return str(_gates(chain.evaluation, {"rouge_l": figure})[1]["status"])

    assert status(limit - 0.01) == "fail"
    assert status(limit) == "pass"


def test_a_task_that_people_rate_has_a_missing_gate_and_no_passed_one(chain: Chain) -> None:
    assert thresholds_of("letters").threshold is None
    chain.evaluation.gold_set.task = "letters"
    gate = _gates(chain.evaluation, chain.evaluation.results)[1]
    assert (gate["status"], gate["gate"]["limit"]) == ("missing", None)
