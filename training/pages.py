"""What the pages of the model stages share; deployment's pages use it as well."""

from __future__ import annotations

from typing import Any

from jobs.selectors import Progress


def job_part(progress: Progress, **more: Any) -> dict[str, Any]:
    """A job's progress as the progress component takes it."""
    waiting = progress.state == "queued" and progress.ahead
    return {
        "state": progress.state,
        "done": progress.done,
        "total": progress.total,
        "unit": progress.unit,
        "rate": progress.rate,
        "remaining": progress.seconds_left,
        "detail": progress.phase if progress.active else "",
        "queue_position": progress.ahead + 1 if waiting else 0,
        "error": progress.error,
        **more,
    }
