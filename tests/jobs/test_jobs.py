"""A job is done once, shows its progress, stops when asked and outlives its worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from jobs import kinds, services
from jobs.lease import Lease, claim
from jobs.models import Job
from jobs.selectors import group_progress
from projects.models import Project
from tests.factories.people import make_member, make_project

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def engineer(project: Project) -> User:
    return make_member(project, Role.DATA_ENGINEER)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the messages that left; the queue itself is tested with a real worker elsewhere."""
    messages: list[str] = []
    monkeypatch.setattr(services, "_send", lambda job: messages.append(str(job.pk)))
    return messages


@pytest.fixture
def kind() -> Iterator[Callable[..., kinds.Kind]]:
    made: list[str] = []

    def make(run: Callable[[Lease], None], **more: object) -> kinds.Kind:
        found = kinds.Kind(name=f"test.{uuid.uuid4().hex[:8]}", queue="default", run=run, **more)  # type: ignore[arg-type]
        kinds.register(found)
        made.append(found.name)
        return found

    yield make
    for name in made:
        del kinds._kinds[name]


def queue(kind: kinds.Kind, project: Project, engineer: User, **more: object) -> Job:
    return services.enqueue(
        kind.name,
        project=project,
        subject_id=uuid.uuid4(),
        actor=engineer,
        **more,  # type: ignore[arg-type]
    )


def test_it_runs_once_however_often_the_message_comes(kind, project, engineer, sent) -> None:
    ran: list[int] = []
    job = queue(kind(lambda lease: ran.append(1)), project, engineer)
    services.run_job(job.pk)
    services.run_job(job.pk)
    assert ran == [1]
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE


def test_a_message_that_meets_a_live_lease_returns_at_once(kind, project, engineer, sent) -> None:
    job = queue(kind(lambda lease: None), project, engineer)
    assert claim(job.pk) is not None
    assert claim(job.pk) is None


def test_the_same_work_is_not_queued_twice(kind, project, engineer, sent) -> None:
    found, subject = kind(lambda lease: None), uuid.uuid4()
    first, second = (
        services.enqueue(found.name, project=project, subject_id=subject, actor=engineer)
        for _ in range(2)
    )
    assert first == second


def test_a_refusal_becomes_the_jobs_sentence(kind, project, engineer, sent) -> None:
    def refuse(lease: Lease) -> None:
        raise InvalidInput("The file is empty. Nothing was imported.")

    job = queue(kind(refuse), project, engineer)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "invalid")
    assert job.error_message == "The file is empty. Nothing was imported."


def test_an_unexpected_error_never_quotes_what_it_stumbled_over(
    kind, project, engineer, sent, caplog
) -> None:
    def stumble(lease: Lease) -> None:
        raise ValueError("Okafor, Jane seen on 3/14")

    job = queue(kind(stumble), project, engineer)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "Okafor" not in job.error_message + caplog.text
    assert "ValueError" in job.error_message
    assert "test_jobs.py" in caplog.text


def test_a_cancelled_job_stops_at_its_next_step_and_keeps_its_progress(
    kind, project, engineer, sent
) -> None:
    def work(lease: Lease) -> None:
        lease.progress(1, 3)
        services.cancel_group(group_id=lease.job.group_id, actor=engineer)
        lease._renew()
        lease.progress(2, 3)
        raise AssertionError("went on after the cancel")

    job = queue(kind(work), project, engineer)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_dead_workers_job_is_sent_again_and_finished_by_another(
    kind, project, engineer, sent, django_capture_on_commit_callbacks
) -> None:
    job = queue(kind(lambda lease: None), project, engineer)
    claim(job.pk)  # and then the worker was killed
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.reap() == 1
    assert sent[-1] == str(job.pk)
    services.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE


def test_a_worker_that_lost_its_lease_writes_nothing_more(kind, project, engineer, sent) -> None:
    def work(lease: Lease) -> None:
        Job.objects.filter(pk=lease.job.pk).update(lease=uuid.uuid4())
        lease.progress(1, 2)
        raise AssertionError("went on without a lease")

    job = queue(kind(work), project, engineer)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert job.done == 0


def test_a_worker_whose_job_was_taken_over_does_not_say_how_it_ended(
    kind, project, engineer, sent
) -> None:
    ended: list[str] = []
    successor = uuid.uuid4()

    def work(lease: Lease) -> None:  # and never looks at its lease again
        Job.objects.filter(pk=lease.job.pk).update(lease=successor)
        raise InvalidInput("The stale worker met a problem.")

    job = queue(kind(work, on_end=lambda job: ended.append(job.state)), project, engineer)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease, job.error_code) == (Job.State.RUNNING, successor, "")
    assert ended == []


def test_a_job_that_dies_again_and_again_is_given_up(kind, project, engineer, sent) -> None:
    job = queue(kind(lambda lease: None, max_attempts=2), project, engineer)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "retries")


def test_a_lost_message_is_sent_again(kind, project, engineer, sent) -> None:
    job = queue(kind(lambda lease: None), project, engineer)
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=5))
    services.reap()
    assert sent == [str(job.pk)]


def test_the_message_leaves_only_when_the_transaction_commits(
    kind, project, engineer, sent, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue(kind(lambda lease: None), project, engineer)
        assert sent == []
    assert len(sent) == 1


def test_a_group_shows_the_sum_of_its_jobs(kind, project, engineer, sent) -> None:
    found, group = kind(lambda lease: lease.progress(25, 25, unit="notes")), uuid.uuid4()
    jobs = [queue(found, project, engineer, group_id=group, total=25) for _ in range(4)]
    services.run_job(jobs[0].pk)
    progress = group_progress(group)
    assert (progress.state, progress.done, progress.total) == ("queued", 25, 100)
    for job in jobs[1:]:
        services.run_job(job.pk)
    assert group_progress(group).state == "done"
