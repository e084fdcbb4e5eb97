"""An installation for one measurement: database and queue of its own, migrated; no pages served.

Django is set up here, so nothing of the application may be imported before :func:`installed`.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import ONE_THREAD
from bench.processes import family, peak
from config.runtime.layout import REPOSITORY, Layout
from config.runtime.services import running_services

_STOP_SECONDS = 30


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Database and queue under ``folder``, durable as in production; Django is set up on them."""
    with running_services(Layout.of(folder / "var")) as environment:
        os.environ.update(environment)
        for arguments in (("migrate", "--database=owner"), ("collectstatic", "--noinput")):
            command = [sys.executable, "-m", "django", *arguments, "-v0"]
            subprocess.run(command, cwd=REPOSITORY, check=True)
        import django  # it reads the environment that was just made

        django.setup()
        yield


class Workers:
    """One Celery worker of the queue ``deid`` with so many processes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def peak_bytes(self) -> int:
        """The most that any one of its processes ever held; each has memory of its own."""
        return max(map(peak, family(self._pid)), default=0)


@contextmanager
def workers(count: int, log: Path) -> Iterator[Workers]:
    """Start the worker as the supervisor does, with ``count`` processes, and stop it."""
    command = [
        sys.executable, "-m", "celery", "--app", "config", "worker", "--queues", "deid",
        "--pool=prefork", f"--concurrency={count}", "--without-gossip", "--without-mingle",
        "--loglevel", "WARNING",
    ]  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=os.environ | ONE_THREAD, stdout=out, stderr=out
        )
        try:
            yield Workers(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until_ended(group_id: object) -> None:
    """Wait until no job of a group is at work or waits."""
    from jobs.models import Job

    while Job.objects.filter(group_id=group_id, state__in=Job.ACTIVE).exists():
        time.sleep(0.2)


def until_done(group_id: object) -> None:
    """Wait until all jobs of a group are done. Raises ``RuntimeError`` when one is not."""
    from jobs.models import Job

    until_ended(group_id)
    if problem := Job.objects.filter(group_id=group_id).exclude(state=Job.State.DONE).first():
        raise RuntimeError(f"A job ended as {problem.state}: {problem.error_message}")
