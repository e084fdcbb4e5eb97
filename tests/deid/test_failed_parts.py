"""A note that the engine cannot take fails its own part of the run, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.roles import Role
from audit.models import Entry
from deid.engine_door import engine_for
from deid.models import Run
from deid.selectors import failed_parts
from deid.services import chunks, resume_run, runs, start_run
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import Scene, chunk_jobs, finish, import_rows, make_scene, note_row
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

POISON = "Zyxwort"  # in the text of one note


class BrokenEngine:
    """The real engine, which stumbles over one note and says what it stumbled over."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def process_patient(self, texts: Any, known: Any, **named: Any) -> Any:
        for text in texts:
            if POISON in text.text:
                raise ValueError(text.text)
        return self._engine.process_patient(texts, known, **named)


@pytest.fixture
def scene(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(runs, "NOTES_PER_CHUNK", 4)
    found = make_scene()
    rows = [note_row(n) for n in range(12)]
    rows[5]["text"] += f" {POISON}."
    import_rows(found, rows)
    return found


@pytest.fixture
def broken(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of three parts, of which the broken engine failed one."""
    run = start_run(project=scene.project, actor=scene.engineer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "engine_for", lambda policy: BrokenEngine(engine_for(policy)))
        finish(run)
    run.refresh_from_db()
    return run


def page(scene: Scene, run: Run) -> str:
    answer = signed_in(scene.engineer).get(f"/p/{scene.project.slug}/runs/{run.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_note_fails_its_part_alone_and_the_others_are_kept(broken: Run) -> None:
    assert broken.state == Run.State.FAILED
    assert broken.chunks.exclude(done_at=None).count() == 2
    assert broken.notes.count() == 8
    (part,) = failed_parts(broken)
    assert (part.notes, part.attempts) == (4, 1)
    open_chunk = broken.chunks.get(done_at=None)
    assert part.number == open_chunk.number


def test_the_page_and_the_api_say_which_part_and_quote_nothing(scene: Scene, broken: Run) -> None:
    shown = page(scene, broken)
    assert "Parts that failed" in shown
    assert "The job stopped unexpectedly (ValueError)" in shown
    assert "Resume" in shown
    auditor = signed_in(make_member(scene.project, Role.AUDITOR))
    api = f"/api/v1/projects/{scene.project.slug}/runs/{broken.pk}/failed-parts/"
    (part,) = auditor.get(api).json()["results"]
    assert (part["notes"], part["code"]) == (4, "unexpected")
    assert part["number"] == broken.chunks.get(done_at=None).number
    for text in (shown, str(part)):
        assert POISON not in text
        assert "Quillon" not in text
    failure = Entry.objects.get(event="deid.run", outcome="failure")
    assert POISON not in str(failure.details) + failure.reason


def test_after_mending_a_resumed_run_does_that_part_alone(scene: Scene, broken: Run) -> None:
    kept = set(broken.notes.values_list("pk", flat=True))
    run = resume_run(run=broken, actor=scene.engineer)
    assert len(chunk_jobs(run)) == 1
    finish(run)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert run.notes.count() == 12
    assert kept < set(run.notes.values_list("pk", flat=True))
    assert not failed_parts(run).exists()
    assert "Parts that failed" not in page(scene, run)


def test_a_part_that_fails_again_is_listed_once(scene: Scene, broken: Run) -> None:
    run = resume_run(run=broken, actor=scene.engineer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "engine_for", lambda policy: BrokenEngine(engine_for(policy)))
        finish(run)
    assert failed_parts(run).count() == 1
    assert Job.objects.filter(group_id=run.pk, state=Job.State.FAILED).count() == 2


def test_while_other_parts_are_at_work_the_page_follows_them_and_offers_no_resume(
    scene: Scene,
) -> None:
    run = start_run(project=scene.project, actor=scene.engineer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "engine_for", lambda policy: BrokenEngine(engine_for(policy)))
        for job in chunk_jobs(run):
            run_job(job.pk)
            run.refresh_from_db()
            if run.state == Run.State.FAILED:
                break
    left = len(chunk_jobs(run))
    progress = f"/p/{scene.project.slug}/runs/{run.pk}/progress/"
    client = signed_in(scene.engineer)
    if left:
        assert "still at work" in page(scene, run)
        assert "HX-Refresh" not in client.get(progress).headers
    finish(run)
    assert client.get(progress).headers["HX-Refresh"] == "true"
    assert "still at work" not in page(scene, run)
