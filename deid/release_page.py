"""The conditions of a run's release as gate rows, for every page that shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from deid.models import Run
from deid.selectors.release import DETERMINATION, profile_words, release_conditions
from projects.models import Project


def release_part(project: Project, run: Run) -> dict[str, Any]:
    """{profile_words, release_gates} of a finished run; nothing of one that still works."""
    if not run.digest:
        return {}
    pages = {DETERMINATION: reverse("deid:determinations", args=[project.slug])}
    queue = reverse("deid:passages", args=[project.slug, run.pk])
    return {
        "profile_words": profile_words(run),
        "release_gates": [
            found.to_gate(pages.get(found.label, queue)) for found in release_conditions(run)
        ],
    }
