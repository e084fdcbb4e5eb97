"""Finding and killing processes of a running installation, and looking at what they left."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from demo.chain import Chain
from demo.client import Person
from demo.model_stages import SCALED_DOWN
from tests.chain.installation import Installation

PATIENCE_SECONDS = 180.0


def wait_until(holds: Callable[[], Any], what: str) -> None:
    """Wait generously: the machine may be busy, and a dead worker's lease must run out."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"it did not come to this in time: {what}"
        time.sleep(0.05)


def query(installation: Installation, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows as the application's own role may read them."""
    with psycopg.connect(installation.runtime.env["DATABASE_URL"]) as connection:
        return connection.execute(statement, values).fetchall()


def processes(installation: Installation, words: str) -> dict[int, int]:
    """Processes of this installation whose command line holds the words: {pid: parent's pid}."""
    mark = f"COUNTERSIGN_DATA={installation.layout.data}\0".encode()
    found: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in command and mark in (folder / "environ").read_bytes():
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = int(status[1])
        except OSError:
            continue
    return found


def kill(pids: list[int]) -> None:
    assert pids, "there is nothing to kill"
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_pool_of(installation: Installation, queue: str) -> None:
    """Kill the processes in which a worker works, and leave the worker itself."""
    found = processes(installation, f"--queues {queue}")
    kill([pid for pid, parent in found.items() if parent != installation.runtime.pid])


def kill_whole(installation: Installation, words: str) -> None:
    kill(list(processes(installation, words)))


def runs_again(installation: Installation, name: str, kill_it: Callable[[], None]) -> None:
    """Kill a child of the supervisor and wait until that says that it started it again."""
    said = installation.folder / "serve.log"
    before = said.read_text().count(f"{name} runs again")
    kill_it()
    wait_until(lambda: said.read_text().count(f"{name} runs again") > before, f"{name} runs again")


# Of the interrupted training; each has its checkpoint, so that there are many moments to kill at.
STEPS = 8
AT_WORK = "SELECT 1 FROM jobs_job WHERE group_id = %s AND state = 'running'"
LOSSES = """
    SELECT step, loss, tokens_per_second FROM training_losspoint
    WHERE run_id = %s AND split = 'train' ORDER BY step
"""


def start_run(installation: Installation, chain: Chain) -> dict[str, Any]:
    """A run of de-identification that a worker has in hand."""
    run: dict[str, Any] = chain.cast["engineer"].post(f"{chain.base}runs/")
    wait_until(lambda: query(installation, AT_WORK, run["id"]), "a chunk is at work")
    return run


def finished_run(chain: Chain, run: dict[str, Any]) -> dict[str, Any]:
    engineer, path = chain.cast["engineer"], f"{chain.base}runs/{run['id']}/"
    goes_on_to_its_end(engineer, path)
    return dict(engineer.get(path))


def goes_on_to_its_end(person: Person, path: str) -> None:
    """Follow work that nobody restarts by hand; work that lies dead fails here and hangs not."""
    last: dict[str, Any] = {}

    def ended() -> bool:
        last.update(person.get(f"{path}progress/"))
        return last["state"] not in ("queued", "running")

    wait_until(ended, "the work goes on to its end")
    assert last["state"] == "done", last["error"]


@dataclass
class Training:
    """A training run, and what was seen of it before each of its interruptions."""

    installation: Installation
    run: dict[str, Any]
    noted: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.installation.chain.base}training-runs/{self.run['id']}/"

    def newest_checkpoint(self) -> int:
        """The last step whose checkpoint is whole on disk and whose loss is noted; 0 for none."""
        folder = self.installation.layout.data / "training" / self.run["id"] / "checkpoints"
        whole = {int(path.parent.name[-8:]) for path in folder.glob("step-*/state.json")}
        noted = {row[0] for row in query(self.installation, LOSSES, self.run["id"])}
        return max(whole & noted, default=0)

    def note(self, checkpoint: int) -> None:
        """Keep what is noted of the steps up to a checkpoint: they are done for good."""
        rows = query(self.installation, LOSSES, self.run["id"])
        self.noted = [row for row in rows if row[0] <= checkpoint]


@dataclass
class Interrupted:
    """A run of de-identification and a training, as they ended after their interruptions."""

    run: dict[str, Any]
    training: Training


def start_training(installation: Installation) -> Training:
    """A training run with its first checkpoint kept."""
    chain = installation.chain
    short = {"tokens_per_step": 256, "checkpoint_every": 1, "max_steps": STEPS}
    parameters = {**SCALED_DOWN, **short}
    body = {"dataset": chain.data["dataset"]["id"], "parameters": parameters, "continues": None}
    training = Training(
        installation, chain.cast["mladmin"].post(f"{chain.base}training-runs/", body)
    )
    wait_until(training.newest_checkpoint, "the first checkpoint")
    return training


def kill_engine(training: Training) -> None:
    """Kill the process that trains, as a machine short of memory would; the worker lives."""
    kill_whole(training.installation, f"{training.run['id']}/run.json")
    training.note(training.newest_checkpoint())


def kill_worker(training: Training) -> None:
    """When it has gone on, kill worker and process together, as a power cut would."""
    installation = training.installation
    first = training.noted
    wait_until(lambda: training.newest_checkpoint() > len(first), "a further checkpoint")
    training.note(len(first) + 1)
    worker = processes(installation, "--queues gpu")
    kill([*worker, *processes(installation, f"{training.run['id']}/run.json")])
    assert training.noted[: len(first)] == first, "a step before the checkpoint was repeated"


def finished_training(training: Training) -> Training:
    admin = training.installation.cast["mladmin"]
    goes_on_to_its_end(admin, training.path)
    training.run = admin.get(training.path)
    return training
