"""Trials: differences only, chunk by chunk; kills, cancelling, dropping. The engine is real."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import InvalidInput, NotAllowed, WrongState
from accounts.roles import Role
from audit.models import Entry
from deid.models import PolicyDraft, PolicyTrial, Run, RunNote, TrialChunk, TrialNote
from deid.selectors import changed_notes, read_differences, verdict_words
from deid.services import (
    adopt_policy_draft,
    cancel_trial,
    change_policy_draft,
    drop_policy_draft,
    resume_trial,
    runs,
    start_run,
    start_trial,
    trial_chunks,
)
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import Scene, import_rows, make_run, make_scene, note_row
from tests.factories.people import make_member
from tests.factories.policies import (
    content_of,
    finish_trial,
    make_draft,
    make_trial,
    trial_jobs,
)

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    import_rows(found, [note_row(n) for n in range(8)])
    return found


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "NOTES_PER_CHUNK", 4)


def differences(trial: PolicyTrial) -> list[tuple[Any, str]]:
    rows = trial.notes.order_by("note_id")
    return [(row.note_id, str(row.differences)) for row in rows]


def test_a_trial_counts_what_the_draft_hides_more_and_fewer(scene: Scene) -> None:
    draft = make_draft(
        scene, terms=[("Furosemide", "OTHER_ID")], thresholds={"default": 0.5, "DATE_AGE": 0.99}
    )
    trial = make_trial(scene, draft)
    assert trial.state == PolicyTrial.State.DONE
    assert trial.result is not None
    # In each note and in its summary, and nowhere else.
    assert trial.result["totals"] == {"more": 16, "fewer": 0, "other": 0, "changed_notes": 8}
    assert verdict_words(trial.result["totals"]) == "The draft hides 16 more."
    assert trial.result["counts"]["OTHER_ID"] == [0, 16]
    before, after = trial.result["counts"]["NAME"]
    assert before == after > 0


def test_a_raised_threshold_and_an_allow_term_show_as_fewer(scene: Scene) -> None:
    text = "Seen by Dr. Marisol Trentwick on 3 March 2024."
    import_rows(scene, [note_row(90, text=text, summary="")])
    draft = make_draft(scene, allow=["3 March 2024"], thresholds={"default": 0.5, "NAME": 1.0})
    trial = make_trial(scene, draft)
    assert trial.result is not None
    assert trial.result["totals"]["fewer"] >= 2
    row = changed_notes(trial).get()
    found = {e["category"] for e in row.differences if e["kind"] == "fewer"}
    assert found == {"NAME", "DATE_AGE"}


def test_it_stores_differences_only_and_no_text_of_a_note(scene: Scene) -> None:
    trial = make_trial(scene, make_draft(scene, allow=["Furosemide"]))
    assert trial.notes.count() == 8
    assert all(row.differences is None for row in trial.notes.all())
    trial = make_trial(scene, make_draft(scene, terms=[("Furosemide", "OTHER_ID")]))
    for row in trial.notes.all():
        for entry in row.differences:
            shown = str(entry)
            for secret in ("Quillon", "Vexmore", "8840", "Furosemide", "40"):
                assert secret not in (entry["before"] + entry["behind"])
            assert "Quillon" not in shown
    with connection.cursor() as cursor:
        cursor.execute("SELECT differences FROM deid_trialnote WHERE differences IS NOT NULL")
        assert all(b"kind" not in bytes(stored) for (stored,) in cursor.fetchall())


def test_the_sample_is_random_of_the_asked_size_and_repeats_with_its_seed(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    drawn = []
    for seed in (1, 1, 2, 3, 4):
        trial = finish_trial(start_trial(draft=draft, actor=scene.engineer, size=3, seed=seed))
        assert (trial.note_count, trial.population) == (3, 8)
        # The other note of each patient is read as well, as a run would.
        assert trial.read_count == 2 * trial.notes.values("note__patient").distinct().count()
        drawn.append(set(trial.notes.values_list("note", flat=True)))
    assert drawn[0] == drawn[1]
    assert len({frozenset(notes) for notes in drawn}) > 2


def test_a_note_is_compared_as_a_run_would_leave_it(scene: Scene) -> None:
    """What is certain in one note of a patient is hidden in the others, sampled or not."""
    import_rows(scene, [
        note_row(40, text="Patient: Trentwick, Marisol. MRN 55512345.", summary="", name=""),
        note_row(41, text="Marisol walked. Trentwick ate.", summary="", name=""),
    ])  # fmt: skip
    run, draft = make_run(scene), make_draft(scene, terms=[("walked", "OTHER_ID")])
    for seed in range(4):
        started = start_trial(draft=draft, actor=scene.engineer, size=3, seed=seed)
        trial = finish_trial(started)
        drawn = trial.notes.values("note")
        spans = [span for output in run.notes.filter(note__in=drawn) for span in output.spans]
        counts = {c: before for c, (before, _) in (trial.result or {})["counts"].items() if before}
        assert counts == Counter(span["category"] for span in spans)


class _Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing of the job's own clean-up runs."""


def test_a_killed_worker_costs_one_chunk_and_the_result_is_the_same(
    scene: Scene, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    whole = make_trial(scene, draft)
    trial = start_trial(draft=draft, actor=scene.engineer, seed=7)
    first, second = trial_jobs(trial)
    run_job(first.pk)
    real = trial_chunks._Comparison._patient

    def killed_at_the_second_patient(self: Any, *args: Any) -> None:
        if self.after:
            raise _Killed
        real(self, *args)

    monkeypatch.setattr(trial_chunks._Comparison, "_patient", killed_at_the_second_patient)
    with pytest.raises(_Killed):
        run_job(second.pk)
    trial.refresh_from_db()
    assert trial.state == PolicyTrial.State.RUNNING
    assert trial.chunks.filter(done_at=None).count() == 1
    assert trial.notes.exclude(more=0).count() == 4
    monkeypatch.setattr(trial_chunks._Comparison, "_patient", real)
    Job.objects.filter(pk=second.pk).update(lease_until=None)  # the lease runs out
    run_job(second.pk)
    trial.refresh_from_db()
    assert trial.result == whole.result
    assert differences(trial) == differences(whole)


def test_a_chunk_that_is_delivered_twice_is_counted_once(scene: Scene) -> None:
    trial = start_trial(draft=make_draft(scene, allow=["Norton"]), actor=scene.engineer)
    (job,) = trial_jobs(trial)
    run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    run_job(job.pk)
    assert Entry.objects.filter(event="deid.trial", reason="end").count() == 1


def test_a_cancelled_trial_keeps_its_chunks_and_resumes_behind_them(
    scene: Scene, small_chunks: None
) -> None:
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    trial = start_trial(draft=draft, actor=scene.engineer)
    run_job(trial_jobs(trial)[0].pk)
    trial = cancel_trial(trial=trial, actor=scene.engineer)
    assert trial.state == PolicyTrial.State.CANCELLED
    assert not trial_jobs(trial)
    done = trial.chunks.exclude(done_at=None).get().done_at
    trial = resume_trial(trial=trial, actor=scene.engineer)
    assert resume_trial(trial=trial, actor=scene.engineer) == trial  # a double click
    assert len(trial_jobs(trial)) == 1
    trial = finish_trial(trial)
    assert trial.state == PolicyTrial.State.DONE
    assert trial.chunks.order_by("done_at")[0].done_at == done
    with pytest.raises(WrongState):
        cancel_trial(trial=trial, actor=scene.engineer)
    with pytest.raises(WrongState):
        resume_trial(trial=trial, actor=scene.engineer)


def test_a_failed_chunk_stops_the_trial_and_tells_no_content(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = start_trial(draft=make_draft(scene, allow=["Norton"]), actor=scene.engineer)

    def fail(*args: object) -> None:
        raise ValueError("Quillon Vexmore")

    with monkeypatch.context() as patched:
        patched.setattr(trial_chunks._Comparison, "_patient", fail)
        (job,) = trial_jobs(trial)
        run_job(job.pk)
    job.refresh_from_db()
    assert "Quillon" not in job.error_message
    trial.refresh_from_db()
    assert trial.state == PolicyTrial.State.FAILED
    assert finish_trial(resume_trial(trial=trial, actor=scene.engineer)).state == "done"


def test_started_twice_it_is_one_trial(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    first = start_trial(draft=draft, actor=scene.engineer)
    assert start_trial(draft=draft, actor=scene.engineer) == first
    assert len(trial_jobs(first)) == 1


@pytest.mark.parametrize("when", ["before its chunk", "during its chunk"])
def test_a_dropped_draft_leaves_nothing_of_its_trials(
    scene: Scene, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    trial = start_trial(draft=draft, actor=scene.engineer)
    (job,) = trial_jobs(trial)
    real = trial_chunks._Comparison.run

    def dropped_meanwhile(self: Any) -> None:
        real(self)
        drop_policy_draft(draft=draft, actor=scene.engineer)
        Job.objects.filter(pk=job.pk).update(cancel_requested=False)

    if when == "during its chunk":
        monkeypatch.setattr(trial_chunks._Comparison, "run", dropped_meanwhile)
    else:
        drop_policy_draft(draft=draft, actor=scene.engineer)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state != Job.State.FAILED
    assert not PolicyTrial.objects.exists()
    assert not TrialNote.objects.exists()
    assert not TrialChunk.objects.exists()
    assert not PolicyDraft.objects.exists()


def test_an_edited_draft_loses_its_trials(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    make_trial(scene, draft)
    content = content_of(scene.project, terms=[("Furosemide", "OTHER_ID")])
    draft = change_policy_draft(draft=draft, actor=scene.engineer, content=content, revision=1)
    assert not draft.trials.exists()
    trial = make_trial(scene, draft)
    assert trial.result is not None
    assert trial.result["totals"]["more"] == 16  # the engine of the edited draft, not a kept one


def test_an_adopted_draft_leaves_the_figures_of_its_trial_and_nothing_else(scene: Scene) -> None:
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    make_trial(scene, draft)
    version = adopt_policy_draft(draft=draft, actor=scene.engineer)
    assert version.change.trial == {
        "notes": 8, "population": 8, "more": 16, "fewer": 0, "other": 0, "changed_notes": 8,
    }  # fmt: skip
    assert not TrialNote.objects.exists()


def test_nothing_of_a_trial_is_a_run_or_an_output(scene: Scene) -> None:
    make_trial(scene, make_draft(scene, terms=[("Furosemide", "OTHER_ID")]))
    assert not Run.objects.exists()
    assert not RunNote.objects.exists()
    start_trial(draft=make_draft(scene, allow=["Norton"]), actor=scene.engineer)
    start_run(project=scene.project, actor=scene.engineer)  # a running trial holds up no run


def test_many_chunks_are_queued_in_as_many_statements_as_few(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(scene, allow=["Norton"])
    counts = []
    for size in (8, 2):
        monkeypatch.setattr(runs, "NOTES_PER_CHUNK", size)
        with CaptureQueriesContext(connection) as asked:
            trial = start_trial(draft=draft, actor=scene.engineer)
        counts.append((trial.chunks.count(), len(trial_jobs(trial)), len(asked)))
        cancel_trial(trial=trial, actor=scene.engineer)
    assert [(chunks, jobs) for chunks, jobs, _ in counts] == [(1, 1), (4, 4)]
    assert counts[0][2] == counts[1][2]


def test_a_trial_needs_notes_and_a_sensible_size(scene: Scene) -> None:
    empty = make_scene()
    with pytest.raises(WrongState, match="no notes"):
        start_trial(draft=make_draft(empty, allow=["Norton"]), actor=empty.engineer)
    draft = make_draft(scene, allow=["Norton"])
    for size in (0, 1_001):
        with pytest.raises(InvalidInput, match="1 to 1,000"):
            start_trial(draft=draft, actor=scene.engineer, size=size)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)])
def test_only_a_data_engineer_starts_and_stops_a_trial(scene: Scene, role: Role) -> None:
    person, draft = make_member(scene.project, role), make_draft(scene, allow=["Norton"])
    with pytest.raises(NotAllowed):
        start_trial(draft=draft, actor=person)
    trial = start_trial(draft=draft, actor=scene.engineer)
    for act in (cancel_trial, resume_trial):
        with pytest.raises(NotAllowed):
            act(trial=trial, actor=person)


def test_each_act_and_each_reading_of_a_trial_is_in_the_trail(scene: Scene) -> None:
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    trial = start_trial(draft=draft, actor=scene.engineer)
    cancel_trial(trial=trial, actor=scene.engineer)
    trial = finish_trial(resume_trial(trial=trial, actor=scene.engineer))
    entries = Entry.objects.filter(event="deid.trial").order_by("occurred_at")
    assert [entry.reason for entry in entries] == ["start", "cancel", "resume", "end"]
    auditor = make_member(scene.project, Role.AUDITOR)
    shown = read_differences(
        actor=auditor, trial=trial, rows=list(changed_notes(trial)), purpose="look"
    )
    assert len(shown) == 8
    entry = Entry.objects.get(event="deid.read")
    assert (entry.actor_id, entry.object_id) == (auditor.pk, str(trial.pk))
