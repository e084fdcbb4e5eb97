"""The gateway's log: one JSON line a request, and never a word of its content."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(slots=True)
class LogEntry:
    """What is kept of a request. `alias` is only set once it was found among known aliases."""

    integration_id: str | None = None
    alias: str | None = None
    model_version_id: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    latency_ms: float = 0.0
    status: int = 0
    code: str | None = None


class RequestLog:
    """Appends entries to a file of mode 600; each line is one write, so lines never mix."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lock = threading.Lock()

    def write(self, entry: LogEntry) -> None:
        """Append one line with the time of now."""
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, **asdict(entry)}) + "\n"
        with self._lock:
            os.write(self._descriptor, line.encode())
