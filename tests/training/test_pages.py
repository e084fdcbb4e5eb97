"""Pages of training and evaluation: what each role sees, starts, stops and reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from tests.factories.chain import Chain, make_chain, make_evaluation, override_all
from tests.factories.people import make_user, signed_in
from training.engine.config import TrainingConfig
from training.models import Evaluation, TrainingRun

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
GUIDE = {
    "rank": 32, "alpha": 64, "dropout": 0, "learning_rate": 0.0001, "weight_decay": 0,
    "schedule": "cosine", "epochs": 3, "warmup_steps": 100, "max_length": 2048,
    "tokens_per_step": 2048, "checkpoint_every": 50, "validate_every": 0,
    "validation_tokens": 4096, "seed": 1,
}  # fmt: skip


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


def url(chain: Chain, name: str, *args: object) -> str:
    return reverse(f"training:{name}", args=[chain.project.slug, *args])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def start(chain: Chain, client: Client, **changes: object) -> Any:
    body = {**GUIDE, "dataset": chain.version.training_run.dataset_id, **changes}
    return client.post(url(chain, "start"), body)


def test_the_form_holds_the_guides_values_with_their_reasons(chain: Chain) -> None:
    shown = read(signed_in(chain.people.ml_admin), url(chain, "index"))
    for value in ('value="32"', 'value="0.0001"', 'value="100"', 'value="2048"'):
        assert value in shown
    assert "Adapters bear a higher rate than full fine-tuning." in shown
    assert "2048-4096" in shown


def test_a_run_is_started_with_its_own_record(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    answer = start(chain, client, rank=8, alpha=16, max_steps=12)
    run = TrainingRun.objects.get(number=2)
    assert answer.headers["Location"] == url(chain, "run", run.pk)
    assert (run.config["rank"], run.config["max_steps"]) == (8, 12)
    shown = read(client, url(chain, "run", run.pk))
    assert "rank 8 (guide: 32)" in shown
    assert "Queued" in shown
    assert Job.objects.get(subject_id=run.pk).queue == "gpu"


def test_the_page_shows_the_runs_record_and_not_todays_defaults(chain: Chain) -> None:
    run = chain.version.training_run
    shown = read(signed_in(chain.auditor), url(chain, "run", run.pk))
    assert run.config_digest in shown
    assert chain.version.adapter_digest in shown
    assert "2.9.1" in shown


@pytest.mark.parametrize("change", [{"rank": 0}, {"learning_rate": 5}, {"epochs": "x"}])
def test_a_setting_out_of_range_starts_nothing_and_says_which(
    chain: Chain, change: dict[str, object]
) -> None:
    answer = start(chain, signed_in(chain.people.ml_admin), **change)
    assert answer.status_code == 400
    assert "error-summary" in answer.content.decode()
    assert TrainingRun.objects.count() == 1


def test_a_run_cannot_continue_a_version_of_another_rank(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    answer = start(chain, client, continues=chain.version.pk, rank=8)
    assert "Version 1 has rank 32" in answer.content.decode()
    assert TrainingRun.objects.count() == 1


def test_other_roles_read_who_may_start_and_are_refused(chain: Chain) -> None:
    for person in (chain.auditor, chain.people.compliance, chain.people.operator):
        client = signed_in(person)
        shown = read(client, url(chain, "index"))
        assert "Only an ML administrator of this project may do this." in shown
        assert start(chain, client).status_code == 403
    assert TrainingRun.objects.count() == 1


def test_a_stranger_sees_no_page(chain: Chain) -> None:
    client = signed_in(make_user())
    pages = (
        url(chain, "index"),
        url(chain, "evaluations"),
        url(chain, "run", chain.version.training_run_id),
        url(chain, "losses", chain.version.training_run_id),
        url(chain, "evaluation", chain.evaluation.pk),
        url(chain, "evaluation-items", chain.evaluation.pk),
    )
    for page in pages:
        assert client.get(page).status_code == 403


def test_another_projects_run_is_not_found(chain: Chain) -> None:
    other = make_chain(failed_round=False)
    client = signed_in(other.people.ml_admin)
    for name, found in (
        ("run", chain.version.training_run_id),
        ("evaluation", chain.evaluation.pk),
    ):
        assert client.get(url(other, name, found)).status_code == 404


def test_a_run_is_cancelled_and_resumed(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    start(chain, client)
    run = TrainingRun.objects.get(number=2)
    client.post(url(chain, "cancel", run.pk))
    run.refresh_from_db()
    assert run.state == TrainingRun.State.CANCELLED
    assert client.get(url(chain, "progress", run.pk)).headers["HX-Refresh"] == "true"
    assert "Resume" in read(client, url(chain, "run", run.pk))
    client.post(url(chain, "resume", run.pk))
    run.refresh_from_db()
    assert run.state == TrainingRun.State.RUNNING
    assert "every 2s" in read(client, url(chain, "progress", run.pk))


def test_the_curve_is_read_as_json(chain: Chain) -> None:
    client = signed_in(chain.auditor)
    found = json.loads(read(client, url(chain, "losses", chain.version.training_run_id)))
    assert found["running"] is False
    assert found["series"][0]["points"][0] == [1, 2.92]


def test_empty_stages_name_the_next_action(chain: Chain) -> None:
    from tests.factories.reviews import make_people

    people = make_people()
    client = signed_in(people.ml_admin)
    for name, words in (("index", "No dataset yet"), ("evaluations", "No version yet")):
        page = reverse(f"training:{name}", args=[people.project.slug])
        assert words in read(client, page)


def test_a_gate_that_fails_reads_fail_before_and_after_its_override(chain: Chain) -> None:
    page = url(chain, "evaluation", chain.evaluation.pk)
    shown = read(signed_in(chain.people.compliance), page)
    assert "FAIL" in shown
    assert reverse("governance:override", args=[chain.project.slug, chain.evaluation.pk]) in shown
    override_all(chain)
    shown = read(signed_in(chain.auditor), page)
    assert "This version stands on an override" in shown
    assert "This gate reads FAIL and was overridden" in shown


def test_only_a_compliance_officer_is_led_to_the_override(chain: Chain) -> None:
    page = url(chain, "evaluation", chain.evaluation.pk)
    address = reverse("governance:override", args=[chain.project.slug, chain.evaluation.pk])
    assert address not in read(signed_in(chain.people.ml_admin), page)


def test_gold_items_stand_with_regressions_first_and_answers_side_by_side(chain: Chain) -> None:
    gold_set = chain.evaluation.gold_set
    judged = make_evaluation(chain.people, chain.version, gold_set, last_item=0.02)
    shown = read(signed_in(chain.people.reviewer), url(chain, "evaluation", judged.pk))
    assert shown.index("0.080 worse than the base") < shown.index("better than the base")
    assert "bronchitis" in shown  # the clinician's summary
    assert "candidate" in shown
    assert "<svg" in shown
    table = read(signed_in(chain.people.reviewer), url(chain, "evaluation-items", judged.pk))
    assert table.splitlines()[0] == "item,rouge_l,base_rouge_l,change"


def test_an_evaluation_is_started_cancelled_and_resumed(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    body = {"model_version": chain.version.pk, "gold_set": chain.evaluation.gold_set_id}
    client.post(url(chain, "evaluate"), body)
    made = Evaluation.objects.get(number=2)
    page = url(chain, "evaluation", made.pk)
    assert "Judge version 1 and its base" in read(client, page)
    client.post(url(chain, "evaluation-cancel", made.pk))
    made.refresh_from_db()
    assert made.state == Evaluation.State.CANCELLED
    client.post(url(chain, "evaluation-resume", made.pk))
    made.refresh_from_db()
    assert made.state == Evaluation.State.RUNNING


def test_the_guides_values_are_the_defaults() -> None:
    defaults = TrainingConfig(base="b", dataset="d", output="o")
    assert (defaults.rank, defaults.learning_rate, defaults.warmup_steps) == (32, 1e-4, 100)
    assert 3 <= defaults.epochs <= 5
    assert 2048 <= defaults.max_length <= 4096
