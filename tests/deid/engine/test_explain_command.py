"""``python -m deid.engine explain`` as its user types it."""

import json
from pathlib import Path

from tests.deid.engine.test_command import lines, run, write

NOTES = [
    {"id": "a", "patient": "p", "text": "Seen by Dr. Hale at noon. MRN: 44719."},
    {"id": 2, "patient": "p", "text": "as 44719 said"},
    {"id": "c", "text": "Lungs are clear."},
]


def test_it_tells_people_why_each_part_is_replaced(tmp_path: Path) -> None:
    finished = run("explain", write(tmp_path / "notes.jsonl", NOTES))
    assert finished.returncode == 0
    assert finished.stderr == ""
    told = finished.stdout
    assert (
        told.index("Note a: 2 replaced") < told.index("Note 2: 1 replaced") < told.index("Note c")
    )
    assert "12-16 [NAME] Hale" in told
    assert "a name behind a title, such as Mrs. or doctor (names, titled, score 0.95" in told
    assert "words before it announce it: Dr." in told
    assert "it is certain in another place of this patient's notes: note a" in told
    assert "instead of [OTHER_ID]" not in told
    assert "Note c: 0 replaced, 0 found and left" in told


def test_as_json_it_has_places_and_rules_and_no_words(tmp_path: Path) -> None:
    finished = run("explain", write(tmp_path / "notes.jsonl", NOTES), "--json")
    found = lines(finished.stdout)
    assert [line["id"] for line in found] == ["a", 2, "c"]
    assert "Hale" not in finished.stdout
    first = found[0]["decisions"][0]
    assert first["outcome"] == "replaced"
    assert (first["start"], first["end"], first["tag"]) == (12, 16, "[NAME]")
    assert first["signals"][0] == {
        "kind": "words_before", "effect": "raises", "says": "words before it announce it",
        "start": 8, "end": 11,
    }  # fmt: skip
    assert found[2]["decisions"] == []


def test_one_note_is_explained_with_what_the_others_of_its_patient_say(tmp_path: Path) -> None:
    finished = run("explain", write(tmp_path / "notes.jsonl", NOTES), "--id", "2", "--json")
    (only,) = lines(finished.stdout)
    assert only["id"] == 2
    assert only["decisions"][0]["signals"][0]["notes"] == ["a"]


def test_an_id_that_no_note_has_is_said(tmp_path: Path) -> None:
    finished = run("explain", write(tmp_path / "notes.jsonl", NOTES), "--id", "nobody")
    assert finished.returncode == 2
    assert "No note has the id" in finished.stderr
    assert finished.stdout == ""


def test_what_was_left_says_why_by_the_policy_that_is_given(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    rules = {"id": "x", "version": "1", "thresholds": {"NAME": 1.0}}
    policy.write_text(json.dumps(rules))
    finished = run("explain", write(tmp_path / "notes.jsonl", NOTES[:1]), "--policy", policy)
    assert "left: its score is under the threshold" in finished.stdout
    assert "threshold 1.00" in finished.stdout


def test_a_bad_line_is_named_and_the_rest_is_explained(tmp_path: Path) -> None:
    finished = run("explain", write(tmp_path / "notes.jsonl", ["{", NOTES[0]]))
    assert finished.returncode == 1
    assert "Line 1 is left out" in finished.stderr
    assert "Note a: 2 replaced" in finished.stdout
