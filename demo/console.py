"""What the demonstration prints: one calm line a stage, and the record for summary.json."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WIDTH = 34


@dataclass
class Stage:
    """One stage's figures; what is put into `figures` stands in summary.json."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    words: str = ""


@dataclass
class Console:
    stages: list[Stage] = field(default_factory=list)
    live: bool = field(default_factory=sys.stdout.isatty)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Times a stage; its line is finished with the words the stage gives itself."""
        found = Stage(name)
        started = time.monotonic()
        if self.live:
            self._draw(f"  {name:<{WIDTH}} ...")
        try:
            yield found
        finally:
            found.seconds = round(time.monotonic() - started, 2)
            self.stages.append(found)
        self._finish(f"  {name:<{WIDTH}} {found.seconds:6.1f} s  {found.words}")

    def progress(self, stage: Stage, done: dict[str, Any]) -> None:
        """Redraw the running line; without a terminal nothing is drawn until the end."""
        if not self.live:
            return
        rate = f"  {done['rate']:.1f}/s" if done.get("rate") else ""
        left = done.get("seconds_left")
        remaining = f"  about {left:.0f} s left" if left else ""
        count = f"{done['done']}/{done['total']} {done['unit']}" if done["total"] else "queued"
        self._draw(f"  {stage.name:<{WIDTH}} {count} {done['phase']}{rate}{remaining}")

    def say(self, line: str = "") -> None:
        print(line, flush=True)

    def _draw(self, line: str) -> None:
        sys.stdout.write(f"\r\033[K{line[:118]}")
        sys.stdout.flush()

    def _finish(self, line: str) -> None:
        if self.live:
            sys.stdout.write("\r\033[K")
        print(line, flush=True)
