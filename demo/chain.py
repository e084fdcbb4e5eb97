"""What the stages of the chain hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.client import Person
from demo.console import Console, Stage
from demo.people import Cast
from demo.sample import FOLDER, SampleNote

STEPS = (12, 8)  # of version 1 and of version 2, which continues it


class FailedError(Exception):
    """The demonstration did not reach its end; the message says where and why."""


@dataclass
class Chain:
    """What the stages hand on to each other."""

    cast: Cast
    console: Console
    slug: str
    notes: list[SampleNote]
    limit: float
    confidence: float
    file: Path = FOLDER / "notes.csv"
    steps: tuple[int, int] = STEPS
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"projects/{self.slug}/"

    def follow(self, stage: Stage, person: Person, path: str) -> dict[str, Any]:
        return person.wait(path, lambda done: self.console.progress(stage, done))


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"
