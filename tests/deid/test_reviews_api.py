"""The endpoints of the review: the contract that the review screen relies on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from deid.models import Sample
from deid.services.samples import draw_sample
from tests.factories.people import PASSWORD, make_member, make_project, signed_in
from tests.factories.reviews import LEAK, People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def sample(people: People) -> Sample:
    make_notes(people.project, people.operator, 12)
    return draw_sample(run=make_run(people), actor=people.operator, seed=7)


@pytest.fixture
def reviewer(people: People) -> Client:
    return signed_in(people.reviewer)


def url(sample: Sample, verb: str) -> str:
    return f"/api/v1/projects/{sample.run.project.slug}/samples/{sample.pk}/{verb}"


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def test_next_gives_a_note_with_its_spans_and_the_risk(sample: Sample, reviewer: Client) -> None:
    answer = reviewer.get(url(sample, "next/")).json()
    assert set(answer) == {"note", "prefetch", "progress"}
    note = answer["note"]
    assert set(note) == {
        "id", "text", "note_type", "specialty", "spans", "position", "total", "kind",
        "missed_before", "draft", "trace_url",
    }  # fmt: skip
    span = note["spans"][0]
    assert note["text"][span["start"] : span["end"]] == "[NAME]"
    assert len(answer["prefetch"]) == min(3, sample.size - 1)
    assert answer["progress"]["planned"] == note["total"] == sample.size


def test_a_decision_moves_the_header_and_undo_brings_the_note_back(
    sample: Sample, reviewer: Client
) -> None:
    note = reviewer.get(url(sample, "next/")).json()["note"]
    decision = {"note_id": note["id"], "verdict": "flag", "leaks": [LEAK], "seconds": 20}
    answer = post(reviewer, url(sample, "decide/"), decision).json()
    assert answer["ok"] is True
    assert answer["second_look"] is False
    assert (answer["progress"]["read"], answer["progress"]["leaks"]) == (1, 1)
    undone = post(reviewer, url(sample, "undo/"), {}).json()
    assert undone["note"]["id"] == note["id"]
    assert undone["progress"]["read"] == 0


def test_a_refused_decision_says_why_and_quotes_nothing(sample: Sample, reviewer: Client) -> None:
    note = reviewer.get(url(sample, "next/")).json()["note"]
    body = {"note_id": note["id"], "verdict": "accept", "leaks": [LEAK], "seconds": 20}
    answer = post(reviewer, url(sample, "decide/"), body)
    assert answer.status_code == 400
    assert "can only be flagged" in answer.json()["detail"]


@pytest.mark.parametrize("seconds", ["NaN", -1, 1e9, "many"])
def test_an_impossible_time_is_refused(sample: Sample, reviewer: Client, seconds: Any) -> None:
    note = reviewer.get(url(sample, "next/")).json()["note"]
    body = {"note_id": note["id"], "verdict": "accept", "seconds": seconds}
    assert post(reviewer, url(sample, "decide/"), body).status_code == 400


def test_a_sample_of_another_project_does_not_exist(sample: Sample, people: People) -> None:
    elsewhere = make_project()
    stranger = signed_in(make_member(elsewhere, Role.REVIEWER))
    address = f"/api/v1/projects/{elsewhere.slug}/samples/{sample.pk}/next/"
    assert stranger.get(address).status_code == 404
    assert stranger.get(url(sample, "next/")).status_code == 403


def test_nobody_reads_a_sample_without_signing_in(sample: Sample) -> None:
    assert Client().get(url(sample, "next/")).status_code == 403


def test_only_reviewers_open_notes(sample: Sample, people: People) -> None:
    for person in (people.operator, people.compliance, people.ml_admin):
        assert signed_in(person).get(url(sample, "next/")).status_code == 403


def test_the_plan_and_the_draw_over_the_api(people: People) -> None:
    make_notes(people.project, people.operator, 12)
    run = make_run(people)
    client = signed_in(people.operator)
    base = f"/api/v1/projects/{people.project.slug}/"
    plan = client.get(f"{base}runs/{run.pk}/sample-plan/").json()
    drawn = post(client, f"{base}samples/", {"run": str(run.pk), "seed": 5})
    assert drawn.status_code == 201
    assert drawn.json()["size"] == plan["n"]
    assert drawn.json()["seed"] != 5  # whoever could choose the seed could choose the notes
    assert client.get(f"{base}samples/").json()["count"] == 1


def test_a_clinician_signs_off_over_the_api(
    sample: Sample, people: People, reviewer: Client
) -> None:
    assert reviewer.get(url(sample, "sign-off/")).status_code == 404
    read_all(sample, people.reviewer)
    shown = reviewer.get(url(sample, "sign-off/")).json()
    wrong = post(reviewer, url(sample, "sign-off/"), {"digest": shown["digest"], "password": "no"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-password")
    act = {"digest": shown["digest"], "password": PASSWORD}
    signed = post(reviewer, url(sample, "sign-off/"), act)
    assert signed.json()["state"] == "signed_off"


def test_leaks_are_listed_without_text_and_mended(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer, leaks_in=2)
    client = signed_in(people.operator)
    answer = client.get(url(sample, "leaks/"))
    assert "Vexley" not in answer.content.decode()
    ids = [leak["id"] for leak in answer.json()["results"]]
    mended = post(client, url(sample, "leaks/"), {"leaks": ids, "remedy": "known"})
    assert mended.status_code == 200
    assert {leak["remedy"] for leak in mended.json()} == {"known"}
