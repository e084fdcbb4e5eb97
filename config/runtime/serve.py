"""``countersign serve``: everything from an empty folder to an address that answers."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

from config.runtime.checks import check_before_start, check_writable
from config.runtime.children import TIER_QUEUE, application_children
from config.runtime.database_checks import check_database_role, is_empty
from config.runtime.environment import load_environment
from config.runtime.keys import ensure_keys, read_passwords
from config.runtime.lock import only_start
from config.runtime.logs import rotate
from config.runtime.postgres import MARK, EmbeddedPostgres, make_folder
from config.runtime.private_files import keep_out_of_git, write_private_file
from config.runtime.redis import EmbeddedRedis
from config.runtime.schema import collect_static_files, migrate
from config.runtime.start import Start
from config.runtime.supervisor import Supervisor

READY_SECONDS = 180.0
ROTATE_SECONDS = 10.0


class Stopped(BaseException):
    """Ctrl-C or SIGTERM while the start was still under way."""


class StopRequest:
    """The first signal ends the start or the watch; later ones do not disturb the stopping."""

    def __init__(self) -> None:
        self.requested = False
        self._starting = True

    def __call__(self, number: int, frame: FrameType | None) -> None:
        first, self.requested = not self.requested, True
        if first and self._starting:
            raise Stopped

    def started(self) -> None:
        self._starting = False


def say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone; the stopping goes on
        print(line, flush=True)


def serve(start: Start) -> None:
    """Run until SIGINT or SIGTERM; raises Misconfigured before or during the start."""
    check_writable(start.layout.data)
    request = StopRequest()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request)
    try:
        # The lock comes first: a second start would otherwise complain of the port it took.
        with only_start(start.layout), _ready_file_removed(start):
            check_before_start(start)
            _run(start, request)
    except Stopped:
        say("Stopped before the start was finished.")


def _run(start: Start, request: StopRequest) -> None:
    supervisor = Supervisor(say)
    try:
        environment = prepare(start, supervisor)
        for child in application_children(start, environment):
            supervisor.start(child)
        supervisor.wait_until_ready(READY_SECONDS)
        _announce(start, environment)
        request.started()
        supervisor.watch(lambda: request.requested, _rotation(start))
        say("Stopping.")
    finally:
        request.requested = True
        supervisor.stop_all()
    say("Everything has stopped.")


def prepare(start: Start, supervisor: Supervisor) -> dict[str, str]:
    """Keys, services, roles, schema and static files; returns the children's environment."""
    layout = start.layout
    for folder in (layout.run, layout.log, layout.models, layout.gateway):
        make_folder(folder)
    make_folder(layout.model_socket.parent)
    keep_out_of_git(layout.data)
    _make_keys(start)
    if start.mode == "demo" and not layout.demo_mark.exists():
        layout.demo_mark.write_text("This folder holds a demonstration; production refuses it.\n")
    _start_services(start, supervisor)
    environment = dict(os.environ)
    load_environment(environment)
    check_database_role(environment["DATABASE_URL"])
    migrate(start, environment)
    environment.pop("DATABASE_OWNER_URL", None)  # migrations only: no child may hold it
    collect_static_files(start, environment)
    return environment


def _make_keys(start: Start) -> None:
    if start.database_url is None:
        empty = not (start.layout.postgres / MARK).exists()
    else:
        empty = is_empty(start.database_url)
    if ensure_keys(start.layout, database_is_empty=empty):
        say(f"Keys made in {start.layout.keys}: keep a backup apart from the data.")


def _start_services(start: Start, supervisor: Supervisor) -> None:
    if start.database_url is None:
        postgres = EmbeddedPostgres(start.layout, read_passwords(start.layout.keys))
        supervisor.start(postgres)
        say(f"PostgreSQL   {postgres.address} (DATABASE_URL is unset)")
    else:
        say("PostgreSQL   external, from DATABASE_URL")
    if start.redis_url is None:
        queue = EmbeddedRedis(start.layout)
        supervisor.start(queue)
        say(f"Redis        {queue.address} (REDIS_URL is unset)")
    else:
        say("Redis        external, from REDIS_URL")


def _announce(start: Start, environment: dict[str, str]) -> None:
    for child in application_children(start, environment):
        if child.tier > TIER_QUEUE:
            say(f"{child.name:<12} {child.address}".rstrip())
    ready = {
        "base_url": start.base_url,
        "gateway_url": start.gateway_url,
        "pid": os.getpid(),
    }
    write_private_file(start.layout.ready, json.dumps(ready).encode())
    say(f"Countersign ({start.mode}) answers at {start.base_url} - Ctrl-C stops it.")


def _rotation(start: Start) -> Callable[[], None]:
    last = time.monotonic()

    def every_look() -> None:
        nonlocal last
        if time.monotonic() - last > ROTATE_SECONDS:
            last = time.monotonic()
            rotate(start.layout.log)

    return every_look


@contextlib.contextmanager
def _ready_file_removed(start: Start) -> Iterator[None]:
    start.layout.ready.unlink(missing_ok=True)
    try:
        yield
    finally:
        start.layout.ready.unlink(missing_ok=True)
