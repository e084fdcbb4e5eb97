"""A round is drawn within strata, and its figures stand for each of them."""

from __future__ import annotations

from collections import Counter

import pytest

from deid.models import Run, Sample
from deid.sampling import stratified_bound
from deid.selectors.bound import bound_scope
from deid.selectors.frame import frame_of, strata_sizes
from deid.selectors.reviews import progress
from deid.services.samples import draw_sample
from evidence.statistics import Stratum
from tests.factories.reviews import People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2, sample_fraction=0.5)


@pytest.fixture
def run(people: People) -> Run:
    """60 letters of which the engine is unsure, 40 it is sure of, and 4 of another type."""
    notes = make_notes(people.project, people.operator, 104)
    people.project.notes.filter(pk__in=[note.pk for note in notes[100:]]).update(
        note_type="ED note"
    )
    return make_run(people, notes, scores=[0.6] * 60 + [0.8] * 44)


def test_notes_are_told_apart_by_how_sure_the_engine_was_and_by_type(run: Run) -> None:
    frame = frame_of(run)
    assert {name: len(notes) for name, notes in frame.items()} == {
        "sure, progress note, internal medicine": 40,
        "the rest": 4,
        "unsure, progress note, internal medicine": 60,
    }
    assert strata_sizes(run) == {name: len(notes) for name, notes in frame.items()}


def test_each_stratum_gives_its_planned_share(run: Run, people: People) -> None:
    sample = draw_sample(run=run, actor=people.operator, seed=3)
    drawn = Counter(sample.items.values_list("stratum", flat=True))
    assert drawn == sample.plan["sizes"]
    assert sum(drawn.values()) == sample.size
    assert {name: drawn[name] / n for name, n in sample.plan["populations"].items()} == {
        name: pytest.approx(0.5) for name in drawn
    }


def test_the_same_seed_draws_the_same_notes(run: Run, people: People) -> None:
    first = draw_sample(run=run, actor=people.operator, seed=3)
    drawn = list(first.items.values_list("run_note", "stratum"))
    first.delete()
    again = draw_sample(run=run, actor=people.operator, seed=3)
    assert list(again.items.values_list("run_note", "stratum")) == drawn


def test_the_header_holds_while_some_strata_are_unread(run: Run, people: People) -> None:
    sample = draw_sample(run=run, actor=people.operator, seed=3)
    shown = progress(sample)
    assert shown["upper"] is None
    assert shown["best_upper"] == sample.plan["what_if"][0]["upper"] <= sample.limit


def test_the_result_is_the_bound_over_all_strata_and_shows_each(run: Run, people: People) -> None:
    sample = draw_sample(run=run, actor=people.operator, seed=3)
    read_all(sample, people.reviewer, leaks_in=1)
    rows = sample.result["strata"]
    strata = [Stratum(r["name"], r["population"], r["read"], r["leaks"]) for r in rows]
    assert sum(s.events for s in strata) == sample.result["leaks"] == 1
    bound = stratified_bound(strata, sample.confidence)
    assert (sample.result["estimate"], sample.result["upper"]) == (bound.estimate, bound.upper)
    assert all(r["leaks"] / r["population"] <= r["upper"] <= 1 for r in rows)


def test_a_round_planned_without_strata_is_judged_as_one(run: Run, people: People) -> None:
    sample = draw_sample(run=run, actor=people.operator, seed=3)
    del sample.plan["populations"], sample.plan["sizes"]
    sample.save(update_fields=["plan"])
    sample.items.update(stratum="")
    read_all(sample, people.reviewer)
    assert sample.state == Sample.State.PASSED
    assert [row["name"] for row in sample.result["strata"]] == [""]
    assert bound_scope(sample).population == sample.population
