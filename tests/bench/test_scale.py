"""Notes for the measurement of scale, and what a run costs."""

import json
from pathlib import Path

from bench.scale import cost_of, write_notes


def test_notes_come_four_a_patient_with_ids_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    characters = write_notes(file, 10)
    notes = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len({n["id"] for n in notes}) == 10
    assert [n["patient"] for n in notes] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert characters == sum(len(n["text"]) for n in notes)


def test_the_cost_is_that_of_all_processes(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    write_notes(file, 4)
    assert cost_of(file, 2).peak_bytes > 1.5 * cost_of(file, 1).peak_bytes
