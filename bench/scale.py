"""``python -m bench.scale``: the command on many notes: rate by workers, peak memory by notes.

The notes are invented (``bench/generated``), written to a file that goes afterwards. The rate is of
wall time, less that of a run on one note (start-up); nothing else should run meanwhile. Memory is
that of all processes of the command together, read from the kernel five times a second, on notes
cut short, so that 200,000 of them take minutes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.generated.corpus import records
from bench.machine import ONE_THREAD, Machine
from bench.processes import family, resident

ROOT = Path(__file__).resolve().parent.parent
_SEED, _NOTES_A_PATIENT = 7, 4
#: What could grow is what is kept a note, whatever its length; whole ones would take hours.
_SHORT = 24
_ENDINGS = ("ing", "ed", "er", "ish")
#: Invented notes are written over and over under new ids: making them costs more than reading.
#: Each ends in words of its own: 10,000 notes have more of them than any cache of words holds,
#: as real notes have, and a memory of words without bounds would show.
_DISTINCT = 2_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and bytes of resident memory of one run."""

    seconds: float
    peak_bytes: int


def write_notes(path: Path, count: int, longest: int | None = None) -> int:
    """Write so many notes, four a patient; gives their characters.

    With ``longest``, the beginnings of notes: as many of them in less time.
    """
    texts = [record["text"][:longest] for record in records(_SEED, min(count, _DISTINCT))]
    characters = 0
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            text = f"{texts[number % len(texts)]} {_own_words(number)}"
            note = {"id": number, "patient": number // _NOTES_A_PATIENT, "text": text}
            stream.write(json.dumps(note) + "\n")
            characters += len(text)
    return characters


def _own_words(number: int) -> str:
    """Words that no other number has."""
    stem = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return " ".join(stem + ending for ending in _ENDINGS)


def cost_of(notes: Path, workers: int) -> Cost:
    """Run ``predict`` on a file of notes."""
    command = [
        sys.executable,
        "-m",
        "deid.engine",
        "predict",
        str(notes),
        "--workers",
        str(workers),
    ]
    begun, peak = time.perf_counter(), 0
    env = os.environ | ONE_THREAD
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(resident, family(process.pid))))
            time.sleep(0.2)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.perf_counter() - begun, peak)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--notes", type=int, default=4_000, help="for the rates")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--memory", type=int, nargs="+", default=[10_000, 200_000], help="notes")
    options = parser.parse_args(arguments)
    print(Machine.here().sentence())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notes.jsonl"
        _rates(file, options.notes, options.workers)
        _memory(file, options.memory, max(options.workers))
    return 0


def _rates(file: Path, notes: int, workers: Sequence[int]) -> None:
    print("\n| workers | notes | documents/s | characters/s | ratio | start-up, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    first = 0.0
    for count in workers:
        write_notes(file, 1)
        start = cost_of(file, count).seconds
        characters = write_notes(file, notes)
        seconds = cost_of(file, count).seconds - start
        first = first or seconds
        cells = (count, f"{notes:,}", f"{notes / seconds:,.1f}", f"{characters / seconds:,.0f}",
                 f"{first / seconds:.2f}", f"{start:.1f}")  # fmt: skip
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def _memory(file: Path, sizes: Sequence[int], workers: int) -> None:
    print("\n| notes | workers | peak memory of all processes, MB | ratio |")
    print("| --- | --- | --- | --- |")
    first = 0
    for notes in sizes:
        write_notes(file, notes, _SHORT)
        peak = cost_of(file, workers).peak_bytes
        first = first or peak
        cells = f"{notes:,} | {workers} | {peak / 2**20:,.0f} | {peak / first:.2f}"
        print(f"| {cells} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
