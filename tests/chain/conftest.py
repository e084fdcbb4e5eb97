"""One real installation for these tests: servers, workers, gateway, model server, the real base.

The chain is played once, on a small part of the sample notes, by the demonstration's own people
over HTTP. What the tests then try, they try on that finished installation.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.runtime.layout import Layout
from config.runtime.running import Runtime, running
from demo import chain as stages
from demo.chain import Chain
from demo.console import Console
from demo.people import Cast, assemble, start_project
from demo.sample import FOLDER, SampleNote, load

PATIENTS = 16
# Every note of so small a corpus is read, so that the target can be met at all.
LIMIT, CONFIDENCE = 0.05, 0.95
ROUNDS = 6


@dataclass
class Installation:
    """The running application, its people, and what the chain made in it."""

    runtime: Runtime
    layout: Layout
    cast: Cast
    chain: Chain
    folder: Path
    first: dict[str, Any]
    second: dict[str, Any]
    package: Path
    rounds: int

    @property
    def slug(self) -> str:
        return self.chain.slug


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    layout = Layout.of(folder / "var")
    (layout.data / "demo").mkdir(parents=True, mode=0o700)
    layout.data.chmod(0o700)
    with running(layout.data, layout.keys, output=folder / "serve.log") as runtime:
        cast = assemble(runtime.base_url, layout.data / "demo", runtime.env)
        slug = start_project(
            cast, "Chain", "Tests.", leak_limit=LIMIT, confidence=CONFIDENCE, sample_fraction=0.05
        )
        notes = _few_patients(load())
        file = _write(notes, folder / "notes.csv")
        console = Console(live=False)
        chain = Chain(cast, console, slug, notes, LIMIT, CONFIDENCE, file=file, steps=(2, 1))
        yield _play(chain, runtime, layout, folder)


def _few_patients(notes: list[SampleNote]) -> list[SampleNote]:
    """Some patients with a gold item and some without."""
    gold = list(dict.fromkeys(note.patient_id for note in notes if note.gold_item))[:3]
    others = [p for p in dict.fromkeys(note.patient_id for note in notes) if p not in gold]
    chosen = {*gold, *others[: PATIENTS - len(gold)]}
    return [note for note in notes if note.patient_id in chosen]


def _write(notes: list[SampleNote], path: Path) -> Path:
    wanted = {note.note_id for note in notes}
    with (FOLDER / "notes.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = [row for row in reader if row["note_id"] in wanted]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    return path


def _play(chain: Chain, runtime: Runtime, layout: Layout, folder: Path) -> Installation:
    stages.run_import(chain)
    run, rounds = None, 0
    while run is None and rounds < ROUNDS:
        rounds += 1
        tried = stages.run_deid(chain, rounds)
        run = tried if stages.run_review(chain, tried, rounds) else None
    assert run is not None, "no round of review met its target"
    stages.run_attestation(chain, run)
    stages.run_dataset(chain, run)
    first, submission = _version(chain, 1, None)
    second, _ = _version(chain, 2, first["id"])
    stages.run_roll_back(chain, first)
    package = stages.run_package(chain, submission, folder)
    return Installation(runtime, layout, chain.cast, chain, folder, first, second, package, rounds)


def _version(
    chain: Chain, number: int, continues: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    version = stages.run_training(chain, number, continues)
    evaluation = stages.run_evaluation(chain, version)
    stages.run_override(chain, evaluation)
    submission = stages.run_approval(chain, evaluation)
    stages.run_deployment(chain, version)
    return version, submission
