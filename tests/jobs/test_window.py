"""Thousands of jobs of one group are queued at once, and few messages of them wait at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from jobs import kinds, services
from jobs.lease import Lease
from jobs.models import Job
from projects.models import Project
from tests.factories.people import make_member, make_project

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

WINDOW = 5


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    messages: list[uuid.UUID] = []
    monkeypatch.setattr(services, "_send", lambda job: messages.append(job.pk))
    monkeypatch.setattr(services, "WINDOW", WINDOW)
    return messages


@pytest.fixture
def kind() -> Iterator[kinds.Kind]:
    ended.clear()
    found = kinds.Kind(f"test.{uuid.uuid4().hex[:8]}", "default", _work, ended.append)
    kinds.register(found)
    yield found
    del kinds._kinds[found.name]


ended: list[Job] = []


def _work(lease: Lease) -> None:
    lease.progress(1, 1)


@pytest.fixture
def engineer(db: None) -> tuple[Project, User]:
    project = make_project()
    return project, make_member(project, Role.DATA_ENGINEER)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def queue(kind: kinds.Kind, engineer: tuple[Project, User], count: int) -> uuid.UUID:
    group = uuid.uuid4()
    services.enqueue_all(
        kind.name,
        project=engineer[0],
        group_id=group,
        totals={uuid.uuid4(): 3 for _ in range(count)},
        actor=engineer[1],
        unit="notes",
    )
    return group


def test_a_group_costs_the_same_statements_whatever_its_size(kind, engineer, sent) -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            queue(kind, engineer, count)
        return len(asked)

    assert statements(3) == statements(300)


def test_only_a_window_of_messages_waits_and_each_done_job_makes_room(
    kind, engineer, sent, committed
) -> None:
    with committed():
        group = queue(kind, engineer, 12)
    assert len(sent) == WINDOW
    done = 0
    while done < len(sent):
        with committed():
            services.run_job(sent[done])
        done += 1
        waiting = Job.objects.filter(group_id=group, state="queued").exclude(sent_at=None)
        assert waiting.count() <= WINDOW
    assert len(sent) == len(set(sent)) == 12
    assert not Job.objects.filter(group_id=group).exclude(state="done").exists()


def test_a_job_of_somebody_else_waits_behind_a_window_and_not_behind_all(
    kind, engineer, sent, committed
) -> None:
    with committed():
        queue(kind, engineer, 12)
    with committed():
        job = services.enqueue(
            kind.name, project=engineer[0], subject_id=uuid.uuid4(), actor=engineer[1]
        )
    assert sent.index(job.pk) == WINDOW


def test_the_same_subject_is_not_queued_twice_in_its_group(kind, engineer, sent) -> None:
    group, subject = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        services.enqueue_all(
            kind.name,
            project=engineer[0],
            group_id=group,
            totals={subject: 3},
            actor=engineer[1],
            unit="notes",
        )
    assert Job.objects.filter(group_id=group).count() == 1


def test_the_reaper_refills_a_window_whose_messages_were_lost(
    kind, engineer, sent, committed
) -> None:
    with committed():
        group = queue(kind, engineer, 12)
    Job.objects.filter(group_id=group).exclude(sent_at=None).update(
        sent_at=timezone.now() - timedelta(minutes=5)
    )
    with committed():
        services.reap()
    # The lost ones again, and nothing beyond the window however long no worker is up.
    assert sorted(sent[WINDOW:]) == sorted(sent[:WINDOW])
    for pk in sent[:WINDOW]:
        Job.objects.filter(pk=pk).update(state="done")
    with committed():
        services.reap()
    assert len(set(sent)) == 2 * WINDOW


def test_a_cancel_reaches_jobs_without_a_message_and_tells_the_end_once(
    kind, engineer, sent, committed
) -> None:
    with committed():
        group = queue(kind, engineer, 12)
    with CaptureQueriesContext(connection) as asked:
        services.cancel_group(group_id=group, actor=engineer[1])
    assert len(asked) < 12
    assert not Job.objects.filter(group_id=group).exclude(state="cancelled").exists()
    assert [job.state for job in ended] == ["cancelled"]
    with committed():
        for pk in sent:
            services.run_job(pk)
    assert len(sent) == WINDOW
