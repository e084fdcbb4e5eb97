"""Runs: chunks by patient, one commit each, a frozen manifest; kills, cancelling, refusals.

The engine that runs here is the real one.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from accounts.errors import NotAllowed, WrongState
from accounts.roles import Role
from audit.models import Entry
from deid.engine import Term, default_policy
from deid.engine_door import default_content
from deid.lookups import note_lookup
from deid.models import Chunk, Note, Run, RunNote
from deid.policy_content import edited
from deid.selectors import notes_at, read_output, read_raw_note, split_output
from deid.services import (
    add_known_identifier,
    add_terms,
    cancel_run,
    chunks,
    current_policy,
    resume_run,
    runs,
    start_run,
)
from deid.services.run_manifest import outputs_digest
from evidence.digests import commitment
from evidence.manifests import Manifest, Parent
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import (
    Scene,
    chunk_jobs,
    csv_of,
    finish,
    import_rows,
    make_batch,
    make_run,
    make_scene,
    note_row,
)
from tests.factories.people import make_member, make_user

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    import_rows(found, [note_row(n) for n in range(8)])
    return found


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "NOTES_PER_CHUNK", 4)


def texts(run: Run) -> dict[Any, tuple[str, int | None, str]]:
    return {o.note_id: (o.text, o.summary_start, str(o.spans)) for o in run.notes.all()}


def test_it_hides_what_is_known_of_a_patient_in_note_and_summary(scene: Scene) -> None:
    run = make_run(scene)
    assert run.state == Run.State.DONE
    assert run.notes.count() == run.note_count == 8
    for output in run.notes.select_related("note"):
        assert "Quillon" not in output.text
        assert "Vexmore" not in output.text
        assert "8840" not in output.text
        assert "Furosemide 40 mg" in output.text
        assert "known_identifier" in {span["recognizer"] for span in output.spans}
        note, summary = split_output(output)
        assert summary is not None
        assert summary.startswith("[NAME]")
        assert "SUMMARY" not in note
        assert summary.endswith("has heart failure, on furosemide.")


def test_a_note_without_summary_has_no_summary_start(scene: Scene) -> None:
    other = make_scene()
    import_rows(other, [note_row(0, summary="")])
    output = make_run(other).notes.get()
    assert output.summary_start is None
    assert split_output(output) == (output.text, None)


def test_every_span_says_where_what_and_why_and_never_its_surface(scene: Scene) -> None:
    output = make_run(scene).notes.select_related("note").first()
    assert output is not None
    raw = read_raw_note(actor=scene.engineer, note=output.note, purpose="test")
    assert output.span_count == len(output.spans) > 0
    for span in output.spans:
        tag = output.text[span["output_start"] : span["output_end"]]
        assert tag == span["tag"]
        assert span["recognizer"]
        assert 0 < span["score"] <= 1
        assert raw[span["start"] : span["end"]] not in str(span)


def test_all_notes_of_a_patient_lie_in_one_chunk(scene: Scene, small_chunks: None) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    cuts = list(run.chunks.all())
    assert [chunk.note_count for chunk in cuts] == [4, 4]
    seen = [patient.pk for chunk in cuts for patient in chunk.patients.all()]
    assert len(seen) == len(set(seen)) == run.patient_count == 4


def test_a_long_patient_is_a_chunk_of_its_own(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "CHARACTERS_PER_CHUNK", 10)
    run = start_run(project=scene.project, actor=scene.engineer)
    assert run.chunks.count() == 4


def test_the_manifest_names_what_the_run_was_made_from(scene: Scene) -> None:
    run = make_run(scene)
    manifest = Manifest.from_dict(run.manifest)
    assert manifest.digest == run.digest
    batch = scene.project.imports.get()
    assert set(manifest.parents) == {
        Parent("import_batch", batch.digest),
        Parent("policy_version", run.policy.commitment),
    }
    assert manifest.body["outputs"] == outputs_digest(run)
    assert run.counts["NAME"] >= 16
    assert manifest.body["counts"] == run.counts
    assert sum(manifest.body["detectors"]["NAME"].values()) == run.counts["NAME"]
    assert "Quillon" not in manifest.canonical().decode()
    for output in run.notes.all():
        assert output.commitment == commitment(output.text.encode(), output.salt)


class _Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing of the job's own clean-up runs."""


def test_a_killed_chunk_starts_anew_and_the_result_is_the_same(
    scene: Scene, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = texts(make_run(scene))
    run = start_run(project=scene.project, actor=scene.engineer)
    first, second = chunk_jobs(run)
    run_job(first.pk)
    real = chunks._patient_outputs
    monkeypatch.setattr(chunks, "_patient_outputs", _raise_killed)
    with pytest.raises(_Killed):
        run_job(second.pk)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING
    assert run.notes.count() == 4
    Job.objects.filter(pk=second.pk).update(lease_until=None)  # the lease runs out
    monkeypatch.setattr(chunks, "_patient_outputs", real)
    run_job(second.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert texts(run) == whole


def _raise_killed(*args: object) -> None:
    raise _Killed


def test_a_chunk_that_is_delivered_twice_is_written_once(scene: Scene) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    (job,) = chunk_jobs(run)
    run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    run_job(job.pk)
    assert run.notes.count() == 8
    assert Entry.objects.filter(event="deid.run", reason="end").count() == 1


def test_a_kill_between_last_chunk_and_freezing_is_mended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    (job,) = chunk_jobs(run)
    real = chunks.finalise_run
    monkeypatch.setattr(chunks, "finalise_run", _raise_killed)
    with pytest.raises(_Killed):
        run_job(job.pk)
    monkeypatch.setattr(chunks, "finalise_run", real)
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    run_job(job.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_a_cancelled_run_keeps_its_chunks_and_resumes_behind_them(
    scene: Scene, small_chunks: None
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    run_job(chunk_jobs(run)[0].pk)
    run = cancel_run(run=run, actor=scene.engineer)
    assert run.state == Run.State.CANCELLED
    assert not chunk_jobs(run)
    assert run.notes.count() == 4
    kept = set(run.notes.values_list("pk", flat=True))
    resumed = resume_run(run=run, actor=scene.engineer)
    assert resume_run(run=run, actor=scene.engineer) == resumed  # a double click asks twice
    finish(resumed)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert kept < set(run.notes.values_list("pk", flat=True))


def test_a_failed_chunk_stops_the_run_and_the_others_go_on(
    scene: Scene, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    first, second = chunk_jobs(run)
    real = chunks._patient_outputs
    monkeypatch.setattr(chunks, "_patient_outputs", _fail_with_content)
    run_job(first.pk)
    monkeypatch.setattr(chunks, "_patient_outputs", real)
    first.refresh_from_db()
    assert first.state == Job.State.FAILED
    assert "Quillon" not in first.error_message
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    run_job(second.pk)
    assert run.notes.count() == 4
    finish(resume_run(run=run, actor=scene.engineer))
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def _fail_with_content(*args: object) -> None:
    raise ValueError("Quillon Vexmore")


def test_a_run_reads_the_versions_of_its_start(scene: Scene, small_chunks: None) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    import_rows(scene, [note_row(0, text="A wholly new text."), note_row(90)])
    assert notes_at(run).count() == 8
    finish(run)
    assert run.notes.count() == 8
    assert not any("wholly new" in output.text for output in run.notes.all())
    assert any("wholly new" in output.text for output in make_run(scene).notes.all())


def test_a_term_makes_a_new_version_that_holds_from_the_next_run_on(scene: Scene) -> None:
    before = make_run(scene)
    add_terms(
        project=scene.project, actor=scene.engineer, terms=[("Furosemide", "OTHER_ID")], note="test"
    )
    after = make_run(scene)
    assert (before.policy.number, after.policy.number) == (1, 2)
    assert "Furosemide" in before.notes.first().text
    assert not any("Furosemide" in output.text for output in after.notes.all())


def test_a_known_identifier_of_a_reviewer_is_hidden_in_the_next_run(scene: Scene) -> None:
    note = Note.objects.get(external_lookup=note_lookup(scene.project.pk, "N-0"))
    for _ in range(2):
        add_known_identifier(
            patient=note.patient, actor=scene.engineer, category="OTHER_ID", value="heart failure"
        )
    assert note.patient.known.filter(source="review").count() == 1
    run = make_run(scene)
    assert "heart failure" not in run.notes.get(note=note).text
    assert sum("heart failure" in o.text for o in run.notes.all()) == 6


def test_the_first_policy_is_the_engine_default(scene: Scene) -> None:
    version = current_policy(scene.project)
    assert (version.number, version.term_count) == (1, 0)
    assert current_policy(scene.project).pk == version.pk


def test_policies_are_made_without_the_engine_as_the_engine_would_make_them() -> None:
    policy = default_policy()
    assert default_content() == policy.to_dict()
    terms = [("Vexmore", "NAME"), ("Vexmore", "NAME"), ("Oxmere", "LOCATION")]
    made = edited(
        default_content(), thresholds=default_content()["thresholds"], terms=terms, allow_terms=[]
    )
    assert {**made, "version": "2"} == policy.with_terms(
        [Term(*term) for term in terms], version="2"
    ).to_dict()


def test_a_run_needs_notes() -> None:
    empty = make_scene()
    with pytest.raises(WrongState, match="no notes"):
        start_run(project=empty.project, actor=empty.engineer)
    assert not Run.objects.exists()


def test_a_run_waits_for_imports_and_for_other_runs(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(40)]))
    batch.state = "importing"
    batch.save()
    with pytest.raises(WrongState, match="not finished"):
        start_run(project=scene.project, actor=scene.engineer)
    batch.state = "uploaded"
    batch.save()
    start_run(project=scene.project, actor=scene.engineer)
    with pytest.raises(WrongState, match="still running"):
        start_run(project=scene.project, actor=scene.engineer)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)])
def test_only_a_data_engineer_runs_and_edits_the_policy(scene: Scene, role: Role) -> None:
    person = make_member(scene.project, role)
    with pytest.raises(NotAllowed):
        start_run(project=scene.project, actor=person)
    with pytest.raises(NotAllowed):
        add_terms(project=scene.project, actor=person, terms=[("Vexmore", "NAME")])
    note = Note.objects.first()
    assert note is not None
    with pytest.raises(NotAllowed):
        add_known_identifier(patient=note.patient, actor=person, category="NAME", value="Vexmore")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE, Role.ML_ADMIN, Role.COMMITTEE])
def test_it_refuses_raw_text_to_roles_that_may_not_and_records_it(scene: Scene, role: Role) -> None:
    person, note = make_member(scene.project, role), Note.objects.first()
    assert note is not None
    with pytest.raises(NotAllowed):
        read_raw_note(actor=person, note=note, purpose="curiosity")
    denied = Entry.objects.using("trail").get(event="access.denied", actor_id=person.pk)
    assert denied.outcome == "denied"


def test_a_system_administrator_reads_no_note(scene: Scene) -> None:
    sysadmin, note = make_user("Root", sysadmin=True), Note.objects.first()
    assert note is not None
    output = make_run(scene).notes.first()
    assert output is not None
    with pytest.raises(NotAllowed):
        read_raw_note(actor=sysadmin, note=note, purpose="because I can")
    with pytest.raises(NotAllowed):
        read_output(actor=sysadmin, output=output, purpose="because I can")


def test_every_reading_of_raw_text_is_in_the_trail(scene: Scene) -> None:
    note = Note.objects.first()
    assert note is not None
    reviewer = make_member(scene.project, Role.REVIEWER)
    assert "Quillon" in read_raw_note(actor=reviewer, note=note, purpose="compare")
    entry = Entry.objects.get(event="phi.read", object_type="deid.Note")
    assert (entry.actor_id, entry.object_id) == (reviewer.pk, str(note.pk))


def test_an_unreviewed_output_is_guarded_like_a_raw_note(scene: Scene) -> None:
    run = make_run(scene)
    auditor, output = make_member(scene.project, Role.AUDITOR), run.notes.first()
    assert output is not None
    with pytest.raises(NotAllowed):
        read_output(actor=auditor, output=output, purpose="look")


def test_what_a_run_wrote_cannot_be_changed(scene: Scene) -> None:
    run = make_run(scene)
    with pytest.raises(ProgrammingError), transaction.atomic():
        RunNote.objects.filter(run=run).update(span_count=0)
    assert Chunk.objects.filter(run=run, done_at=None).count() == 0
