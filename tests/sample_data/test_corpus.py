"""The committed corpus is what the generator makes, and is fit to judge the chain with."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sample_data.generator.corpus import write_corpus
from sample_data.generator.markup import LABELS
from sample_data.generator.people import make_patient

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
SEED = 20261125
# With the instruction and the chat template around it, this fits a 350-token prompt.
GOLD_CHARACTERS = 880


@pytest.fixture(scope="module")
def notes() -> dict[str, dict[str, str]]:
    with (FOLDER / "notes.csv").open(encoding="utf-8", newline="") as stream:
        return {row["note_id"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    lines = (FOLDER / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _surface(text: str, mark: dict[str, Any]) -> str:
    return text[mark["start"] : mark["end"]]


def test_it_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    write_corpus(SEED, tmp_path)
    for name in ("notes.csv", "gold.jsonl"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_another_seed_gives_other_people() -> None:
    assert make_patient(SEED, 0).mrn != make_patient(SEED + 1, 0).mrn


def test_it_is_large_and_varied_enough(notes: dict[str, dict[str, str]]) -> None:
    per_patient = Counter(row["patient_id"] for row in notes.values())
    assert len(notes) >= 420
    assert len(per_patient) >= 110
    assert min(per_patient.values()) >= 3
    assert len({row["note_type"] for row in notes.values()}) == 14
    assert all(600 <= len(row["text"]) <= 2500 for row in notes.values())
    assert len({row["mrn"] for row in notes.values()}) == len(per_patient)


def test_every_note_has_its_truth(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    assert [record["note_id"] for record in gold] == list(notes)
    for record in gold:
        assert record["patient_id"] == notes[record["note_id"]]["patient_id"]


def test_marks_lie_in_range_apart_and_hold_something(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    for record in gold:
        text = notes[record["note_id"]]["text"]
        marks = sorted(record["spans"] + record["keep"], key=lambda mark: mark["start"])
        for mark in marks:
            assert 0 <= mark["start"] < mark["end"] <= len(text)
            assert _surface(text, mark).strip() == _surface(text, mark) != ""
        for left, right in pairwise(marks):
            assert left["end"] <= right["start"], record["note_id"]


def test_marks_stand_on_the_structured_values(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    for record in gold:
        row = notes[record["note_id"]]
        found = {_surface(row["text"], span) for span in record["spans"] if span["label"] == "MRN"}
        assert found == {row["mrn"]}


def test_no_mark_splits_a_word_or_a_number(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    for record in gold:
        text = notes[record["note_id"]]["text"]
        for span in record["spans"]:
            around = text[max(0, span["start"] - 1) : span["start"]] + " " + text[span["end"] :][:1]
            # `93yo` is the one form in which an identifier touches a letter.
            assert not around[0].isalnum() or span["start"] == 0
            assert not around[-1].isalnum() or text[span["end"] :].startswith("yo")


def test_all_18_categories_occur_often(gold: list[dict[str, Any]]) -> None:
    counts = Counter(span["label"] for record in gold for span in record["spans"])
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 20


def test_ages_over_89_are_identifiers_and_others_stay(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    old = 0
    for record in gold:
        text = notes[record["note_id"]]["text"]
        for span in record["spans"]:
            surface = _surface(text, span)
            if span["label"] == "DATE_AGE" and surface.isdigit():
                assert int(surface) > 89
                old += 1
        for mark in record["keep"]:
            if mark["kind"] == "age":
                assert int(_surface(text, mark)) <= 89
    assert old >= 10


def test_summaries_name_nobody_and_no_day(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    surfaces: dict[str, set[str]] = {}
    for record in gold:
        text = notes[record["note_id"]]["text"]
        found = surfaces.setdefault(record["patient_id"], set())
        found |= {_surface(text, span).lower() for span in record["spans"]}
    for record in gold:
        assert list(record["summary"]) == [
            "Chief Complaint",
            "History of Present Illness",
            "Assessment",
            "Plan",
        ]
        told = " ".join(record["summary"].values()).lower()
        for surface in surfaces[record["patient_id"]]:
            assert not re.search(rf"(?<!\w){re.escape(surface)}(?!\w)", told), record["note_id"]


def test_gold_items_are_short_and_of_different_patients(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    items = [record for record in gold if record.get("gold_item")]
    assert len(items) == len({record["patient_id"] for record in items}) == 12
    assert all(len(notes[record["note_id"]]["text"]) <= GOLD_CHARACTERS for record in items)


def test_the_shorthands_of_the_district_recur(
    notes: dict[str, dict[str, str]], gold: list[dict[str, Any]]
) -> None:
    for shorthand in ("Quarry", "Tolvane"):
        holding = [note for note in notes.values() if shorthand in note["text"]]
        assert 0.06 <= len(holding) / len(notes) <= 0.12
        marked = sum(
            any(
                _surface(notes[record["note_id"]]["text"], span) == shorthand
                for span in record["spans"]
            )
            for record in gold
        )
        assert marked == len(holding)


def test_the_readme_states_the_counts(notes: dict[str, dict[str, str]]) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    patients = len({row["patient_id"] for row in notes.values()})
    assert f"{len(notes)} notes of {patients} patients" in readme
    assert str(SEED) in readme
