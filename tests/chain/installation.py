"""The running installation of these tests, and how its chain is played."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.runtime.layout import Layout
from config.runtime.running import Runtime
from demo import data_stages, model_stages
from demo.chain import Chain
from demo.people import Cast
from demo.sample import FOLDER, SampleNote, load

PATIENTS = 16
# The fewest that an interval can be had from: each is answered in every evaluation and rollout.
GOLD = 2
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
    # Every file of notes that was imported: the sentinel search looks for all of them.
    files: list[Path] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.chain.slug


def few_patients(notes: list[SampleNote]) -> list[SampleNote]:
    """Some patients with a gold item and some without."""
    gold = list(dict.fromkeys(note.patient_id for note in notes if note.gold_item))[:GOLD]
    others = [p for p in dict.fromkeys(note.patient_id for note in notes) if p not in gold]
    chosen = {*gold, *others[: PATIENTS - len(gold)]}
    return [note for note in notes if note.patient_id in chosen]


def notes_of_others(known: list[SampleNote], patients: int) -> list[SampleNote]:
    """Notes of patients of whom there is none among `known`."""
    seen = {note.patient_id for note in known}
    others = [note for note in load() if note.patient_id not in seen]
    chosen = list(dict.fromkeys(note.patient_id for note in others))[:patients]
    return [note for note in others if note.patient_id in chosen]


def write_notes(notes: list[SampleNote], path: Path) -> Path:
    wanted = {note.note_id for note in notes}
    with (FOLDER / "notes.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = [row for row in reader if row["note_id"] in wanted]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    return path


def play(chain: Chain, runtime: Runtime, layout: Layout, folder: Path) -> Installation:
    """The chain from the notes to the signed package, with two versions and a roll-back."""
    data_stages.run_import(chain)
    run, rounds = None, 0
    while run is None and rounds < ROUNDS:
        rounds += 1
        tried = data_stages.run_deid(chain, rounds)
        run = tried if data_stages.run_review(chain, tried, rounds) else None
    assert run is not None, "no round of review met its target"
    data_stages.run_attestation(chain, run)
    data_stages.run_dataset(chain, run)
    chain.data["run"] = run
    first, submission = _version(chain, 1, None)
    second, _ = _version(chain, 2, first["id"])
    model_stages.run_roll_back(chain, first)
    package = model_stages.run_package(chain, submission, folder)
    return Installation(
        runtime, layout, chain.cast, chain, folder, first, second, package, rounds, [chain.file]
    )


def _version(
    chain: Chain, number: int, continues: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    version = model_stages.run_training(chain, number, continues)
    evaluation = model_stages.run_evaluation(chain, version)
    chain.data.setdefault("evaluations", []).append(evaluation)
    model_stages.run_override(chain, evaluation)
    submission = model_stages.run_approval(chain, evaluation)
    model_stages.run_deployment(chain, version)
    return version, submission
