"""The real server and gateway as child processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deployment.backends.base import BackendError
from deployment.backends.transformers import TransformersBackend
from tests.deployment.conftest import Installation


def _environment(installation: Installation) -> dict[str, str]:
    return {
        **os.environ,
        "COUNTERSIGN_KEYS": str(installation.certificate.parent.parent),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a process, generously: the machine may be busy."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the process did not get there in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def model_server(
    installation: Installation, path: Path, models: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """`python -m deployment.server`, up and stopped again by SIGTERM."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "deployment.server",
            "--socket", str(path),
            "--models", str(models or installation.data / "models"),
            "--data", str(installation.data),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(installation),
    )  # fmt: skip
    backend = TransformersBackend(path)

    def up() -> bool:
        assert process.poll() is None, "the model server ended"
        try:
            return bool(backend.health())
        except BackendError:
            return False

    try:
        wait_until(up)
        yield process
    finally:
        backend.close()
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def gateway(installation: Installation, path: Path) -> Iterator[httpx.Client]:
    """`python -m deployment.gateway` and a client of it."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "deployment.gateway",
            "--port", str(port),
            "--data", str(installation.data),
            "--socket", str(path),
        ],
        env=_environment(installation),
    )  # fmt: skip
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def up() -> bool:
        assert process.poll() is None, "the gateway ended"
        try:
            return client.get("/health").is_success
        except httpx.TransportError:
            return False

    try:
        wait_until(up)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def short_socket() -> Iterator[Path]:
    """A socket path short enough for every system."""
    with tempfile.TemporaryDirectory(prefix="cs") as folder:
        yield Path(folder) / "model.sock"
