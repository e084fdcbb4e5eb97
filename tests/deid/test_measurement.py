"""How well a run worked on the notes that people read: counts, intervals, page, API, export."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from deid.models import Leak, Run, Sample
from deid.selectors.measurement import Rate, measurement_of, measurements
from deid.services.leases import next_items
from deid.services.reviews import decide, undo
from deid.services.samples import draw_sample
from deid.views.measurement import floored
from evidence.statistics import clopper_pearson_interval
from tests.factories.people import make_member, make_project, signed_in
from tests.factories.reviews import LEAK, People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

# "[NAME]" stands at 3 to 9 in every output of the factory.
DESTROYED = {"start": 3, "end": 9}


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2)


@pytest.fixture
def sample(people: People) -> Sample:
    make_notes(people.project, people.operator, 20)
    return draw_sample(run=make_run(people), actor=people.operator, seed=3)


def judge(sample: Sample, people: People, verdict: str = "accept", **marks: Any) -> None:
    item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
    decide(item=item, actor=people.reviewer, verdict=verdict, seconds=30.0, **marks)


def test_recall_is_what_was_found_of_what_was_found_and_missed(
    sample: Sample, people: People
) -> None:
    judge(sample, people, "flag", leaks=[LEAK])
    for _ in range(3):
        judge(sample, people)
    found = measurement_of(sample.run)
    assert found.total.recall == Rate(4, 5)
    assert found.total.recall.interval == clopper_pearson_interval(4, 5)
    assert found.without_leak == Rate(3, 4)
    assert found.total.precision == Rate(4, 4)
    assert (found.total.characters, found.total.missed_characters) == (4 * 6, 6)
    assert found.characters == sum(
        item.run_note.note.length for item in sample.items.filter(decided=True)
    )


def test_a_marked_over_redaction_is_no_find_and_costs_precision_and_no_recall(
    sample: Sample, people: People
) -> None:
    judge(sample, people, "flag", over_redactions=[DESTROYED])
    judge(sample, people)
    found = measurement_of(sample.run)
    assert found.total.precision == Rate(1, 2)
    assert found.total.recall == Rate(1, 1)
    assert found.recognizers["ner"].wrongly == 1


def test_misses_stand_in_their_own_category(sample: Sample, people: People) -> None:
    judge(sample, people, "flag", leaks=[{**LEAK, "category": "LOCATION"}])
    found = measurement_of(sample.run)
    assert found.categories["NAME"].recall == Rate(1, 1)
    assert found.categories["LOCATION"].recall == Rate(0, 1)
    assert found.share_of("ner") == Rate(1, 2)


def test_skips_and_decisions_taken_back_count_nothing(sample: Sample, people: People) -> None:
    judge(sample, people, "flag", leaks=[LEAK])
    undo(sample=sample, actor=people.reviewer)
    judge(sample, people, "skip", comment="It is in another language.")
    found = measurement_of(sample.run)
    assert found.notes == found.total.replaced == found.total.missed == 0
    assert found.total.recall.interval is None


def test_notes_that_are_read_again_because_they_leaked_count_nothing(
    sample: Sample, people: People
) -> None:
    read_all(sample, people.reviewer, leaks_in=1)
    Leak.objects.update(remedy="known")
    make_notes(people.project, people.operator, 20)
    second = draw_sample(run=make_run(people), actor=people.operator, seed=4)
    mended = second.items.filter(kind="mended").count()
    assert mended == 1
    read_all(second, people.reviewer)
    found = measurement_of(second.run)
    assert found.notes == second.size
    assert found.total.replaced == second.size


def test_runs_are_not_added_up(sample: Sample, people: People) -> None:
    other = make_run(people)
    judge(sample, people)
    found = measurements([sample.run, other])
    assert (found[sample.run.pk].notes, found[other.pk].notes) == (1, 0)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1.0, 100.0), (0.99996, 99.99), (0.5, 50.0), (0.0, 0.0), (0.29, 29.0), (0.57, 57.0)],
)
def test_a_share_below_one_never_reads_as_all(share: float, shown: float) -> None:
    assert floored(share) == shown


def page_of(run: Run, reader: Any) -> str:
    answer = signed_in(reader).get(f"/p/{run.project.slug}/runs/{run.pk}/measurement/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_figures_with_what_they_are_not(sample: Sample, people: People) -> None:
    judge(sample, people, "flag", leaks=[LEAK])
    for _ in range(3):
        judge(sample, people)
    shown = page_of(sample.run, people.compliance)
    assert "4 notes" in shown
    low, high = (100 * limit for limit in clopper_pearson_interval(4, 5))
    assert f"{math.floor(low * 100) / 100:g} to {math.ceil(high * 100) / 100:g} %, n = 5" in shown
    assert "What it is not" in shown
    assert "no recall against the truth" in shown
    assert "Vexley" not in shown


def test_an_unread_run_says_where_the_figures_will_come_from(
    sample: Sample, people: People
) -> None:
    shown = page_of(sample.run, people.compliance)
    assert "Nobody has read a note of this run yet" in shown
    assert "measurement.json" not in shown


def test_the_export_and_the_api_say_the_same(sample: Sample, people: People) -> None:
    judge(sample, people, "flag", leaks=[LEAK])
    client, slug = signed_in(people.compliance), sample.run.project.slug
    file = client.get(f"/p/{slug}/runs/{sample.run_id}/measurement.json")
    assert file.headers["Content-Disposition"].startswith("attachment")
    body = json.loads(file.content)
    answer = client.get(f"/api/v1/projects/{slug}/runs/{sample.run_id}/measurement/")
    assert answer.json() == body
    assert body["recall"]["count"] == 1
    assert body["recall"]["n"] == 2
    assert body["categories"][0]["category"] == "NAME"
    assert body["what_it_is_not"]
    assert "Vexley" not in file.content.decode()


def test_another_project_sees_none_of_it(sample: Sample) -> None:
    stranger = make_member(make_project(), Role.COMPLIANCE)
    slug = sample.run.project.slug
    for address in (
        f"/p/{slug}/runs/measurement/",
        f"/p/{slug}/runs/{sample.run_id}/measurement/",
        f"/p/{slug}/runs/{sample.run_id}/measurement.json",
        f"/api/v1/projects/{slug}/runs/{sample.run_id}/measurement/",
    ):
        assert signed_in(stranger).get(address).status_code in (403, 404)


def test_the_list_of_all_runs_costs_the_same_queries_however_many_there_are(
    sample: Sample, people: People
) -> None:
    judge(sample, people)
    client, address = signed_in(people.compliance), f"/p/{people.project.slug}/runs/measurement/"
    assert "100 %" in client.get(address).content.decode()

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as asked:
            client.get(address)
        return len(asked)

    before = queries()
    for _ in range(4):
        make_run(people)
    assert queries() == before
