"""What the measurement of over-redaction counts."""

import pytest

from bench import overredaction
from bench.overredaction import Counts, NotesError, Redaction, count, markdown, read_notes

TEXT = "Seen by Okwuosa, on Lasix 40 mg."


def redaction(word, rule="name", category="NAME"):
    start = TEXT.index(word)
    return Redaction(start, start + len(word), category, rule)


def test_it_counts_letters_and_digits_words_and_touched_notes():
    counts = Counts()
    counts.add(TEXT, [redaction("Okwuosa,"), redaction("40 mg", "dose", "OTHER_ID")])
    counts.add("No pain.", [])
    assert (counts.notes, counts.touched, counts.redactions) == (2, 1, 2)
    assert counts.words == 7 + 2
    assert counts.characters == sum(map(str.isalnum, TEXT)) + len("Nopain")
    assert counts.hidden == len("Okwuosa") + len("40mg")


def test_it_tells_rules_and_categories_apart():
    counts = Counts()
    counts.add(TEXT, [redaction("Okwuosa"), redaction("Lasix"), redaction("40", "age", "DATE_AGE")])
    assert counts.by_rule[("NAME", "name")] == 2
    assert counts.hidden_by_rule[("NAME", "name")] == len("OkwuosaLasix")
    assert counts.by_category() == {"NAME": 2, "DATE_AGE": 1}


def test_a_sample_is_the_same_for_a_seed_and_shows_what_is_around():
    counts = Counts()
    counts.add(TEXT, [redaction(word) for word in ("Okwuosa", "Lasix", "40")])
    assert counts.sample(2, 5) == counts.sample(2, 5)
    assert len(counts.sample(9, 1)) == 3
    assert ("NAME/name", "Seen by <<Okwuosa>>, on Lasix 40 mg.") in counts.sample(3, 1)


def test_the_share_is_of_all_characters_and_stands_in_the_table():
    counts = count(["abcd efgh", "ijkl"], lambda t: [Redaction(0, 3, "NAME", "name")])
    table = markdown([("some", counts)], "head")
    assert "| some | 2 | 3 | 50.00 % | 2 | 666.7 | 100.00 % |" in table
    assert "| NAME/name | 2 | 50.000 % |" in table


def test_notes_come_from_csv_and_from_json_lines(tmp_path):
    csv = tmp_path / "n.csv"
    csv.write_text("id,note\n1,Cough.\n2,\n", "utf-8-sig")
    lines = tmp_path / "n.jsonl"
    lines.write_text('{"text": "Cough."}\n\n{"text": "Fever."}\n', "utf-8")
    assert list(read_notes(csv)) == ["Cough."]
    assert list(read_notes(csv, "id")) == ["1", "2"]
    assert list(read_notes(lines)) == ["Cough.", "Fever."]


@pytest.mark.parametrize("content", ['{"text": "a"}\n[1]\n', "{broken\n", '{"other": "secret"}\n'])
def test_what_holds_no_note_is_refused_without_quoting_it(tmp_path, content):
    path = tmp_path / "n.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(NotesError) as refused:
        list(read_notes(path))
    assert "secret" not in str(refused.value)


def test_the_command_writes_its_tables_between_its_own_markers(tmp_path, monkeypatch, capsys):
    notes, page = tmp_path / "n.jsonl", tmp_path / "page.md"
    notes.write_text('{"text": "Seen by Okwuosa."}\n', "utf-8")
    begin, end = overredaction.MARKERS
    page.write_text(f"a\n{begin}\nold\n{end}\nb\n", "utf-8")
    finder = (lambda text: [Redaction(8, 15, "NAME", "name")], {"engine": "0123456789abcdef"})
    monkeypatch.setattr(overredaction, "own_engine", lambda: finder)
    assert overredaction.main([str(notes), "--sample", "3", "--write", str(page)]) == 0
    assert "NAME/name: Seen by <<Okwuosa>>." in capsys.readouterr().out
    written = page.read_text("utf-8")
    assert "old" not in written
    assert "<<" not in written.replace(begin, "").replace(end, "")


def test_a_file_that_cannot_be_read_leaves_the_page_alone(tmp_path):
    assert overredaction.main([str(tmp_path / "none.jsonl")]) == 2
