"""Progress of a job, as every room's pages show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobs.selectors import Progress


def job_part(progress: Progress, **more: Any) -> dict[str, Any]:
    """A job's progress as the progress component takes it; `more` adds and replaces."""
    waiting = progress.state == "queued" and progress.ahead
    return {
        "state": progress.state,
        "done": progress.done,
        "total": progress.total,
        "unit": progress.unit,
        "rate": round(progress.rate, 1) if progress.rate else None,
        "remaining": progress.seconds_left,
        "detail": progress.phase if progress.active else "",
        "queue_position": progress.ahead + 1 if waiting else 0,
        "error": progress.error,
        **more,
    }


def progress_answer(
    request: HttpRequest, *, ended: bool, template: str = "jobs/progress.html", **context: Any
) -> HttpResponse:
    """The progress alone; once the work has ended, the browser loads the whole page anew."""
    response = render(request, template, context)
    if ended:
        response.headers["HX-Refresh"] = "true"
    return response
