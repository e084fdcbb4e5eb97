"""The pages of the stage Review: what each person sees, and what a post does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from deid.models import Run, Sample
from deid.selectors.reviews import open_leaks
from deid.services.leases import next_items
from deid.services.results import sign_off_manifest
from deid.services.reviews import decide
from deid.services.samples import draw_sample
from tests.factories.people import PASSWORD, signed_in
from tests.factories.reviews import (
    LEAK,
    People,
    make_notes,
    make_people,
    make_run,
    make_signed_run,
    read_all,
)
from web.inbox import tasks_for

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    make_notes(people.project, people.operator, 12)
    return make_run(people)


@pytest.fixture
def sample(run: Run, people: People) -> Sample:
    return draw_sample(run=run, actor=people.operator, seed=7)


def at(name: str, people: People, *args: object) -> str:
    return reverse(f"deid:{name}", args=[people.project.slug, *args])


def test_the_plan_is_shown_before_anything_is_drawn(run: Run, people: People) -> None:
    page = signed_in(people.reviewer).get(at("reviews", people)).content.decode()
    assert "Plan for run 1" in page
    assert "<button>Draw the sample" in page
    other = signed_in(people.ml_admin).get(at("reviews", people)).content.decode()
    assert "<button>Draw the sample" not in other


def test_drawing_leads_to_the_round(run: Run, people: People) -> None:
    answer = signed_in(people.operator).post(at("sample-draw", people, run.pk))
    assert answer.url == at("sample", people, Sample.objects.get().pk)


def test_an_empty_stage_names_the_next_step(people: People) -> None:
    page = signed_in(people.reviewer).get(at("reviews", people)).content.decode()
    assert "A finished run is needed" in page
    assert at("runs", people) in page


def test_the_list_of_rounds_holds_every_round_and_its_file(people: People) -> None:
    make_notes(people.project, people.operator, 40)
    for _ in range(4):
        found = draw_sample(run=make_run(people), actor=people.operator)
        read_all(found, people.reviewer, leaks_in=found.size)
    client = signed_in(people.reviewer)
    page = client.get(at("reviews", people)).content.decode()
    assert all(f"Round {number}" in page for number in (1, 2, 3, 4))
    rounds = client.get(at("review-rounds", people)).content.decode().splitlines()
    assert len(rounds) == 5


def test_the_operator_is_told_why_they_cannot_read(sample: Sample, people: People) -> None:
    page = signed_in(people.operator).get(at("sample", people, sample.pk)).content.decode()
    assert "Only a clinician reviewer" in page or "You started this de-identification run" in page


def test_the_review_screen_holds_no_note_in_its_source(sample: Sample, people: People) -> None:
    answer = signed_in(people.reviewer).get(at("review", people, sample.pk))
    page = answer.content.decode()
    assert "data-phi" in page
    assert "Vexley" not in page
    assert reverse("api:review-next", args=[people.project.slug, sample.pk]) in page
    assert signed_in(people.operator).get(at("review", people, sample.pk)).status_code == 403


def test_a_decided_round_is_not_read_again(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    answer = signed_in(people.reviewer).get(at("review", people, sample.pk))
    assert answer.url == at("sample", people, sample.pk)
    progress = signed_in(people.reviewer).get(at("sample-progress", people, sample.pk))
    assert progress.headers["HX-Refresh"] == "true"


def test_a_clinician_signs_off_on_the_page(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    client, digest = signed_in(people.reviewer), sign_off_manifest(sample).digest
    assert digest in client.get(at("sample", people, sample.pk)).content.decode()
    wrong = client.post(
        at("sample-sign-off", people, sample.pk), {"digest": digest, "password": "x"}
    )
    assert wrong.status_code == 403
    assert "Nothing was signed" in wrong.content.decode()
    stale = client.post(
        at("sample-sign-off", people, sample.pk), {"digest": "0" * 64, "password": PASSWORD}
    )
    assert stale.status_code == 409
    act = {"digest": digest, "password": PASSWORD}
    assert client.post(at("sample-sign-off", people, sample.pk), act).status_code == 302
    page = client.get(at("sample", people, sample.pk)).content.decode()
    assert "Signed off by" in page
    assert people.reviewer.full_name in page


def test_a_failed_round_says_what_comes_next_and_has_no_sign_off(
    sample: Sample, people: People
) -> None:
    read_all(sample, people.reviewer, leaks_in=1)
    page = signed_in(people.reviewer).get(at("sample", people, sample.pk)).content.decode()
    assert "cannot be signed off by anybody" in page
    assert "Sign off this round" not in page
    assert "Names" in page


def test_only_a_data_engineer_sees_what_leaked_and_it_is_recorded(
    sample: Sample, people: People
) -> None:
    read_all(sample, people.reviewer, leaks_in=2)
    assert signed_in(people.reviewer).get(at("remedies", people, sample.pk)).status_code == 403
    page = signed_in(people.operator).get(at("remedies", people, sample.pk)).content.decode()
    assert page.count("Vexley</mark>") == 2
    assert Entry.objects.filter(event="phi.read", purpose="mend a leak").count() == 2


def test_leaks_are_mended_one_by_one_or_all_at_once(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer, leaks_in=3)
    client, address = signed_in(people.operator), at("remedies", people, sample.pk)
    first = open_leaks(people.project)[0]
    client.post(address, {"leak": first.pk, "remedy": "known", "text": ""})
    assert open_leaks(people.project).count() == 2
    client.post(address, {"remedy": "known"})
    assert "Every leak of this round is mended" in client.get(address).content.decode()


def test_a_round_of_another_project_does_not_exist(sample: Sample, people: People) -> None:
    other = make_people()
    address = reverse("deid:sample", args=[other.project.slug, sample.pk])
    assert signed_in(other.reviewer).get(address).status_code == 404


def test_the_whole_way_leaves_a_signed_run(people: People) -> None:
    make_notes(people.project, people.operator, 12)
    assert make_signed_run(people).state == Run.State.SIGNED_OFF
    page = signed_in(people.compliance).get(at("reviews", people)).content.decode()
    assert "Signed off" in page


def test_the_round_lists_its_notes_as_they_were_read(sample: Sample, people: People) -> None:
    item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
    decide(
        item=item, actor=people.reviewer, verdict="flag", leaks=[LEAK], seconds=8,
        comment="a name at the end",
    )  # fmt: skip
    read_all(sample, people.reviewer)
    address = at("sample-note", people, sample.pk, item.pk)
    page = signed_in(people.reviewer).get(at("sample", people, sample.pk)).content.decode()
    assert address in page
    assert "a name at the end" in page
    assert "Names 1" in page
    note = signed_in(people.reviewer).get(address).content.decode()
    assert "Vexley</mark>" in note
    assert Entry.objects.filter(purpose="look at a note as it was read").count() == 1
    other = signed_in(people.compliance)
    assert other.get(address).status_code == 403
    assert "a name at the end" not in other.get(at("sample", people, sample.pk)).content.decode()


def test_a_note_that_nobody_decided_is_not_shown(sample: Sample, people: People) -> None:
    address = at("sample-note", people, sample.pk, sample.items.all()[0].pk)
    assert signed_in(people.reviewer).get(address).status_code == 404


def test_the_result_is_said_in_words_and_who_read_how_long(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    page = signed_in(people.reviewer).get(at("sample", people, sample.pk)).content.decode()
    assert f"No leak in {sample.size} notes: we can be 95 % sure that at most" in page
    assert "of the 12 notes that nobody had read before this round" in page
    assert "Kept after a warning of haste" in page
    assert "Who read" in page


def test_the_list_of_notes_takes_the_same_number_of_queries_for_one_and_for_many(
    sample: Sample, people: People
) -> None:
    client, address = signed_in(people.reviewer), at("sample", people, sample.pk)
    item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
    decide(item=item, actor=people.reviewer, verdict="accept", seconds=8)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(3):
        item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
        decide(item=item, actor=people.reviewer, verdict="accept", seconds=8)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_the_inbox_counts_what_is_left_for_this_person(sample: Sample, people: People) -> None:
    def waiting(person: Any) -> list[str]:
        return [str(task["why"]) for task in tasks_for(person)]

    assert any(f"{sample.size} notes to read" in why for why in waiting(people.reviewer))
    next_items(sample=sample, reviewer=people.other_reviewer, prefetch=sample.size)
    assert not any("to read" in why for why in waiting(people.reviewer))
    assert any("to read" in why for why in waiting(people.other_reviewer))


def test_a_finished_run_waits_in_the_inbox_of_clinicians(run: Run, people: People) -> None:
    titles = [task["title"] for task in tasks_for(people.reviewer)]
    assert "Draw a sample for review" in titles
    draw_sample(run=run, actor=people.reviewer)
    titles = [task["title"] for task in tasks_for(people.reviewer)]
    assert "Draw a sample for review" not in titles


def test_the_engineer_sees_what_was_over_redacted(sample: Sample, people: People) -> None:
    item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
    span = item.run_note.spans[0]
    decide(
        item=item, actor=people.reviewer, verdict="flag", seconds=8, comment="that was a dose",
        over_redactions=[{"start": span["output_start"], "end": span["output_end"]}],
    )  # fmt: skip
    page = signed_in(people.operator).get(at("remedies", people, sample.pk)).content.decode()
    assert "Over-redacted" in page
    assert "that was a dose" in page
