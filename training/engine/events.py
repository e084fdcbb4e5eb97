"""JSON lines on standard output: how the engine tells its parent what it does.

Events carry figures, digests and paths only. Example text never appears in them, and error
messages are written in the engine, never taken from a library whose message may quote its input.
"""

from __future__ import annotations

import json
from typing import Any, Protocol, TextIO

EXIT_OK = 0
EXIT_ERROR = 1
# EX_TEMPFAIL of sysexits.h: stopped on request, a checkpoint was kept, run again to go on.
EXIT_STOPPED = 75


class EngineError(Exception):
    """A failure the parent can show: a stable code and one plain sentence without any text.

    Args:
        code: snake_case, stable, for programs.
        message: what happened, what was kept, what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class StoppedError(Exception):
    """The work was asked to stop and has kept what it had."""


class Emit(Protocol):
    """Reports one event with JSON fields."""

    def __call__(self, event: str, **fields: Any) -> None: ...


def json_lines(stream: TextIO) -> Emit:
    """An `Emit` that writes each event as one line of JSON and flushes at once."""

    def emit(event: str, **fields: Any) -> None:
        stream.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
        stream.flush()

    return emit
