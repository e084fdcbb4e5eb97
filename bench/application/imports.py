"""Whole import jobs: the upload, the worker and the database, by the size of the file."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.application.installation import installed, workers
from bench.importers import generate


def measure(kinds: Sequence[str], sizes: Sequence[int], folder: Path | None) -> None:
    """A worker of its own for each file, so that no peak is that of a file before."""
    print("\n| kind | MB | notes | notes/s | MB/s | peak memory of the worker, MB | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(dir=folder) as temporary, installed(Path(temporary)):
        for kind in kinds:
            first = 0
            for size in sizes:
                first = _one(kind, size, Path(temporary), first) or first


def _one(kind: str, size: int, folder: Path, first: int) -> int:
    from bench.application.scene import Scene

    path = folder / "generated"
    generate(path, kind, size * 1_000_000)
    with workers(1, folder / "worker.log") as running:
        begun = time.perf_counter()
        batch = Scene.made().import_file(path, kind)
        seconds = time.perf_counter() - begun
        peak = running.peak_bytes()
    path.unlink()
    cells = (
        kind, size, f"{batch.added:,}", f"{batch.added / seconds:,.0f}", f"{size / seconds:.1f}",
        f"{peak / 2**20:,.0f}", f"{peak / (first or peak):.2f}",
    )  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return peak
