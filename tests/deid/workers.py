"""Real Celery workers of the queue `deid` on a test's own database, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from bench.processes import family
from config.runtime.layout import REPOSITORY
from jobs.models import Job
from jobs.services import reap

PATIENCE_SECONDS = 240.0


class Worker:
    """One worker with one process below it that works, started as the supervisor does."""

    def __init__(self, log: Path, database_url: str) -> None:
        command = [
            sys.executable, "-m", "celery", "--app", "config", "worker", "--queues", "deid",
            "--pool=prefork", "--concurrency=1", "--without-gossip", "--without-mingle",
            "--loglevel", "WARNING",
        ]  # fmt: skip
        environment = {**os.environ, "DATABASE_URL": database_url}
        environment.pop("DATABASE_OWNER_URL", None)
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environment, stdout=out, stderr=out
            )

    def kill_what_works(self) -> None:
        """SIGKILL to the process in which the job runs; the worker itself starts another."""
        for pid in family(self.process.pid)[1:]:
            os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL to all of it, as a power cut would."""
        for pid in family(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def worker(log: Path, database_url: str) -> Iterator[Worker]:
    found = Worker(log, database_url)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.kill()


def wait_until(holds: Callable[[], Any], what: str) -> None:
    """Wait generously: the machine may be busy."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"it did not come to this in time: {what}"
        time.sleep(0.01)


def leases_run_out() -> None:
    """What 20 seconds and the schedule do: the dead worker's job is sent again."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=past)
    assert reap()


def all_ended(group_id: object) -> bool:
    return not Job.objects.filter(group_id=group_id, state__in=Job.ACTIVE).exists()
