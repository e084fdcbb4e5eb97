"""The pages of the stage Dataset."""

from __future__ import annotations

import pytest
from django.urls import reverse

from datasets_app.models import DatasetVersion, GoldSet
from datasets_app.services import attest, attestation_manifest
from deid.models import Run
from tests.factories.people import PASSWORD, signed_in
from tests.factories.reviews import (
    People,
    make_notes,
    make_people,
    make_run,
    make_signed_run,
    resumed_by,
)

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    make_notes(people.project, people.operator, 20)
    return make_signed_run(people)


def at(name: str, people: People, *args: object) -> str:
    return reverse(f"datasets:{name}", args=[people.project.slug, *args])


def attested(run: Run, people: People) -> None:
    digest = attestation_manifest(run).digest
    attest(run=run, actor=people.compliance, password=PASSWORD, shown_digest=digest)


def test_an_empty_stage_names_the_next_step(people: People) -> None:
    page = signed_in(people.operator).get(at("index", people)).content.decode()
    assert "Nothing to attest yet" in page
    assert "<summary>Freeze a version" not in page


def test_the_officer_attests_on_the_decision_screen(run: Run, people: People) -> None:
    client, address = signed_in(people.compliance), at("attest", people, run.pk)
    digest = attestation_manifest(run).digest
    assert digest in client.get(address).content.decode()
    wrong = client.post(address, {"digest": digest, "password": "x"})
    assert (wrong.status_code, "Nothing was signed" in wrong.content.decode()) == (403, True)
    stale = client.post(address, {"digest": "0" * 64, "password": PASSWORD})
    assert (stale.status_code, "changed since you opened" in stale.content.decode()) == (409, True)
    assert client.post(address, {"digest": digest, "password": PASSWORD}).url == address
    assert "Attest and sign" not in client.get(address).content.decode()


def test_whoever_took_part_is_told_so(run: Run, people: People) -> None:
    page = signed_in(people.operator).get(at("attest", people, run.pk)).content.decode()
    assert "You started this de-identification run" in page
    resumed_by(run, people.compliance)
    page = signed_in(people.compliance).get(at("attest", people, run.pk)).content.decode()
    assert "You resumed this de-identification run" in page
    page = signed_in(people.reviewer).get(at("attest", people, run.pk)).content.decode()
    assert "Only a compliance officer" in page


def test_an_unreviewed_run_has_no_decision_screen(people: People) -> None:
    make_notes(people.project, people.operator, 4)
    answer = signed_in(people.compliance).get(at("attest", people, make_run(people).pk))
    assert answer.status_code == 409


def test_gold_set_and_dataset_are_frozen_and_shown(run: Run, people: People) -> None:
    attested(run, people)
    client = signed_in(people.operator)
    client.post(at("gold-sets", people), {"patients": 2})
    gold = GoldSet.objects.get()
    assert "Gold items" in client.get(at("gold-set", people, gold.pk)).content.decode()
    client.post(at("datasets", people), {"run": run.pk, "validation_percent": 10})
    version = DatasetVersion.objects.get()
    page = client.get(at("dataset", people, version.pk)).content.decode()
    assert "FAIL" in page
    assert "No patient is in two splits" in page
    assert "Patient in a gold set" in page
    stage = client.get(at("index", people)).content.decode()
    assert version.digest[:12] in stage
    assert gold.digest[:12] in stage


def test_a_form_that_cannot_be_met_comes_back_with_its_reason(run: Run, people: People) -> None:
    attested(run, people)
    client = signed_in(people.operator)
    too_many = client.post(at("gold-sets", people), {"patients": 500})
    assert (too_many.status_code, "Only 10 patients" in too_many.content.decode()) == (400, True)
    wrong = client.post(at("datasets", people), {"run": run.pk, "validation_percent": 90})
    assert wrong.status_code == 400
    assert not DatasetVersion.objects.exists()


def test_an_export_downloads_jsonl_for_roles_that_may(run: Run, people: People) -> None:
    attested(run, people)
    client = signed_in(people.operator)
    client.post(at("datasets", people), {"run": run.pk, "validation_percent": 10})
    version = DatasetVersion.objects.get()
    address = at("export", people, version.pk, "train")
    sent = client.get(address)
    assert sent.headers["Content-Disposition"] == 'attachment; filename="dataset-1-train.jsonl"'
    assert len(b"".join(sent.streaming_content).splitlines()) == version.train_count
    assert signed_in(people.reviewer).get(address).status_code == 403


def test_nothing_of_another_project_is_shown(run: Run, people: People) -> None:
    other = make_people()
    address = reverse("datasets:attest", args=[other.project.slug, run.pk])
    assert signed_in(other.compliance).get(address).status_code == 404
