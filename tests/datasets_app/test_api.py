"""The endpoints of attestation, gold sets, datasets and export."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from deid.models import Run
from tests.factories.people import PASSWORD
from tests.factories.reviews import People, make_notes, make_people, make_signed_run

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    make_notes(people.project, people.operator, 20)
    return make_signed_run(people)


def call(user: Any, address: str, body: Any = None) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if body is None:
        return client.get(address)
    return client.post(address, json.dumps(body), content_type="application/json")


def test_the_stage_from_attestation_to_export(run: Run, people: People) -> None:
    base = f"/api/v1/projects/{people.project.slug}/"
    early = call(people.operator, f"{base}datasets/", {"run": str(run.pk)})
    assert (early.status_code, early.json()["code"]) == (409, "wrong-state")

    address = f"{base}runs/{run.pk}/attestation/"
    shown = call(people.compliance, address).json()
    assert "no actual knowledge" in shown["manifest"]["body"]["statement"]
    act = {"digest": shown["digest"], "password": PASSWORD}
    assert call(people.reviewer, address, act).status_code == 403
    assert call(people.compliance, address, act).status_code == 201
    assert call(people.operator, f"{base}attestations/").json()["count"] == 1

    gold = call(people.operator, f"{base}gold-sets/", {"patients": 2, "seed": 1})
    assert (gold.status_code, gold.json()["item_count"]) == (201, 4)
    assert gold.json()["patient_count"] == 2

    made = call(people.operator, f"{base}datasets/", {"run": str(run.pk), "seed": 1})
    assert made.status_code == 201
    assert made.json()["gate"]["status"] == "fail"
    one = f"{base}datasets/{made.json()['id']}/"
    assert call(people.compliance, one).json()["digest"] == made.json()["digest"]

    sent = call(people.ml_admin, f"{one}export/train/")
    lines = b"".join(sent.streaming_content).splitlines()
    assert len(lines) == made.json()["train_count"]
    assert set(json.loads(lines[0])) == {"instruction", "response"}
    assert call(people.reviewer, f"{one}export/train/").status_code == 403
    assert call(people.ml_admin, f"{one}export/gold/").status_code == 400


def test_a_gold_set_takes_notes_or_a_number_but_not_both(run: Run, people: People) -> None:
    address = f"/api/v1/projects/{people.project.slug}/gold-sets/"
    assert call(people.operator, address, {}).status_code == 400
    assert call(people.operator, address, {"patients": 1, "notes": []}).status_code == 400
