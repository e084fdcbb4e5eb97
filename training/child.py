"""The training engine as a child process: torch never lives in a queue worker."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from accounts.errors import ServiceError
from jobs.lease import Lease
from training.engine.events import EXIT_STOPPED

log = logging.getLogger("training")
Event = dict[str, Any]
STOP_SECONDS = 60
# After a killed worker its orphaned child ends at the next step; until then it holds the folder.
ORPHAN_SECONDS = 90
# A child that is killed (memory, mostly) goes on from its checkpoint; one that dies again and
# again would only keep the machine short.
RESTARTS = 2


class EngineFailed(ServiceError):
    """The child said why; the sentence is the engine's own and holds no text."""

    code = "engine-failed"


def run_engine(
    command: list[str], *, lease: Lease, log_file: Path, on_event: Callable[[Event], None]
) -> Event:
    """Run one engine command to its end and return its `done` event.

    Events are handed on as they come. When the job is cancelled or its lease is lost, the child
    is asked to keep a checkpoint and stop. A killed child is started again. Raises EngineFailed
    with the engine's own sentence.
    """
    deadline = time.monotonic() + ORPHAN_SECONDS
    kills = 0
    while True:
        last, status = _attempt(command, lease, log_file, on_event)
        if last.get("event") == "done":
            return last
        lease.check()
        if last.get("code") == "already_running" and time.monotonic() < deadline:
            time.sleep(2)
            continue
        if status < 0 and kills < RESTARTS:
            kills += 1
            log.warning("the engine was killed by signal %d and goes on", -status)
            continue
        raise EngineFailed(
            str(last.get("message") or _silent_end(log_file)),
            code=str(last.get("code") or "engine-died"),
        )


def _silent_end(log_file: Path) -> str:
    return (
        f"The engine stopped and did not say why. The end of {log_file} says where; "
        "show it to the system administrator, then resume."
    )


def _attempt(
    command: list[str], lease: Lease, log_file: Path, on_event: Callable[[Event], None]
) -> tuple[Event, int]:
    """The last event of the child and its exit status, below zero when a signal killed it."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    last: Event = {}
    with log_file.open("ab") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "training.engine", *command],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            for event in _events(child):
                last = event
                on_event(event)
                lease.check()
        finally:
            status = _stop(child)
    if status == EXIT_STOPPED:
        lease.check()
    return last, status


def _events(child: subprocess.Popen[str]) -> Iterator[Event]:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            yield json.loads(line)
        except ValueError:
            log.warning("the engine wrote a line that is no event")


def _stop(child: subprocess.Popen[str]) -> int:
    """Ask for a checkpoint and an end; the child has a step's time to obey."""
    if child.poll() is None:
        try:
            return child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            child.terminate()
    try:
        return child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()
