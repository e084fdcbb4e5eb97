"""The whole application as a subprocess, for the demonstration and for tests."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.runtime.environment import load_environment
from config.runtime.errors import Misconfigured
from config.runtime.layout import REPOSITORY, Layout

START_SECONDS = 240.0
STOP_SECONDS = 30.0
# Addresses of another installation must not reach this one.
_FOREIGN = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL",
    "COUNTERSIGN_GATEWAY_URL",
)  # fmt: skip


@dataclass(frozen=True)
class Runtime:
    """A started application; ``env`` is what a process needs that works beside it."""

    base_url: str
    gateway_url: str
    env: dict[str, str]
    pid: int


def free_ports(count: int = 2, host: str = "127.0.0.1") -> list[int]:
    """Ports that nobody listened on a moment ago."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((host, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@contextmanager
def running(
    data: Path | str,
    keys: Path | str | None = None,
    *,
    mode: str = "development",
    ports: tuple[int, int] | None = None,
    output: Path | None = None,
) -> Iterator[Runtime]:
    """Start everything on ``data`` and stop it at the end.

    ``ports`` are web and gateway, free ones by default. What the supervisor says goes to the
    caller's standard output, or to the file ``output``. Raises Misconfigured with the reason.
    """
    layout = Layout.of(data, keys)
    web, gateway = ports or free_ports()
    environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environment.pop("COUNTERSIGN_MODEL_SOCKET", None)
    environment |= {
        "COUNTERSIGN_DATA": str(layout.data),
        "COUNTERSIGN_KEYS": str(layout.keys),
        "COUNTERSIGN_MODE": mode,
        "COUNTERSIGN_HOST": "127.0.0.1",
        "COUNTERSIGN_PORT": str(web),
        "COUNTERSIGN_GATEWAY_PORT": str(gateway),
    }
    with _supervisor(environment, output) as process:
        ready = _wait(process, layout, output)
        load_environment(environment)
        yield Runtime(ready["base_url"], ready["gateway_url"], environment, process.pid)


@contextmanager
def _supervisor(
    environment: dict[str, str], output: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    target = output.open("ab") if output else None
    process = subprocess.Popen(
        [sys.executable, "-m", "config.runtime.cli", "serve"],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=target,
        stderr=subprocess.STDOUT if target else None,
        process_group=0,  # Ctrl-C reaches the caller, who then stops it here
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if target:
            target.close()


def _wait(process: subprocess.Popen[bytes], layout: Layout, output: Path | None) -> dict[str, Any]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Misconfigured(_last_line(output))
        ready = _read_ready(layout)
        if ready is not None and ready.get("pid") == process.pid:
            return ready
        time.sleep(0.1)
    raise Misconfigured(f"Countersign did not answer in time; see the logs in {layout.log}.")


def _last_line(output: Path | None) -> str:
    lines = output.read_text().splitlines() if output else []
    return lines[-1] if lines else "Countersign did not start; it said why on the line above."


def _read_ready(layout: Layout) -> dict[str, Any] | None:
    try:
        return dict(json.loads(layout.ready.read_bytes()))
    except (OSError, ValueError):
        return None
