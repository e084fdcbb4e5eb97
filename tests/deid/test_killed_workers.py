"""SIGKILL of real workers at their work: no note is lost, doubled or half-written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from config.runtime.redis import EmbeddedRedis
from deid.models import ImportBatch, KnownIdentifier, Note, Patient, Run
from deid.services import cancel_run, resume_run, start_import, start_run
from deid.services.import_records import COMMIT_EVERY
from jobs.models import Job
from tests.bootstrap import LAYOUT
from tests.conftest import Cluster
from tests.deid.workers import Worker, all_ended, leases_run_out, wait_until, worker
from tests.factories.deid import Scene, csv_of, make_batch, make_scene, note_row

DOCUMENTS, PATIENTS, BROKEN = 4_000, 400, 7
BEHIND = PATIENTS + DOCUMENTS // BROKEN + 200  # the first bad line

Start = Callable[[], AbstractContextManager[Worker]]


@pytest.fixture
def start(cluster: Cluster, fresh_database: str, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker on the test's database and on a queue of its own."""
    queue = EmbeddedRedis(LAYOUT)
    queue.start()
    try:
        yield partial(worker, tmp_path / "worker.log", cluster.postgres.url("app", fresh_database))
    finally:
        for connection in connections.all():
            connection.close()
        queue.stop()


def bulk_export() -> bytes:
    """Patients, documents, and between them lines that are no resources."""
    lines = [json.dumps(_patient(number)) for number in range(PATIENTS)]
    for number in range(DOCUMENTS):
        if number % (DOCUMENTS // BROKEN) == 1 and number > 1:
            lines.append('{"resourceType": "DocumentRef')
        lines.append(json.dumps(_document(number)))
    return "\n".join(lines).encode()


def _patient(number: int) -> dict[str, Any]:
    name = [{"family": f"Marrowby{number}", "given": ["Tilda"]}]
    return {"resourceType": "Patient", "id": f"p{number}", "name": name}


def _document(number: int) -> dict[str, Any]:
    data = base64.b64encode(f"Visit {number}: stable on furosemide 40 mg.".encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": f"d{number}",
        "status": "current",
        "subject": {"reference": f"Patient/p{number % PATIENTS}"},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }


def begin_import(scene: Scene, content: bytes) -> ImportBatch:
    batch = make_batch(scene, content, "fhir", "export.ndjson")
    start_import(batch=batch, actor=scene.engineer, mapping={})
    return batch


def position(batch: ImportBatch) -> int:
    batch.refresh_from_db()
    return batch.position


def whole_import(batch: ImportBatch) -> None:
    wait_until(lambda: all_ended(batch.pk), "the import ends")
    batch.refresh_from_db()
    job = Job.objects.get(group_id=batch.pk)
    assert (batch.state, job.state) == ("done", "done"), job.error_message


def test_a_fhir_import_whose_workers_are_killed_is_as_if_none_had_been(start: Start) -> None:
    scene, content = make_scene(), bulk_export()
    batch = begin_import(scene, content)
    kept: set[Any] = set()
    with start() as first:
        wait_until(lambda: position(batch) > BEHIND, "notes and a bad line are committed")
        assert batch.rejected
        first.kill_what_works()
        reached = position(batch)
        kept |= set(Note.objects.values_list("pk", flat=True))
        leases_run_out()
        wait_until(lambda: position(batch) > reached, "the import goes on")
        first.kill()
    reached = position(batch)
    kept |= set(Note.objects.values_list("pk", flat=True))
    # Position and notes are committed together, so none is half-written.
    assert reached % COMMIT_EVERY == 0
    assert reached < PATIENTS + DOCUMENTS
    assert len(kept) == Note.objects.count() == batch.added
    leases_run_out()
    with start():
        whole_import(batch)
        assert_whole(batch, kept)
        assert Job.objects.get(group_id=batch.pk).attempts == 3
        again = begin_import(scene, content)
        whole_import(again)
    assert (again.added, again.updated, again.unchanged) == (0, 0, DOCUMENTS)
    assert again.rejected == batch.rejected
    assert Note.objects.count() == DOCUMENTS


def assert_whole(batch: ImportBatch, kept: set[Any]) -> None:
    """Each document once, what was committed before the kills unchanged, each bad line listed."""
    notes = list(Note.objects.select_related("patient"))
    assert kept < {note.pk for note in notes}
    assert len(notes) == batch.added == DOCUMENTS
    assert (batch.unchanged, batch.updated) == (0, 0)  # nothing was read into the table twice
    assert batch.position == PATIENTS + DOCUMENTS + BROKEN
    assert len({str(note.raw_text) for note in notes}) == DOCUMENTS
    assert Patient.objects.count() == KnownIdentifier.objects.count() == PATIENTS
    lines = list(batch.rejections.values_list("line", flat=True))
    assert len(lines) == len(set(lines)) == batch.rejected == BROKEN
    assert batch.manifest is not None
    assert batch.manifest["body"]["complete"] is True


def notes_in(scene: Scene, count: int) -> None:
    from tests.factories.deid import MAPPING

    batch = make_batch(scene, csv_of([note_row(number) for number in range(count)]))
    start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    wait_until(lambda: all_ended(batch.pk), "the notes are imported")


def chunks_done(run: Run) -> int:
    return run.chunks.exclude(done_at=None).count()


def at_work(run: Run) -> bool:
    return Job.objects.filter(group_id=run.pk, state=Job.State.RUNNING).exists()


def texts(run: Run) -> dict[Any, str]:
    return {output.note_id: str(output.text) for output in run.notes.all()}


def test_a_run_whose_worker_is_killed_repeats_one_chunk_at_most(start: Start) -> None:
    scene = make_scene()
    with start() as first:
        notes_in(scene, 400)
        run = start_run(project=scene.project, actor=scene.engineer)
        wait_until(lambda: chunks_done(run) >= 2 and at_work(run), "two chunks are done")
        first.kill()
        done, kept = chunks_done(run), set(run.notes.values_list("pk", flat=True))
    assert done < run.chunks.count()
    # A chunk is written whole or not at all.
    assert len(kept) == sum(c.note_count for c in run.chunks.exclude(done_at=None))
    leases_run_out()
    with start():
        wait_until(lambda: all_ended(run.pk), "the run ends")
        run.refresh_from_db()
        assert run.state == Run.State.DONE
        assert kept < set(run.notes.values_list("pk", flat=True))
        attempts = sum(Job.objects.filter(group_id=run.pk).values_list("attempts", flat=True))
        assert attempts <= run.chunks.count() + 1
        undisturbed = start_run(project=scene.project, actor=scene.engineer)
        wait_until(lambda: all_ended(undisturbed.pk), "the other run ends")
    assert texts(run) == texts(undisturbed)
    assert run.notes.count() == run.note_count == 400


def test_a_cancel_reaches_a_chunk_at_its_work_and_the_resumed_run_is_complete(
    start: Start,
) -> None:
    scene = make_scene()
    with start():
        notes_in(scene, 400)
        run = start_run(project=scene.project, actor=scene.engineer)
        wait_until(lambda: chunks_done(run) >= 1 and at_work(run), "a chunk is at work")
        cancel_run(run=run, actor=scene.engineer)
        wait_until(lambda: all_ended(run.pk), "the worker lets go")
        done = chunks_done(run)
        assert 0 < done < run.chunks.count()
        run = resume_run(run=run, actor=scene.engineer)
        wait_until(lambda: all_ended(run.pk), "the run ends")
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert run.notes.count() == run.note_count == 400
