"""Queue messages: an id in, nothing out."""

import uuid

from celery import shared_task

from jobs import services


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    services.run_job(uuid.UUID(job_id))


@shared_task(name="jobs.reap")
def reap() -> None:
    services.reap()
