"""A large run: how long it takes to start and to cancel, and how its pages answer."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.application.installation import installed, until_ended, workers
from bench.scale import write_notes

_REPEATS, _SPANS, _SHORT = 11, 20, 200
_OUTPUTS = """
    INSERT INTO deid_runnote
        (id, run_id, note_id, chunk_id, text, spans, span_count, salt, commitment)
    SELECT gen_random_uuid(), c.run_id, n.id, c.id, n.raw_text, %s::jsonb, %s, n.salt, n.commitment
    FROM deid_chunk c
    JOIN deid_chunk_patients p ON p.chunk_id = c.id
    JOIN deid_note n ON n.patient_id = p.patient_id AND n.is_current
    WHERE c.run_id = %s AND c.id <> %s
"""


def measure(sizes: Sequence[int], folder: Path | None) -> None:
    """Nothing de-identifies meanwhile: what is measured is what grows with the number of notes."""
    print(
        "\n| notes | parts | start, s | run's page, ms | progress, ms | list of runs, ms "
        "| cancel, s | last part and freezing, s | peak memory of the worker, MB |"
        "\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    with tempfile.TemporaryDirectory(dir=folder) as temporary, installed(Path(temporary)):
        for size in sizes:
            _one(size, Path(temporary))


def _one(size: int, folder: Path) -> None:
    from bench.application.scene import Scene
    from deid.services import cancel_run, resume_run

    scene, path = Scene.made(), folder / "notes.jsonl"
    write_notes(path, size, _SHORT)
    with workers(1, folder / "worker.log"):
        scene.import_file(path, "jsonl")
    run, start = _timed(scene.start_run)
    pages = _pages(scene, run)
    _, cancel = _timed(lambda: cancel_run(run=run, actor=scene.engineer))
    _finish_all_but_the_last(run)
    resume_run(run=run, actor=scene.engineer)
    with workers(1, folder / "worker.log") as running:
        until_ended(run.pk)
        peak = running.peak_bytes()
    cells = (
        f"{size:,}", f"{run.chunks.count():,}", f"{start:.1f}",
        *(f"{1000 * seconds:.0f}" for seconds in pages), f"{cancel:.1f}",
        f"{_last_job_seconds(run):.1f}", f"{peak / 2**20:,.0f}",
    )  # fmt: skip
    print("| " + " | ".join(cells) + " |", flush=True)


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return act(), time.perf_counter() - begun


def _finish_all_but_the_last(run: Any) -> None:
    """Rows as chunks write them, made by the database: nobody opens these texts."""
    from django.db import connection

    span = {"category": "NAME", "recognizer": "ner", "start": 0, "end": 4}
    last = run.chunks.order_by("-number").first()
    with connection.cursor() as cursor:
        cursor.execute(_OUTPUTS, [json.dumps([span] * _SPANS), _SPANS, run.pk, last.pk])
    run.chunks.exclude(pk=last.pk).update(done_at=run.started_at)


def _last_job_seconds(run: Any) -> float:
    from jobs.models import Job

    job = Job.objects.filter(group_id=run.pk, state=Job.State.DONE).latest("finished_at")
    return float((job.finished_at - job.started_at).total_seconds())


def _pages(scene: Any, run: Any) -> list[float]:
    """Medians, in seconds, of the pages of a run that is at work."""
    from django.test import Client
    from django.urls import reverse

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(scene.engineer, backend="django.contrib.auth.backends.ModelBackend")
    slug = scene.project.slug
    found = []
    for address in (
        reverse("deid:run", args=[slug, run.pk]),
        reverse("deid:run-progress", args=[slug, run.pk]),
        reverse("deid:runs", args=[slug]),
    ):
        taken = []
        for _ in range(_REPEATS):
            answer, seconds = _timed(lambda address=address: client.get(address))
            assert answer.status_code == 200, address
            taken.append(seconds)
        found.append(statistics.median(taken))
    return found
