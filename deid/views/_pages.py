"""What the pages of this app share."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.urls import reverse

from deid.models import ImportBatch, Run
from deid.selectors import batch_of, run_of
from projects.models import Project


def the_batch(project: Project, batch_id: uuid.UUID) -> ImportBatch:
    batch = batch_of(project, batch_id)
    if batch is None:
        raise Http404
    return batch


def the_run(project: Project, run_id: uuid.UUID) -> Run:
    run = run_of(project, run_id)
    if run is None:
        raise Http404
    return run


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
