"""The command as its user types it: files in, lines out, exit status."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from config.runtime.layout import REPOSITORY
from deid.engine.command.lines import Notes
from deid.engine.command.output import InOrder
from deid.engine.command.transform import Report, _Plan
from deid.engine.policy import default_policy

COMMAND = [sys.executable, "-m", "deid.engine"]
NOTES = [
    {"id": "a", "text": "Seen by Dr. Hale on 3/4/2024."},
    {"id": 2, "patient": "p", "text": "Mr. Jonas Quillfeather came with a cough."},
    {"id": "c", "text": "Lungs are clear. Metoprolol 25 mg twice a day."},
    {"id": "d", "patient": "p", "text": "Today Quillfeather feels better."},
]


def write(path: Path, records: list[Any]) -> Path:
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments: Any, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=REPOSITORY,
        input=given.decode(),
        capture_output=True,
        text=True,
        check=False,
    )


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_predict_gives_spans_in_the_order_of_the_input(tmp_path: Path) -> None:
    finished = run("predict", write(tmp_path / "notes.jsonl", NOTES))
    assert finished.returncode == 0
    assert finished.stderr == ""
    found = lines(finished.stdout)
    assert [line["id"] for line in found] == ["a", 2, "c", "d"]
    first = found[0]["spans"]
    assert [NOTES[0]["text"][s["start"] : s["end"]] for s in first] == ["Hale", "3/4/2024"]
    assert [s["label"] for s in first] == ["NAME", "DATE"]
    assert set(first[0]) == {"start", "end", "label", "score", "recognizer"}
    assert found[2]["spans"] == []


def test_what_one_note_says_with_certainty_is_hidden_in_all_notes_of_the_patient(
    tmp_path: Path,
) -> None:
    finished = run("redact", write(tmp_path / "notes.jsonl", NOTES))
    assert [line["text"] for line in lines(finished.stdout)][1::2] == [
        "Mr. [NAME] came with a cough.",
        "Today [NAME] feels better.",
    ]


def test_known_identifiers_come_with_a_note_or_in_a_file(tmp_path: Path) -> None:
    notes = write(
        tmp_path / "notes.jsonl",
        [
            {"id": 1, "patient": "p", "text": "the code is zubrowka"},
            {
                "id": 2,
                "text": "was at larkmere",
                "known": [{"category": "LOCATION", "value": "Larkmere"}],
            },
        ],
    )
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"p": [{"category": "OTHER_ID", "value": "Zubrowka"}]}))
    finished = run("redact", notes, "--known", known)
    assert [line["text"] for line in lines(finished.stdout)] == [
        "the code is [OTHER_ID]",
        "was at [LOCATION]",
    ]


def test_bad_lines_are_named_by_number_and_the_rest_is_done(tmp_path: Path) -> None:
    secret = "Wilhelmina Ashgrove"
    bad: list[Any] = [
        f'{{"id": 1, "text": "{secret}"',
        {"id": None, "text": secret},
        {"id": 3, "text": [secret]},
        [secret],
        "",
        {"id": 6, "text": secret, "known": [{"category": "SHOE", "value": secret}]},
        {"id": 7, "text": "Mrs. Tolliver is well."},
    ]
    finished = run("redact", write(tmp_path / "notes.jsonl", bad))
    assert finished.returncode == 1
    assert lines(finished.stdout) == [{"id": 7, "text": "Mrs. [NAME] is well."}]
    assert [line.split(" is")[0] for line in finished.stderr.splitlines()] == [
        f"Line {number}" for number in (1, 2, 3, 4, 6)
    ]
    assert "Ashgrove" not in finished.stderr


def test_a_line_that_is_not_utf8_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_bytes(b'{"id": 1, "text": "caf\xe9"}\n{"id": 2, "text": "fine"}\n')
    finished = run("predict", path)
    assert finished.returncode == 1
    assert finished.stderr == "Line 1 is left out: it is not UTF-8.\n"
    assert lines(finished.stdout) == [{"id": 2, "spans": []}]


def test_standard_input_and_several_workers_give_the_same(tmp_path: Path) -> None:
    many = [{**note, "id": f"{note['id']}-{n}"} for n in range(40) for note in NOTES]
    path = write(tmp_path / "notes.jsonl", many)
    alone = run("predict", path)
    together = run("predict", "--workers", 2, given=path.read_bytes())
    assert together.returncode == alone.returncode == 0
    assert together.stdout == alone.stdout
    assert len(lines(alone.stdout)) == 160


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["predict", "no-such-file.jsonl"], "no-such-file.jsonl cannot be read"),
        (["predict", "--policy", "no-such-policy.json", os.devnull], "no-such-policy.json cannot"),
        (["predict", "--known", os.devnull, os.devnull], "has not the form asked for"),
    ],
)
def test_what_cannot_be_done_at_all_is_one_line_and_status_2(
    arguments: list[str], says: str
) -> None:
    finished = run(*arguments)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert says in finished.stderr
    assert finished.stderr.endswith("Nothing was done.\n")
    assert finished.stderr.count("\n") == 1


def test_a_policy_of_ones_own_decides(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    more = default_policy().with_terms([{"text": "blue lantern", "category": "LOCATION"}])
    policy.write_text(json.dumps(more.to_dict()))
    notes = write(tmp_path / "notes.jsonl", [{"id": 1, "text": "told so at the Blue Lantern"}])
    finished = run("redact", notes, "--policy", policy)
    assert lines(finished.stdout)[0]["text"] == "told so at the [LOCATION]"


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path) -> None:
    sentence = "Mr. Jonas Quillfeather was seen by Dr. Hale on 3/4/2024 for a cough. "
    many = [{"id": n, "text": f"Visit {n}. " + sentence * 40} for n in range(1500)]
    path = write(tmp_path / "notes.jsonl", many)
    written = tmp_path / "redacted.jsonl"
    with written.open("w") as output:
        process = subprocess.Popen(
            [*COMMAND, "redact", path, "--workers", "2"],
            cwd=REPOSITORY,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not written.stat().st_size and process.poll() is None:
            time.sleep(0.05)
        os.kill(_a_worker_of(process.pid), signal.SIGKILL)
        _, said = process.communicate()
    assert process.returncode == 0
    found = lines(written.read_text())
    assert [line["id"] for line in found] == list(range(1500))
    assert not any("Quillfeather" in line["text"] for line in found)
    assert said == "A worker process died. Its notes are done again.\n"


def _a_worker_of(parent: int) -> int:
    """The newest child that does the work: the oldest one is the tracker of resources."""
    for _ in range(100):
        path = Path(f"/proc/{parent}/task/{parent}/children")
        workers = [
            int(pid)
            for pid in path.read_text().split()
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        if workers:
            return workers[-1]
        time.sleep(0.1)
    raise AssertionError("no worker was started")


def test_redact_writes_surrogates_that_agree_within_a_patient(tmp_path: Path) -> None:
    path = write(tmp_path / "notes.jsonl", NOTES)
    first, again = (run("redact", "--output", "surrogates", path) for _ in range(2))
    assert first.returncode == 0
    texts = {line["id"]: line["text"] for line in lines(first.stdout)}
    surname = texts["d"].split()[1]
    assert texts[2].startswith("Mr. ")
    assert texts[2].split()[2] == surname != "Quillfeather"
    assert "[DATE]" in texts["a"]
    assert texts["c"] == NOTES[2]["text"]
    assert first.stdout != again.stdout  # the keys are kept nowhere


def test_redact_moves_dates_when_it_is_told_to_by_flag_or_policy(tmp_path: Path) -> None:
    path = write(tmp_path / "notes.jsonl", NOTES)
    policy = tmp_path / "policy.json"
    content = {**default_policy().to_dict(), "output": "surrogates", "date_shift": True}
    policy.write_text(json.dumps(content))
    for arguments in (["--output", "surrogates", "--date-shift"], ["--policy", policy]):
        text = lines(run("redact", *arguments, path).stdout)[0]["text"]
        assert "[DATE]" not in text
        assert "3/4/2024" not in text
    tagged = run("redact", "--policy", policy, "--output", "tags", path)
    assert "[DATE]" in lines(tagged.stdout)[0]["text"]


def test_dates_are_not_moved_where_tags_are_written(tmp_path: Path) -> None:
    finished = run("redact", "--date-shift", write(tmp_path / "notes.jsonl", NOTES))
    assert finished.returncode == 2
    assert "with --output surrogates only" in finished.stderr
    assert finished.stdout == ""


def test_predict_has_no_output_to_choose(tmp_path: Path) -> None:
    path = write(tmp_path / "notes.jsonl", NOTES)
    assert run("predict", "--output", "surrogates", path).returncode == 2


def test_a_portion_holds_few_notes_however_short_they_are() -> None:
    lines = (json.dumps({"id": n, "patient": n // 4, "text": "Stable."}) for n in range(1_201))
    notes = Notes(io.BytesIO("\n".join(lines).encode()), {})
    report = Report()
    with InOrder(io.StringIO()) as output:
        tasks = list(_Plan(notes, output, report).tasks())
    assert [sum(len(patient.notes) for patient in task) for task in tasks] == [500, 500, 201]
