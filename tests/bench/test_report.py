"""Tables, and where they are written."""

import json
from pathlib import Path

import pytest

from bench.deid import cli
from bench.deid.corpora import Document, Gold, part_of
from bench.deid.report import BEGIN, END, Result, markdown, percent, write_between
from bench.deid.systems import Run
from bench.machine import Machine

NOTES = [Document(i, "Mr. Hale is well.", (Gold(4, 8, "NAME"),)) for i in ("1", "2", "3", "4")]


def result(system: str, hit: bool, invented: bool = False) -> Result:
    predicted = [[(4, 8, "x")] if hit else [] for _ in NOTES]
    tallies = cli.scored(NOTES, Run(predicted, 1.0, 1.0, 1, {}))
    return Result("notes", invented, system, tallies, 200.0, 100.0, 2**20, {"engine": "a" * 64})


def test_the_parts_are_told_apart() -> None:
    tallies = result("countersign", hit=True).tallies
    assert {part: t.documents for part, t in tallies.items()} == {
        part: sum(part_of(d.id) == part for d in NOTES) for part in ("dev", "unread")
    }


def test_recall_stands_with_its_interval_and_rates_with_their_ratio() -> None:
    slow = Result(**{**vars(result("presidio default", hit=False)), "rate": 50.0})
    text = markdown([result("countersign", hit=True), slow], Machine.here(), "make bench-deid")
    assert "span recall [95 %]" in text
    assert "100.0 [" in text
    assert "| 200 | 4.00 |" in text
    assert "a" * 13 not in text  # digests are cut


def test_figures_on_invented_notes_are_never_called_recall() -> None:
    made = result("countersign", hit=True, invented=True)
    text = markdown([made, result("presidio default", False, True)], Machine.here(), "c")
    assert "span recall" not in text
    assert "never a recall" in text
    assert "recall_interval" not in json.dumps(made.figures())
    assert "span_recall" not in json.dumps(made.figures())


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 1, "100.0"), (9999, 10000, "99.9"), (0, 5, "0.0"), (2, 3, "66.6"), (0, 0, "-")],
)
def test_only_all_is_a_hundred(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


def test_tables_replace_what_stood_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    for _ in range(2):
        write_between(page, "new\n")
    assert page.read_text("utf-8") == f"# Before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_page_without_markers_stays_and_nothing_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{END} {BEGIN}", "utf-8")
    assert cli.main(["--write", str(page)]) == 2
    assert page.read_text("utf-8") == f"{END} {BEGIN}"
    assert "markers" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--misses", "--false"])
@pytest.mark.parametrize("part", ["unread", "all"])
def test_text_of_the_unread_part_is_never_shown(option: str, part: str) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([option, "3", "--part", part])
    assert caught.value.code == 2


def test_the_command_measures_both_systems_and_shows_text_of_the_dev_part_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, page, stored = (tmp_path / name for name in ("notes.jsonl", "page.md", "out.json"))
    # Gold on a word that nothing takes for a name, so that there is a miss to show in each part.
    notes = [
        {"id": i, "text": f"Dr. Hale of {i}.", "spans": [{"start": 9, "end": 11, "label": "NAME"}]}
        for i in ("1", "2", "3", "4")
    ]
    corpus.write_text("\n".join(map(json.dumps, notes)), "utf-8")
    page.write_text(f"{BEGIN}{END}", "utf-8")
    options = ["--part", "dev", "--misses", "9", "--false", "9"]
    files = [str(corpus), "--json", str(stored), "--write", str(page)]
    assert cli.main([*options, *files]) == 0
    shown = capsys.readouterr().out
    misses = [line for line in shown.splitlines() if line.startswith("miss ")]
    assert len(misses) == sum(part_of(n["id"]) == "dev" for n in notes)
    assert any(line.startswith("false NAME") for line in shown.splitlines())
    assert "| notes | dev | presidio default |" in page.read_text("utf-8")
    assert "Hale" not in page.read_text("utf-8") + stored.read_text("utf-8")
    assert str(tmp_path) not in page.read_text("utf-8") + stored.read_text("utf-8")
    results = json.loads(stored.read_text("utf-8"))["results"]
    assert [r["system"] for r in results] == ["countersign", "presidio default"]
    assert all(set(r["parts"]) == {"dev"} and r["peak_bytes"] > 2**20 for r in results)
