"""The gateway's log: one JSON line a request, and never a word of its content."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
KEPT = 3
# Whoever floods the gateway without a key must not fill the disk or push real lines out.
REFUSED_A_MINUTE = 60


@dataclass(slots=True)
class LogEntry:
    """What is kept of a request. `alias` is only set once it was found among known aliases.

    `left_out` counts the requests without a valid key that have no line of their own.
    """

    integration_id: str | None = None
    alias: str | None = None
    model_version_id: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    latency_ms: float = 0.0
    status: int = 0
    code: str | None = None
    left_out: int = 0


class RequestLog:
    """Appends entries to a file of mode 600; each line is one write, so lines never mix.

    Past `largest` bytes the file is set aside as `.1`, and the oldest of `KEPT` goes.
    """

    def __init__(
        self,
        path: Path,
        *,
        largest: int = LARGEST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._largest, self._clock = path, largest, clock
        self._lock = threading.Lock()
        self._minute, self._refused = -1, 0
        self._open()

    def write(self, entry: LogEntry) -> None:
        """Append one line with the time of now; of a flood without keys, a count."""
        with self._lock:
            self._summarise()
            if entry.integration_id is None:
                self._refused += 1
                if self._refused > REFUSED_A_MINUTE:
                    return
            self._append(entry)

    def _summarise(self) -> None:
        """At the first request of a new minute, say how many the last one left out."""
        minute = int(self._clock() // 60)
        if minute == self._minute:
            return
        left_out = self._refused - REFUSED_A_MINUTE
        self._minute, self._refused = minute, 0
        if left_out > 0:
            self._append(LogEntry(code="without_key", left_out=left_out))

    def _append(self, entry: LogEntry) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": moment, **asdict(entry)}) + "\n"
        if os.fstat(self._descriptor).st_size > self._largest:
            self._rotate()
        os.write(self._descriptor, line.encode())

    def _rotate(self) -> None:
        for number in range(KEPT - 1, 0, -1):
            older = self._older(number)
            if older.exists():
                os.replace(older, self._older(number + 1))
        os.close(self._descriptor)
        os.replace(self._path, self._older(1))
        self._open()

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._descriptor = os.open(self._path, flags, 0o600)
