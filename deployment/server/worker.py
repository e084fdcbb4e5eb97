"""One thread owns the model: it serialises every change and batches questions that wait.

The thread sleeps on its queue, so an idle server uses no processor time, which a training run
beside it needs (serving and training at once slows a step ten-fold on two cores).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment.backends.base import BackendError, ChatAnswer, ChatRequest

if TYPE_CHECKING:
    from deployment.server.holder import ModelHolder

_BATCH = 8
_WAITING = 64
# Long enough for requests sent together to meet, far below the time of one answer.
_LINGER = 0.01


@dataclass(slots=True)
class _Task:
    future: Future[Any]
    run: Callable[[ModelHolder], Any] | None = None
    chat: ChatRequest | None = None


class ModelWorker:
    """Runs work on the model in its own thread; torch is imported there on first use."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._queue: queue.Queue[_Task] = queue.Queue(maxsize=_WAITING)
        self._holder: ModelHolder | None = None
        threading.Thread(target=self._loop, name="model", daemon=True).start()

    @property
    def holder(self) -> ModelHolder | None:
        """The holder once something was asked of it; read only outside the thread."""
        return self._holder

    def submit(self, run: Callable[[ModelHolder], Any]) -> Future[Any]:
        """Run a function with the holder, after what waits already."""
        return self._put(_Task(Future(), run=run))

    def chat(self, request: ChatRequest) -> Future[ChatAnswer]:
        """Answer a request, batched with others that wait."""
        return self._put(_Task(Future(), chat=request))

    def _put(self, task: _Task) -> Future[Any]:
        try:
            self._queue.put_nowait(task)
        except queue.Full:
            raise BackendError("server_busy", "Too many requests wait. Try again later.") from None
        return task.future

    def _loop(self) -> None:
        kept: _Task | None = None
        while True:
            task = kept or self._queue.get()
            kept = None
            if task.chat is None:
                self._run(task)
            else:
                batch, kept = self._gather(task)
                self._answer(batch)

    def _gather(self, first: _Task) -> tuple[list[_Task], _Task | None]:
        """Questions that wait, up to the first task of another kind: order is kept."""
        batch = [first]
        end = time.monotonic() + _LINGER
        while len(batch) < _BATCH:
            try:
                task = self._queue.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                break
            if task.chat is None:
                return batch, task
            batch.append(task)
        return batch, None

    def _run(self, task: _Task) -> None:
        assert task.run is not None  # a task is either a chat or a function
        try:
            task.future.set_result(task.run(self._ensure_holder()))
        except Exception as error:  # whatever failed belongs to the caller; the thread lives on
            task.future.set_exception(_without_text(error))

    def _answer(self, batch: list[_Task]) -> None:
        try:
            requests = [task.chat for task in batch if task.chat is not None]
            results = self._ensure_holder().chat(requests)
        except Exception as error:  # as above
            for task in batch:
                task.future.set_exception(_without_text(error))
            return
        for task, result in zip(batch, results, strict=True):
            if isinstance(result, BackendError):
                task.future.set_exception(result)
            else:
                task.future.set_result(result)

    def _ensure_holder(self) -> ModelHolder:
        if self._holder is None:
            # Imports torch and transformers: seconds, and memory that an idle server spares.
            from deployment.server.holder import ModelHolder

            self._holder = ModelHolder(self._models)
        return self._holder


def _without_text(error: Exception) -> BackendError:
    """A library's own message may quote its input, so only the type is passed on."""
    if isinstance(error, BackendError):
        return error
    return BackendError(
        "server_failed", f"The model server failed ({type(error).__name__}). Try again.", 500
    )
