"""The reaper sends again what is lost, and not what only waits its turn."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from jobs import kinds, services
from jobs.lease import Lease, claim
from jobs.models import Job
from tests.factories.people import make_member, make_project

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(services, "_send", lambda job: messages.append(str(job.pk)))
    return messages


@pytest.fixture
def jobs(sent: list[str]) -> Iterator[list[Job]]:
    name = f"test.{uuid.uuid4().hex[:8]}"

    def work(lease: Lease) -> None:
        lease.progress(1, 1)

    kinds.register(kinds.Kind(name=name, queue="default", run=work))
    project = make_project()
    engineer = make_member(project, Role.DATA_ENGINEER)
    yield [
        services.enqueue(name, project=project, subject_id=uuid.uuid4(), actor=engineer)
        for _ in range(2)
    ]
    del kinds._kinds[name]


def test_a_job_that_waits_behind_a_running_one_is_not_sent_again(
    jobs: list[Job], sent: list[str]
) -> None:
    running, waiting = jobs
    claim(running.pk)
    Job.objects.filter(pk=waiting.pk).update(sent_at=timezone.now() - timedelta(minutes=5))
    services.reap()
    assert sent == []
    Job.objects.filter(pk=running.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    services.reap()
    assert sorted(sent) == sorted([str(running.pk), str(waiting.pk)])


def test_a_cancel_holds_although_its_worker_died(jobs: list[Job]) -> None:
    job = jobs[0]
    claim(job.pk)
    services.cancel_group(group_id=job.group_id, actor=job.requested_by)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    services.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
