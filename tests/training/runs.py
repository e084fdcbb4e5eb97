"""Run the engine as its parent does: a child process whose JSON lines are read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.engine.events import Emit, EngineError

ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",
}


def start(*arguments: str) -> subprocess.Popen[str]:
    """`python -m training.engine ...` as a child process."""
    return subprocess.Popen(
        [sys.executable, "-m", "training.engine", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **ENVIRONMENT},
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and all events; every line of standard output must be one."""
    output, _ = process.communicate(timeout=120)
    return process.returncode, [json.loads(line) for line in output.splitlines()]


def collect(
    work: Callable[[Any, Emit, Callable[[], bool]], None], config: Any
) -> list[dict[str, Any]]:
    """Events of `train` or `evaluate` run here, which spares the seconds of a new process."""
    events: list[dict[str, Any]] = []

    def emit(event: str, **fields: Any) -> None:
        events.append(json.loads(json.dumps({"event": event, **fields}, allow_nan=False)))

    try:
        work(config, emit, lambda: False)
    except EngineError as error:
        emit("error", code=error.code, message=error.message)
    return events


def write_config(folder: Path, values: dict[str, Any]) -> str:
    """A configuration file."""
    path = folder / "config.json"
    path.write_text(json.dumps(values))
    return str(path)


def losses(events: list[dict[str, Any]]) -> dict[int, float]:
    """Loss by step."""
    return {event["step"]: event["loss"] for event in events if event["event"] == "step"}


def last(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The last event of a kind."""
    return [event for event in events if event["event"] == kind][-1]
