"""The guide's thresholds, read from the data file below this package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TaskThresholds:
    """Gates of one task. `threshold` is a fraction, None where people rate."""

    task_id: str
    min_examples: int
    recommended: tuple[int, int]
    primary_metric: str
    threshold: float | None
    source: str


@cache
def thresholds_of(task_id: str) -> TaskThresholds:
    """The thresholds of a task, e.g. `note_summarisation`. Raises `KeyError` for an unknown one."""
    text = files(__package__).joinpath("data", "eval_thresholds.json").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in json.loads(text)["tasks"]}
    row = rows[task_id]
    low, high = row["recommended"]
    return TaskThresholds(
        task_id=task_id,
        min_examples=row["min_examples"],
        recommended=(low, high),
        primary_metric=row["primary_metric"],
        threshold=row["threshold"],
        source=row["source"],
    )
