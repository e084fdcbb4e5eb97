"""Runs that write surrogates: the same for a patient, the same when done again, and no way back.

The engine that runs here is the real one.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import InvalidInput, NotAllowed, WrongState
from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from datasets_app.services.examples import run_notes
from deid.evidence import collect
from deid.models import Chunk, Patient, Run, RunNote, SurrogateEntry, SurrogateKey, SurrogateMap
from deid.selectors import shown_spans, split_output
from deid.selectors.notes import composed
from deid.services import (
    cancel_run,
    chunks,
    delete_map,
    look_up,
    resume_run,
    runs,
    start_run,
)
from deid.services.surrogates import keys_of
from evidence.digests import digest_of
from evidence.sections import Scope
from jobs.services import run_job
from tests.factories.deid import (
    Scene,
    chunk_jobs,
    finish,
    import_rows,
    make_run,
    make_scene,
    note_row,
    write_surrogates,
)
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
REASON = "Follow-up of incidental findings"


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    import_rows(found, [note_row(n) for n in range(8)])
    write_surrogates(found)
    return found


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "NOTES_PER_CHUNK", 4)


@pytest.fixture
def officer(scene: Scene) -> User:
    return make_member(scene.project, Role.COMPLIANCE)


def with_map(scene: Scene) -> Run:
    return finish(
        start_run(project=scene.project, actor=scene.engineer, keep_map=True, map_reason=REASON)
    )


def outputs(run: Run) -> list[RunNote]:
    return list(run.notes.select_related("note__patient").order_by("note_id"))


def fake_name(output: RunNote) -> str:
    found = re.match(r"Patient ([A-Z]\w+ [A-Z]\w+) was seen", output.text)
    assert found is not None
    return found[1]


def test_a_patient_has_one_fake_name_over_all_notes_and_other_patients_have_others(
    scene: Scene,
) -> None:
    names: dict[Any, set[str]] = {}
    for output in outputs(make_run(scene)):
        assert "Quillon" not in output.text
        assert "Vexmore" not in output.text
        assert "Furosemide 40 mg" in output.text
        _note, summary = split_output(output)
        assert (summary or "").startswith(fake_name(output))
        names.setdefault(output.note.patient_id, set()).add(fake_name(output))

    assert {len(found) for found in names.values()} == {1}
    assert len(set().union(*names.values())) == 4


def test_a_span_says_what_stood_there_and_holds_neither_original_nor_surrogate(
    scene: Scene,
) -> None:
    output = outputs(make_run(scene))[0]
    raw = composed(output.note)
    for span, shown in zip(output.spans, shown_spans(output), strict=True):
        assert shown["surrogate"] == (shown["written"] != span["tag"])
        assert raw[span["start"] : span["end"]] not in json.dumps(output.spans)
        if shown["surrogate"]:
            assert shown["written"] not in json.dumps(output.spans)
    assert "[NAME]" in {span["tag"] for span in output.spans}


def test_a_chunk_that_is_done_again_writes_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    lost: list[dict[Any, str]] = []

    def killed(chunk: Chunk, found: list[RunNote], *others: object) -> None:
        lost.append({output.note_id: output.text for output in found})
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(chunks, "_commit", killed)
        run_job(chunk_jobs(run)[0].pk)
    assert SurrogateKey.objects.filter(run=run).count() == 4
    for job in chunk_jobs(run):
        job.lease_until = None
        job.save()
    finish(run)

    assert lost == [{output.note_id: output.text for output in outputs(run)}]


def test_keys_lie_encrypted_while_the_run_works_and_go_when_it_is_finished(
    scene: Scene, small_chunks: None
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    run_job(chunk_jobs(run)[0].pk)
    keys = {bytes(row.key) for row in SurrogateKey.objects.filter(run=run)}
    assert len(keys) == 2
    cancel_run(run=run, actor=scene.engineer)
    assert SurrogateKey.objects.filter(run=run).count() == 2
    finish(resume_run(run=run, actor=scene.engineer))

    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert not SurrogateKey.objects.exists()
    assert not SurrogateMap.objects.exists()


def test_a_chunk_that_comes_late_brings_no_key_back(scene: Scene) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    stale = Run.objects.get(pk=run.pk)  # as a worker read it before another one finished the run
    patients = list(Patient.objects.values_list("pk", flat=True))
    assert set(keys_of(stale, patients) or {}) == set(patients)
    finish(run)

    assert stale.state == Run.State.RUNNING
    assert keys_of(stale, patients) is None
    assert not SurrogateKey.objects.exists()


def test_a_chunk_whose_run_ends_before_it_has_its_keys_writes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    (job,) = chunk_jobs(run)

    def cancelled_meanwhile(*wanted: Any) -> dict[Any, bytes] | None:
        Run.objects.filter(pk=run.pk).update(state="cancelled")
        return keys_of(*wanted)

    monkeypatch.setattr(chunks, "keys_of", cancelled_meanwhile)
    run_job(job.pk)

    assert not SurrogateKey.objects.exists()
    assert not run.notes.exists()


def test_a_run_that_a_worker_writes_keys_for_is_not_finished_meanwhile(scene: Scene) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    with CaptureQueriesContext(connection) as queries:
        keys_of(run, list(Patient.objects.values_list("pk", flat=True)))
    locked, written = (
        next(n for n, q in enumerate(queries) if words in q["sql"])
        for words in ("FOR NO KEY UPDATE", "INSERT INTO")
    )
    assert locked < written


def test_the_package_says_that_keys_are_destroyed_only_when_none_is_left(scene: Scene) -> None:
    run = make_run(scene)
    scope = Scope(str(scene.project.pk), "0" * 32)
    assert "the keys were destroyed" in str(collect(scope))
    SurrogateKey.objects.create(run=run, patient=Patient.objects.first(), key=b"k" * 32)
    written = str(collect(scope))
    assert "the keys were destroyed" not in written
    assert "still lie encrypted" in written


def test_a_run_that_writes_tags_makes_no_key() -> None:
    other = make_scene()
    import_rows(other, [note_row(0)])
    run = start_run(project=other.project, actor=other.engineer)
    run_job(chunk_jobs(run)[0].pk)

    assert not SurrogateKey.objects.exists()
    assert run.notes.get().text.startswith("Patient [NAME]")


def test_two_runs_have_no_surrogates_in_common(scene: Scene) -> None:
    first, second = make_run(scene), make_run(scene)

    assert {fake_name(o) for o in outputs(first)} != {fake_name(o) for o in outputs(second)}


@pytest.mark.parametrize(
    ("shift", "profile", "method"),
    [
        (False, "safe_harbor_strict", "Safe Harbor"),
        (True, "expert_determination_shift", "Expert Determination"),
    ],
)
def test_manifest_and_package_state_the_output_and_its_method(
    scene: Scene, shift: bool, profile: str, method: str
) -> None:
    write_surrogates(scene, date_shift=shift)
    run = make_run(scene)
    manifest = run.manifest
    assert manifest is not None

    assert manifest["body"]["output"] == {
        "output": "surrogates", "date_shift": shift, "profile": profile, "method": method,
        "citation": "45 CFR 164.514(b)(1)" if shift else "45 CFR 164.514(b)(2)", "map": False,
    }  # fmt: skip
    assert digest_of(manifest) == run.digest
    written = str(collect(Scope(str(scene.project.pk), "0" * 32)))
    assert f"({method})" in written
    assert "replaced by a surrogate" in written
    assert ("dates shifted" in written) is shift


def test_shifted_dates_keep_their_distance_within_a_patient_and_differ_between_patients() -> None:
    from datetime import date

    scene = make_scene()
    rows = [
        note_row(n, text=f"Seen on 2024-03-{1 + n:02}. Furosemide 40 mg.", summary="")
        for n in range(8)
    ]
    import_rows(scene, rows)
    write_surrogates(scene, date_shift=True)
    offsets: dict[Any, set[int]] = {}
    for output in outputs(make_run(scene)):
        old = re.search(r"\d{4}-\d\d-\d\d", composed(output.note))
        new = re.search(r"\d{4}-\d\d-\d\d", output.text)
        if old and new:
            days = date.fromisoformat(new[0]) - date.fromisoformat(old[0])
            offsets.setdefault(output.note.patient_id, set()).add(days.days)

    assert {len(days) for days in offsets.values()} == {1}
    assert len(set().union(*offsets.values())) == len(offsets) == 4


def test_datasets_take_the_surrogate_text_as_it_is(scene: Scene) -> None:
    run = make_run(scene)
    for taken, output in zip(run_notes(run), outputs(run), strict=True):
        assert split_output(taken) == split_output(output)
        assert fake_name(taken) in split_output(taken)[0]


def test_no_map_is_kept_unless_one_is_asked_for(scene: Scene, officer: User) -> None:
    run = make_run(scene)
    with pytest.raises(WrongState, match="No map was asked for"):
        look_up(run=run, actor=officer, surrogate="anything", purpose="safety")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_map_needs_a_reason(scene: Scene, reason: str) -> None:
    with pytest.raises(InvalidInput, match="needs a reason"):
        start_run(project=scene.project, actor=scene.engineer, keep_map=True, map_reason=reason)
    assert not Run.objects.exists()


def test_a_reason_alone_keeps_no_map(scene: Scene) -> None:
    with pytest.raises(InvalidInput, match="no map was asked for"):
        start_run(project=scene.project, actor=scene.engineer, keep_map=False, map_reason=REASON)
    assert not Run.objects.exists()


def test_a_map_of_tags_is_refused() -> None:
    other = make_scene()
    import_rows(other, [note_row(0)])
    with pytest.raises(InvalidInput, match="writes surrogates"):
        start_run(project=other.project, actor=other.engineer, keep_map=True, map_reason=REASON)


def test_one_surrogate_is_looked_up_and_every_look_up_is_recorded(
    scene: Scene, officer: User
) -> None:
    run = with_map(scene)
    output = outputs(run)[0]
    name = fake_name(output)
    raw = re.match(r"Patient (\w+ \w+) was seen", composed(output.note))
    assert raw is not None

    found = look_up(run=run, actor=officer, surrogate=f"  {name.upper()} ", purpose="safety")
    assert {(e.original, e.category, e.surrogate) for e in found} == {(raw[1], "NAME", name)}
    assert look_up(run=run, actor=officer, surrogate="Nobody Else", purpose="inquiry") == []
    entries = Entry.objects.filter(event="deid.reid", action="R").order_by("occurred_at")
    assert [(e.purpose, e.details["entries"]) for e in entries] == [("safety", 1), ("inquiry", 0)]
    assert name not in json.dumps([e.details for e in entries])


def test_a_map_holds_each_pair_of_a_patient_once(scene: Scene) -> None:
    run = with_map(scene)
    pairs = [
        (e.patient_id, e.category, e.surrogate, e.original) for e in SurrogateEntry.objects.all()
    ]
    assert len(pairs) == len(set(pairs)) == 8
    assert run.manifest is not None
    assert run.manifest["body"]["output"]["map"] is True
    assert not SurrogateKey.objects.exists()


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COMPLIANCE, Role.SYSADMIN)])
def test_nobody_but_a_compliance_officer_looks_up_or_deletes(scene: Scene, role: Role) -> None:
    run = with_map(scene)
    other = make_member(scene.project, role)
    with pytest.raises(NotAllowed):
        look_up(run=run, actor=other, surrogate="anything", purpose="safety")
    with pytest.raises(NotAllowed):
        delete_map(run=run, actor=other)
    assert SurrogateEntry.objects.exists()


@pytest.mark.parametrize(
    ("surrogate", "purpose"), [("", "safety"), ("x" * 301, "safety"), ("Ann", "curiosity")]
)
def test_a_look_up_needs_a_surrogate_and_one_of_the_purposes(
    scene: Scene, officer: User, surrogate: str, purpose: str
) -> None:
    run = with_map(scene)
    with pytest.raises(InvalidInput, match="Nothing was looked up"):
        look_up(run=run, actor=officer, surrogate=surrogate, purpose=purpose)


def test_a_deleted_map_is_gone_and_its_row_says_who_deleted_it(scene: Scene, officer: User) -> None:
    run = with_map(scene)
    name = fake_name(outputs(run)[0])
    delete_map(run=run, actor=officer)

    assert not SurrogateEntry.objects.exists()
    assert SurrogateMap.objects.get().deleted_by == officer
    with pytest.raises(WrongState, match="was deleted"):
        look_up(run=run, actor=officer, surrogate=name, purpose="safety")
    with pytest.raises(WrongState, match="was deleted"):
        delete_map(run=run, actor=officer)
    assert fake_name(outputs(run)[0]) == name
    actions = (
        Entry.objects.filter(event="deid.reid")
        .order_by("occurred_at")
        .values_list("action", flat=True)
    )
    assert list(actions) == ["C", "D"]


def test_a_map_that_is_deleted_while_the_run_works_gets_nothing_more(
    scene: Scene, officer: User, small_chunks: None
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer, keep_map=True, map_reason=REASON)
    run_job(chunk_jobs(run)[0].pk)
    assert SurrogateEntry.objects.exists()
    delete_map(run=run, actor=officer)
    finish(run)

    assert run.notes.count() == 8
    assert not SurrogateEntry.objects.exists()


def test_nothing_of_a_map_can_be_read_in_the_database(scene: Scene) -> None:
    with_map(scene)
    rows = SurrogateEntry.objects.values("surrogate", "original")
    stored = b"".join(bytes(row["surrogate"]) + bytes(row["original"]) for row in rows)
    kept = bytes(SurrogateMap.objects.values_list("reason", flat=True)[0])

    assert b"Quillon" not in stored
    assert REASON.encode() not in kept
