"""Two who act on one draft at once: real transactions that wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.errors import WrongState
from config.runtime.redis import EmbeddedRedis
from deid.models import PolicyDraft, PolicyTrial, TrialChunk, TrialNote
from deid.services import cancel_trial, drop_policy_draft, resume_trial, start_trial
from tests.bootstrap import LAYOUT
from tests.deid.workers import wait_until
from tests.factories.deid import Scene, import_rows, make_scene, note_row
from tests.factories.policies import make_draft


@pytest.fixture
def scene(fresh_database: str) -> Iterator[Scene]:
    queue = EmbeddedRedis(LAYOUT)
    queue.start()
    try:
        found = make_scene()
        import_rows(found, [note_row(n) for n in range(4)])
        yield found
    finally:
        for opened in connections.all():
            opened.close()
        queue.stop()


class SomebodyElse:
    """Does an act on connections of its own, beside an open transaction of ours."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._backend: int | None = None
        self._pool = ThreadPoolExecutor(1)
        self._future = self._pool.submit(self._work, act)
        self._pool.shutdown(wait=False)
        wait_until(self._waits_for_us, "the other one waits for our locks")

    def _work(self, act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            self._backend = connection.connection.info.backend_pid
            return act()
        finally:
            for opened in connections.all():
                opened.close()

    def _waits_for_us(self) -> bool:
        if self._future.done() or self._backend is None:
            return self._future.done()
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._backend])
            return bool(cursor.fetchone()[0])

    def result(self) -> Any:
        return self._future.result()


def test_a_draft_is_dropped_while_its_chunk_is_committed(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    trial = start_trial(draft=draft, actor=scene.engineer)
    with transaction.atomic():  # what the worker's commit does, step by step
        chunk = TrialChunk.objects.select_for_update().get(trial=trial)
        drop = SomebodyElse(lambda: drop_policy_draft(draft=draft, actor=scene.engineer))
        for row in TrialNote.objects.filter(chunk=chunk):
            row.save(update_fields=["more"])
        chunk.done_at = timezone.now()
        chunk.save(update_fields=["done_at"])
    drop.result()
    assert not PolicyDraft.objects.exists()
    assert not TrialNote.objects.exists()


def test_a_trial_is_resumed_while_another_is_started(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    stopped = start_trial(draft=draft, actor=scene.engineer)
    cancel_trial(trial=stopped, actor=scene.engineer)
    with transaction.atomic():
        started = start_trial(draft=draft, actor=scene.engineer)
        resume = SomebodyElse(lambda: resume_trial(trial=stopped, actor=scene.engineer))
    with pytest.raises(WrongState, match="Another trial of this draft is running"):
        resume.result()
    assert draft.trials.get(state=PolicyTrial.State.RUNNING) == started
