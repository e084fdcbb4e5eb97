"""Runs of de-identification: notes a second and memory, by workers and by number of notes."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.application.installation import Workers, installed, until_done, workers
from bench.scale import write_notes

#: Imported and de-identified first, so that each worker has loaded the engine with the policy.
_WARM_UP = 400


def measure(sizes: Sequence[int], counts: Sequence[int], folder: Path | None) -> None:
    """Start-up is excluded: the same project had a run of a few notes before."""
    print(
        "\n| workers | notes | notes/s | characters/s | ratio | peak memory of the largest worker, "
        "MB |\n| --- | --- | --- | --- | --- | --- |"
    )
    with tempfile.TemporaryDirectory(dir=folder) as temporary, installed(Path(temporary)):
        for size in sizes:
            first = 0.0
            for count in counts:
                with workers(count, Path(temporary) / "worker.log") as running:
                    rate = _one(size, count, running, Path(temporary) / "notes.jsonl", first)
                    first = first or rate


def _one(size: int, count: int, running: Workers, path: Path, first: float) -> float:
    from bench.application.scene import Scene

    scene = Scene.made()
    for notes in (_WARM_UP, size):
        characters = write_notes(path, notes)
        scene.import_file(path, "jsonl")
        run = scene.start_run()
        until_done(run.pk)
    seconds = _seconds(run)
    cells = (
        count, f"{size:,}", f"{size / seconds:,.1f}", f"{characters / seconds:,.0f}",
        f"{size / seconds / (first or size / seconds):.2f}", f"{running.peak_bytes() / 2**20:,.0f}",
    )  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return size / seconds


def _seconds(run: Any) -> float:
    """From the first chunk taken to the last one ended, with the freezing of the run."""
    from django.db.models import Max, Min

    from jobs.models import Job

    jobs = Job.objects.filter(group_id=run.pk)
    found = jobs.aggregate(first=Min("started_at"), last=Max("finished_at"))
    return float((found["last"] - found["first"]).total_seconds())
