"""The processes of the application and how each is started, probed and stopped."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.runtime.environment import CHILD_NAME
from config.runtime.layout import REPOSITORY
from config.runtime.processes import start_process, stop_process
from config.runtime.start import Start

# Services stop last and start first; within a tier the order does not matter.
TIER_DATABASE, TIER_QUEUE, TIER_MODELS, TIER_WORKERS, TIER_FRONT = range(5)

_TERM_THEN_QUIT = ((signal.SIGTERM, 5.0), (signal.SIGQUIT, 2.0))


def _always_ready() -> bool:
    return True


@dataclass
class Child:
    """One child process; ``probe`` tells whether it answers, where it can be asked."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log_folder: Path
    tier: int = TIER_FRONT
    address: str = ""
    probe: Callable[[], bool] = _always_ready
    stop_steps: Sequence[tuple[int, float]] = ((signal.SIGTERM, 6.0),)
    parent_death_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.log_folder / f"{self.name}.log"

    def ready(self) -> bool:
        return self.probe()

    def start(self) -> None:
        self.process = start_process(
            self.command,
            log=self.log,
            environment={**self.environment, CHILD_NAME: self.name},
            folder=REPOSITORY,
            parent_death_signal=self.parent_death_signal,
        )

    def stop(self) -> None:
        if self.process is not None:
            stop_process(self.process, self.stop_steps)
            self.process = None


def application_children(start: Start, environment: Mapping[str, str]) -> list[Child]:
    """Web, gateway, model server, one worker a queue, and beat."""
    return [
        _model_server(start, environment),
        _worker(start, environment, "default", ["--pool=threads", "--concurrency=4"]),
        _worker(start, environment, "deid", ["--pool=prefork", "--concurrency=2"]),
        # Training runs in a child of its own; a thread leaves the worker able to answer meanwhile.
        _worker(start, environment, "gpu", ["--pool=threads", "--concurrency=1"]),
        _beat(start, environment),
        _gateway(start, environment),
        _web(start, environment),
    ]


def _web(start: Start, environment: Mapping[str, str]) -> Child:
    command = [
        sys.executable, "-m", "uvicorn", "config.asgi:application",
        "--host", start.host, "--port", str(start.port), "--lifespan", "off",
        "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "4",
    ]  # fmt: skip
    return Child(
        name="web",
        command=command,
        environment=environment,
        log_folder=start.layout.log,
        address=start.base_url,
        probe=lambda: _answers(start.host, start.port),
    )


def _gateway(start: Start, environment: Mapping[str, str]) -> Child:
    command = [
        sys.executable, "-m", "deployment.gateway",
        "--host", start.host, "--port", str(start.gateway_port),
        "--data", str(start.layout.data),
    ]  # fmt: skip
    return Child(
        name="gateway",
        command=command,
        environment=environment,
        log_folder=start.layout.log,
        address=start.gateway_url,
        probe=lambda: _answers(start.host, start.gateway_port),
    )


def _model_server(start: Start, environment: Mapping[str, str]) -> Child:
    socket_path = environment["COUNTERSIGN_MODEL_SOCKET"]
    command = [
        sys.executable, "-m", "deployment.server",
        "--socket", socket_path, "--models", str(start.layout.models),
    ]  # fmt: skip
    return Child(
        name="models",
        command=command,
        environment=environment,
        log_folder=start.layout.log,
        tier=TIER_MODELS,
        address=socket_path,
        probe=lambda: _answers_on(socket_path),
    )


def _worker(start: Start, environment: Mapping[str, str], queue: str, pool: Sequence[str]) -> Child:
    command = [
        sys.executable, "-m", "celery", "--app", "config", "worker",
        "--queues", queue, "--hostname", f"{queue}@%h", *pool,
        "--without-gossip", "--without-mingle", "--loglevel", "INFO",
    ]  # fmt: skip
    return Child(
        name=f"worker-{queue}",
        command=command,
        environment={**environment, "COUNTERSIGN_QUEUE": queue},
        log_folder=start.layout.log,
        tier=TIER_WORKERS,
        address=f"queue {queue}",
        # A worker that still has a task after five seconds drops it: leases bring it back.
        stop_steps=_TERM_THEN_QUIT,
        parent_death_signal=signal.SIGQUIT,
    )


def _beat(start: Start, environment: Mapping[str, str]) -> Child:
    command = [
        sys.executable, "-m", "celery", "--app", "config", "beat",
        "--schedule", str(start.layout.run / "beat-schedule"), "--pidfile=",
        "--loglevel", "WARNING",
    ]  # fmt: skip
    return Child(name="beat", command=command, environment=environment, log_folder=start.layout.log)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers_on(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(path)
        except OSError:
            return False
    return True
