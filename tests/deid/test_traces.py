"""The trace in the application: real runs of the real engine, and who may see what of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, SeparationOfDuties, WrongState
from accounts.roles import Role
from audit.models import Entry
from deid import engine_door
from deid.engine import trace as trace_engine
from deid.models import Run, RunNote, SampleItem
from deid.selectors.runs import output_of
from deid.services import add_known_identifier, add_terms, traces
from deid.services.leases import next_items
from deid.services.reviews import decide
from deid.services.samples import draw_sample
from deid.services.traces import explain_item, explain_output
from deid.traces import Part, Shown, Trace
from tests.factories.deid import Scene, import_rows, make_run, make_scene, note_row
from tests.factories.people import make_member, make_project, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

TEXT = (
    "Patient Quillon Vexmorea was seen by Dr. Ottoline Brackwater. MRN: 88400000. "
    "Accession number: KX-77120. Call 555-0142. He came in the clinic. Furosemide 40 mg."
)


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    rows = [note_row(0, text=TEXT), note_row(1, text="KX-77120 was read again."), note_row(2)]
    import_rows(found, rows)
    return found


@pytest.fixture
def run(scene: Scene) -> Run:
    return make_run(scene)


def note_with(run: Run, words: str) -> RunNote:
    for output in run.notes.select_related("note"):
        if words in output.note.raw_text:
            found = output_of(run, output.pk)
            assert found is not None
            return found
    raise AssertionError(words)


def the(trace: Trace, rule: str) -> Part:
    return next(part for part in trace.replaced if part.rule == rule)


def test_each_part_of_the_run_has_its_reason_in_order(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    trace = explain_output(actor=scene.engineer, output=output)
    assert [(p.start, p.end) for p in trace.replaced] == [
        (s["output_start"], s["output_end"]) for s in output.spans
    ]
    assert [(p.rule, p.score) for p in trace.replaced] == [
        (s["rule"], s["score"]) for s in output.spans
    ]
    assert all(part.remark == "" and part.threshold == 0.5 for part in trace.replaced)
    assert trace.same_engine
    assert trace.notes_unread == 0
    titled = the(trace, "titled")
    assert titled.reason == "a name behind a title, such as Mrs. or doctor"
    assert "Dr." in [sign.words for sign in titled.signals]


def test_who_comes_while_another_trace_is_worked_out_is_told_so(
    scene: Scene, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = note_with(run, "Brackwater")
    monkeypatch.setattr(engine_door, "TRACE_PATIENCE_SECONDS", 0.01)
    with engine_door._ONE_TRACE, pytest.raises(WrongState, match="Another trace is being"):
        explain_output(actor=scene.engineer, output=output)
    assert explain_output(actor=scene.engineer, output=output).replaced


def test_a_trace_that_breaks_holds_up_no_other(
    scene: Scene, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = note_with(run, "Brackwater")
    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(trace_engine, "explain_patient", _breaks)
        explain_output(actor=scene.engineer, output=output)
    assert explain_output(actor=scene.engineer, output=output).replaced


def _breaks(*args: Any, **kwargs: Any) -> Any:
    raise MemoryError


def test_words_beside_a_part_that_are_hidden_themselves_are_shown_as_their_tag(
    scene: Scene, run: Run
) -> None:
    output = note_with(run, "Brackwater")
    raw = output.note.raw_text
    shown = repr(asdict(explain_output(actor=scene.engineer, output=output)))
    for span in output.spans:
        surface = raw[span["start"] : span["end"]]
        if sum(c.isalnum() for c in surface) > 3 and surface not in output.text:
            assert surface not in shown
    assert "Quillon" not in shown
    assert "88400000" not in shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ((0, 4), "Seen"),
        ((5, 10), "by [NAME]"),  # ends inside what is hidden
        ((10, 17), "[NAME] and"),  # begins inside it
        ((9, 11), "[NAME]"),
        ((13, 17), "and"),
        ((18, 26), "[DATE] ok"),
        ((24, 26), "ok"),
    ],
)
def test_a_place_that_touches_a_hidden_part_takes_its_whole_tag_in(
    raw: tuple[int, int], shown: str
) -> None:
    # Seen by Ottol and 3/4/7 ok
    spans = [
        {"start": 8, "end": 13, "output_start": 8, "output_end": 14},
        {"start": 18, "end": 23, "output_start": 19, "output_end": 25},
    ]
    output = Shown("Seen by [NAME] and [DATE] ok", spans, "n")
    assert output.words(*raw) == shown


def test_what_was_found_and_left_says_why(scene: Scene, run: Run) -> None:
    trace = explain_output(actor=scene.engineer, output=note_with(run, "Brackwater"))
    left = next(part for part in trace.left if part.outcome == "rejected")
    output = note_with(run, "Brackwater")
    assert output.text[left.start : left.end] == left.words
    assert left.remark == "The rule looked closer and refused it."


def test_what_another_note_was_certain_of_says_so_and_not_which(scene: Scene, run: Run) -> None:
    trace = explain_output(actor=scene.engineer, output=note_with(run, "read again"))
    again = next(p for p in trace.replaced if p.category == "OTHER_ID")
    told = [sign.words for sign in again.signals] + [other.reason for other in again.confirmed_by]
    assert (
        "in 1 other note" in told
        or "found with certainty elsewhere in this patient's notes" in told
    )


def test_each_trace_is_an_entry_with_the_note_and_without_words(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    explain_output(actor=scene.engineer, output=output)
    entry = Entry.objects.get(event="deid.trace")
    assert entry.object_id == str(output.pk)
    assert entry.actor_id == scene.engineer.pk
    assert "Brackwater" not in str(vars(entry))


def test_only_who_may_read_the_output_gets_its_trace(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    officer = make_member(scene.project, Role.COMPLIANCE)
    with pytest.raises(NotAllowed):
        explain_output(actor=officer, output=output)
    assert not Entry.objects.filter(event="deid.trace").exists()
    run.state = Run.State.SIGNED_OFF
    output.run = run
    assert explain_output(actor=officer, output=output).replaced


def test_what_is_mended_after_the_run_is_no_part_of_its_trace(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    before = explain_output(actor=scene.engineer, output=output)
    add_known_identifier(
        patient=output.note.patient, actor=scene.engineer, category="OTHER_ID", value="clinic"
    )
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Furosemide", "NAME")])
    assert explain_output(actor=scene.engineer, output=output) == before


def test_another_engine_than_the_runs_is_said(scene: Scene, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(engine={**run.engine, "engine": "0" * 64})
    run.refresh_from_db()
    output = note_with(run, "Brackwater")
    assert not explain_output(actor=scene.engineer, output=output).same_engine


def test_where_the_engine_of_today_decides_otherwise_the_runs_record_is_told(
    scene: Scene, run: Run
) -> None:
    output = note_with(run, "Brackwater")
    start = output.text.index("Furosemide")
    shift = output.spans[-1]["end"] - output.spans[-1]["output_end"]
    raw = output.note.raw_text.index("Furosemide")
    assert shift or raw
    dropped = next(s for s in output.spans if s["rule"] == "titled")
    kept = [s for s in output.spans if s is not dropped]
    gone = {
        **dropped, "start": raw, "end": raw + 10, "output_start": start, "output_end": start + 10,
        "category": "NAME", "rule": "labelled",
    }  # fmt: skip
    output.spans = sorted([*kept, gone], key=lambda s: s["start"])
    trace = explain_output(actor=scene.engineer, output=output)
    told = next(p for p in trace.replaced if p.rule == "labelled")
    assert "engine of today would leave this" in told.remark
    assert told.reason == "a name in a field for a person, such as Patient:"
    assert told.threshold is None
    assert any(p.outcome == "replaced_now" for p in trace.left)


def test_a_patient_with_very_much_text_is_not_read_whole(
    scene: Scene, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "MOST_CHARACTERS", 10)
    trace = explain_output(actor=scene.engineer, output=note_with(run, "Brackwater"))
    assert trace.notes_unread == 1
    assert trace.replaced


# ---- in a round of review


@pytest.fixture
def item(scene: Scene, run: Run) -> SampleItem:
    sample = draw_sample(run=run, actor=scene.engineer, seed=7)
    reviewer = make_member(scene.project, Role.REVIEWER)
    return next_items(sample=sample, reviewer=reviewer, prefetch=0)[0]


def test_a_reviewer_gets_the_trace_of_the_note_they_hold(item: SampleItem) -> None:
    reviewer = item.leased_to
    assert reviewer is not None
    assert explain_item(actor=reviewer, item=item).replaced
    assert Entry.objects.get(event="deid.trace").purpose == "review"


def test_nobody_else_gets_it_and_no_one_after_the_decision(scene: Scene, item: SampleItem) -> None:
    reviewer, other = item.leased_to, make_member(scene.project, Role.REVIEWER)
    assert reviewer is not None
    with pytest.raises(WrongState):
        explain_item(actor=other, item=item)
    with pytest.raises((NotAllowed, SeparationOfDuties)):
        explain_item(actor=scene.engineer, item=item)
    decide(item=item, actor=reviewer, verdict="skip", comment="later", seconds=9)
    item.refresh_from_db()
    with pytest.raises(WrongState):
        explain_item(actor=reviewer, item=item)
    assert not Entry.objects.filter(event="deid.trace").exists()


# ---- over HTTP


def api(run: Run, rest: str) -> str:
    return f"/api/v1/projects/{run.project.slug}/{rest}"


def test_the_api_gives_the_trace_of_a_runs_note(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    address = api(run, f"runs/{run.pk}/notes/{output.pk}/trace/")
    answer = signed_in(scene.engineer).get(address)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    assert set(body) == {"replaced", "left", "same_engine", "notes_unread", "remarks"}
    assert len(body["replaced"]) == len(output.spans)
    assert "Ottoline" not in answer.content.decode()
    officer = make_member(scene.project, Role.COMPLIANCE)
    assert signed_in(officer).get(address).status_code == 403
    stranger = make_member(make_project(), Role.DATA_ENGINEER)
    assert signed_in(stranger).get(address).status_code in (403, 404)
    assert Client().get(address).status_code == 403


def test_the_api_gives_the_reviewer_the_trace_and_the_short_reason(item: SampleItem) -> None:
    reviewer, sample = item.leased_to, item.sample
    assert reviewer is not None
    client = signed_in(reviewer)
    note = client.get(api(sample.run, f"samples/{sample.pk}/next/")).json()["note"]
    assert all(span["reason"] for span in note["spans"])
    answer = client.get(api(sample.run, f"samples/{sample.pk}/notes/{note['id']}/trace/"))
    assert answer.status_code == 200
    places = [(part["start"], part["end"]) for part in answer.json()["replaced"]]
    assert places == [(span["start"], span["end"]) for span in note["spans"]]
    elsewhere = api(sample.run, f"samples/{sample.pk}/notes/{sample.pk}/trace/")
    assert client.get(elsewhere).status_code == 404


def test_the_page_of_a_note_tells_the_whole_trace_when_asked(scene: Scene, run: Run) -> None:
    output = note_with(run, "Brackwater")
    client = signed_in(scene.engineer)
    address = reverse("deid:run-note", args=[scene.project.slug, run.pk, output.pk])
    short = client.get(address).content.decode()
    assert "a name behind a title, such as Mrs. or doctor" in short
    assert "words before it announce it" not in short
    assert not Entry.objects.filter(event="deid.trace").exists()
    whole = client.get(f"{address}?why=1").content.decode()
    assert "words before it announce it" in whole
    assert "Ottoline" not in whole
    assert "may differ" not in whole
    assert Entry.objects.filter(event="deid.trace").count() == 1
    Run.objects.filter(pk=run.pk).update(engine={}, finished_at=timezone.now())
    Run.objects.filter(pk=run.pk).update(engine={"engine": "older"})
    assert "may differ" in client.get(f"{address}?why=1").content.decode()
