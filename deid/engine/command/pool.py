"""The engine in this process or in several, with answers in the order of the questions."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from deid.engine.pipeline import Deidentifier, warm_up
from deid.engine.policy import Policy
from deid.engine.spans import DeidResult, KnownIdentifier, NoteText

#: Tasks that wait for each worker: enough that none is idle, few enough that memory stays flat.
_AHEAD = 3
# A worker's matrix products stay on its own core.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """The notes of one patient and what is known of that person."""

    notes: tuple[NoteText, ...]
    known: tuple[KnownIdentifier, ...]


#: Patients that are worked on in one go.
Task = tuple[Patient, ...]
#: The results of a task, one list a patient; ``None`` where the workers died on it twice.
Answer = list[list[DeidResult]] | None

_Pending = Future[list[list[DeidResult]]]
_Waiting = deque[tuple[Task, _Pending]]

_engine: Deidentifier | None = None


def _start(policy: Policy) -> None:
    global _engine
    warm_up()
    _engine = Deidentifier(policy)


def _work(task: Task) -> list[list[DeidResult]]:
    assert _engine is not None
    return [_engine.process_patient(p.notes, p.known) for p in task]


def run_here(tasks: Iterable[Task], policy: Policy) -> Iterator[Answer]:
    """Answer each task in this process."""
    warm_up()
    engine = Deidentifier(policy)
    for task in tasks:
        yield [engine.process_patient(p.notes, p.known) for p in task]


def _is_answered(future: _Pending) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class Workers:
    """Worker processes. A killed one costs its task a second try.

    Args:
        count: number of processes.
        policy: the policy of the run.
        say: hears what happened to workers, without content.
    """

    def __init__(self, count: int, policy: Policy, say: Callable[[str], None]) -> None:
        self._count, self._policy, self._say = count, policy, say
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Spawned: a forked child would share the parent's threads and locks.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            self._count, mp_context=context, initializer=_start, initargs=(self._policy,)
        )

    def run(self, tasks: Iterable[Task]) -> Iterator[Answer]:
        """Answer the tasks in their order; few are read ahead."""
        waiting: _Waiting = deque()
        for task in tasks:
            waiting.append((task, self._submit(task)))
            if len(waiting) > _AHEAD * self._count:
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    def _submit(self, task: Task) -> _Pending:
        try:
            return self._pool.submit(_work, task)
        except BrokenProcessPool as broken:  # told when the task's turn comes
            future: _Pending = Future()
            future.set_exception(broken)
            return future

    def _first(self, waiting: _Waiting) -> Answer:
        task, future = waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            self._say("A worker process died. Its notes are done again.")
        answer = self._alone(task)
        again = [(t, f if _is_answered(f) else self._submit(t)) for t, f in waiting]
        waiting.clear()
        waiting.extend(again)
        return answer

    def _alone(self, task: Task) -> Answer:
        """With nothing else at work it is plain whether this task kills its worker."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new_pool()
        try:
            return self._pool.submit(_work, task).result()
        except BrokenProcessPool:
            self._pool = self._new_pool()
            return None

    def close(self) -> None:
        """Stop the workers without waiting for what they do."""
        self._pool.shutdown(wait=False, cancel_futures=True)
