"""Evaluation: scored against whole references, resumable, silent about what it reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training import runs
from tests.training.tiny import WORDS
from training.engine.config import EvaluationConfig
from training.engine.evaluation import evaluate
from training.metrics.rouge import rouge_l


def _items(path: Path, count: int = 5) -> str:
    words = WORDS.split()
    rows = [
        {
            "id": f"i{index}",
            "cluster": f"p{index // 2}",
            "prompt": " ".join(words[: 4 + 10 * index]),
            "reference": " ".join(words[index : index + 40]),
        }
        for index in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def _evaluate(folder: Path, base: Path, **changes: Any) -> list[dict[str, Any]]:
    values: dict[str, Any] = {
        "base": str(base),
        "items": str(folder / "items.jsonl"),
        "output": str(folder / "answers.jsonl"),
        "max_prompt_tokens": 48,
        "max_new_tokens": 8,
        "batch_size": 2,
    }
    return runs.collect(evaluate, EvaluationConfig.from_dict(values | changes))


def read_answers(path: Path) -> list[dict[str, Any]]:
    """The scored answers, without the line that says of what."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_answers_are_scored_and_a_cut_off_evaluation_goes_on(
    tmp_path: Path, tiny_base: Path
) -> None:
    _items(tmp_path / "items.jsonl")
    events = _evaluate(tmp_path, tiny_base)
    done = runs.last(events, "done")
    path = tmp_path / "answers.jsonl"
    rows = read_answers(path)
    assert done["items"] == len(rows) == 5
    assert done["adapter_digest"] is None
    assert done["rouge_l"] == pytest.approx(sum(row["rouge_l"] for row in rows) / 5)
    assert done["truncated_prompts"] == sum(row["truncated"] for row in rows) > 0
    gold = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    references = {row["id"]: row["reference"] for row in gold}
    assert all(row["rouge_l"] == rouge_l(row["answer"], references[row["id"]]).f1 for row in rows)
    assert path.stat().st_mode & 0o777 == 0o600

    # As after a kill: three whole answers, and a line that was being written.
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:4]) + lines[4][:20])
    events = _evaluate(tmp_path, tiny_base)
    assert runs.last(events, "started")["resumed_from"] == 3
    assert runs.last(events, "done")["items"] == 5
    assert [row["id"] for row in read_answers(path)][:3] == [row["id"] for row in rows][:3]

    # Another limit is another evaluation: old answers are not mixed in.
    events = _evaluate(tmp_path, tiny_base, max_new_tokens=4)
    assert runs.last(events, "started")["resumed_from"] == 0
    assert "patient" not in json.dumps(events)


def test_items_with_one_id_twice_are_refused(tmp_path: Path, tiny_base: Path) -> None:
    row = json.dumps({"id": "i", "cluster": "p", "prompt": "secret", "reference": "b"})
    (tmp_path / "items.jsonl").write_text(f"{row}\n{row}\n")
    events = _evaluate(tmp_path, tiny_base)
    assert events[-1]["code"] == "items_broken"
    assert "secret" not in json.dumps(events)
