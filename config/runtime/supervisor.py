"""Keeps a set of processes running until it is told to stop, then leaves none behind."""

import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from config.runtime.errors import Misconfigured

LOOK_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0


class Managed(Protocol):
    """What the supervisor needs of a child or an embedded service."""

    @property
    def name(self) -> str: ...
    @property
    def tier(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def process(self) -> subprocess.Popen[bytes] | None: ...

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def ready(self) -> bool: ...


@dataclass
class _Watched:
    managed: Managed
    started_at: float = 0.0
    restart_at: float | None = None
    pause: float = FIRST_PAUSE
    restarts: int = 0


@dataclass
class Supervisor:
    """Starts in the order of tiers, restarts what dies, stops in the reverse order.

    Only the main thread may call ``start`` and ``watch``: the kernel ties a child's life to the
    thread that forked it.
    """

    say: Callable[[str], None]
    _watched: list[_Watched] = field(default_factory=list)

    def start(self, managed: Managed) -> None:
        watched = _Watched(managed)
        self._watched.append(watched)
        self._start(watched)

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until every child answers; meanwhile those that die are restarted."""
        deadline = time.monotonic() + seconds
        waiting = [watched.managed for watched in self._watched]
        while waiting := [managed for managed in waiting if not managed.ready()]:
            self.look()
            if time.monotonic() > deadline:
                names = ", ".join(managed.name for managed in waiting)
                raise Misconfigured(
                    f"{names} did not answer within {seconds:.0f} s; the reason stands in the log "
                    "of that name in the data folder's log/."
                )
            time.sleep(LOOK_SECONDS)

    def watch(self, stopping: Callable[[], bool], every_look: Callable[[], None]) -> None:
        while not stopping():
            self.look()
            every_look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Notice who died, and start again those whose pause is over."""
        now = time.monotonic()
        for watched in self._watched:
            if watched.restart_at is not None:
                if now >= watched.restart_at:
                    self._restart(watched)
                continue
            process = watched.managed.process
            if process is None or process.poll() is not None:
                self._schedule(watched, process, now)

    def stop_all(self) -> None:
        """Stop tier by tier, the last started first; children of one tier at the same time."""
        ordered: Sequence[Managed] = sorted(
            (watched.managed for watched in self._watched), key=lambda m: m.tier, reverse=True
        )
        self._watched = []
        for _, tier in groupby(ordered, key=lambda managed: managed.tier):
            group = list(tier)
            with ThreadPoolExecutor(len(group)) as pool:
                list(pool.map(lambda managed: managed.stop(), group))

    def _start(self, watched: _Watched) -> None:
        watched.managed.start()
        watched.started_at = time.monotonic()

    def _schedule(
        self, watched: _Watched, process: subprocess.Popen[bytes] | None, now: float
    ) -> None:
        watched.managed.stop()  # also ends whatever the dead child had started
        if now - watched.started_at > STEADY_SECONDS:
            watched.pause = FIRST_PAUSE
        watched.restart_at = now + watched.pause
        self.say(
            f"{watched.managed.name} ended ({how_it_ended(process)}); "
            f"starting it again in {watched.pause:g} s"
        )
        watched.pause = min(watched.pause * 2, LONGEST_PAUSE)

    def _restart(self, watched: _Watched) -> None:
        watched.restart_at = None
        watched.restarts += 1
        try:
            self._start(watched)
        except Misconfigured as error:
            self.say(str(error))
            return  # the next look finds no process and pauses longer
        self.say(f"{watched.managed.name} runs again (restart {watched.restarts})")


def how_it_ended(process: subprocess.Popen[bytes] | None) -> str:
    if process is None or process.returncode is None:
        return "it did not start"
    if process.returncode < 0:
        return f"signal {-process.returncode}"
    return f"exit status {process.returncode}"
