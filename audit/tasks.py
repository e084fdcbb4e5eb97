"""Queue messages of the trail."""

from celery import shared_task

from audit.seals import seal_pending


@shared_task(name="audit.seal")
def seal() -> None:
    seal_pending()
