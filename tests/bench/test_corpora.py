"""Reading and splitting corpora."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.deid.corpora import CorpusError, load, long_notes, part_of

GOOD = {"id": "a", "text": "Seen by Hale.", "spans": [{"start": 8, "end": 12, "label": "NAME"}]}


def corpus(folder: Path, *lines: str) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("document_id", "part"),
    [
        ("a", "unread"),  # ca97...
        ("d", "dev"),  # 18ac...
        ("1", "dev"),  # 6b86...
        ("2", "unread"),  # d473...
        ("Ärztin", "unread" if hashlib.sha256("Ärztin".encode()).hexdigest()[0] > "9" else "dev"),
    ],
)
def test_the_first_digit_of_the_hash_of_the_id_decides(document_id: str, part: str) -> None:
    assert part_of(document_id) == part


@given(st.sets(st.text(min_size=1), min_size=200, max_size=200))
def test_every_document_is_in_one_part_and_stays_there(ids: set[str]) -> None:
    parts = {i: part_of(i) for i in ids}
    assert set(parts.values()) <= {"dev", "unread"}
    assert all(part_of(i) == part for i, part in parts.items())


def test_a_line_separator_within_a_text_does_not_end_a_line(tmp_path: Path) -> None:
    text = "Seen\u2028by\x85Hale."
    path = corpus(tmp_path, json.dumps(GOOD | {"text": text}, ensure_ascii=False), "", "  ")
    assert [d.text for d in load(path)] == [text]


def test_a_number_as_id_splits_as_its_digits(tmp_path: Path) -> None:
    assert load(corpus(tmp_path, json.dumps(GOOD | {"id": 7})))[0].id == "7"


@pytest.mark.parametrize(
    "line",
    [
        "no json: Hale",
        "[]",
        '"Hale"',
        json.dumps({"id": "a", "text": "Hale"}),
        json.dumps(GOOD | {"spans": [{"start": 8, "end": 14, "label": "NAME"}]}),
        json.dumps(GOOD | {"spans": [{"start": 8, "end": 8, "label": "NAME"}]}),
        json.dumps(GOOD | {"spans": [{"start": -1, "end": 3, "label": "NAME"}]}),
        json.dumps(GOOD | {"spans": [{"start": "8", "end": 12, "label": "NAME"}]}),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_not_quoted(tmp_path: Path, line: str) -> None:
    with pytest.raises(CorpusError) as caught:
        load(corpus(tmp_path, json.dumps(GOOD), line))
    assert "line 2" in str(caught.value)
    assert "Hale" not in str(caught.value)


def test_a_corpus_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        load(tmp_path / "none.jsonl")
    with pytest.raises(CorpusError):
        load(corpus(tmp_path, ""))


@given(st.lists(st.text("ab \n", max_size=30), min_size=1, max_size=30), st.integers(1, 60))
def test_long_notes_are_long_and_made_of_the_texts(texts: list[str], at_least: int) -> None:
    notes = long_notes(texts, at_least)
    assert notes
    assert all(len(note) >= at_least for note in notes)
    whole = "\n\n".join(notes)
    assert whole.startswith(texts[0])
    fits = sum(len(t) + 2 for t in texts) >= at_least + 2
    assert not fits or "\n\n".join(texts).startswith(whole)
