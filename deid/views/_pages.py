"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from deid.models import Run
from projects.models import Project


def words(code: str) -> str:
    """A recognizer's or rule's name as people read it."""
    return code.replace("_", " ")


def run_context(project: Project, run: Run, *deeper: str) -> dict[str, Any]:
    """Project, run, title and way back; `deeper` names the pages below the run's own."""
    args = [project.slug, run.pk]
    crumbs = [
        {"label": "De-identify", "url": reverse("deid:runs", args=[project.slug])},
        {"label": f"Run {run.number}", "url": reverse("deid:run", args=args)},
        {"label": "Notes", "url": reverse("deid:run-notes", args=args)},
    ][: 1 + len(deeper)]
    title = deeper[-1] if deeper else f"Run {run.number}"
    return {
        "project": project,
        "rail_current": "deid",
        "run": run,
        "title": title if title != "Notes" else f"Notes of run {run.number}",
        "breadcrumb": [*crumbs, {"label": title}],
    }
