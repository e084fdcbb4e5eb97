"""What the pages of policies, drafts and trials share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from deid.categories import CATEGORIES, label
from deid.policy_content import Difference
from deid.selectors import Change
from projects.models import Project

# A list that is longer is paged on the version's own page.
SHOWN_TEXTS = 50


def policy_frame(project: Project, title: str) -> dict[str, Any]:
    """Project, rail, title and the way back to the policy."""
    crumbs: list[dict[str, Any]] = [
        {"label": "De-identify", "url": reverse("deid:runs", args=[project.slug])},
        {"label": "Policy", "url": reverse("deid:policy", args=[project.slug])},
    ]
    return {
        "project": project,
        "rail_current": "deid",
        "title": title,
        "breadcrumb": [*crumbs, {"label": title}],
    }


def change_cell(change: Change | None) -> dict[str, Any] | str:
    """What a version changed, with a warning where it may hide less."""
    if change is None:
        return "The first version"
    words = "; ".join(change.words)
    if change.lowers:
        return {"state": "missing", "value": "May hide less", "detail": words}
    return {"value": words}


def threshold_rows(now: Mapping[str, float], before: Mapping[str, float]) -> list[dict[str, Any]]:
    rows = []
    for code, (_, name) in CATEGORIES.items():
        old, new = before[code], now[code]
        words = "as before" if old == new else "hides less" if new > old else "hides more"
        rows.append({"cells": [name, f"{new:g}", f"{old:g}", words]})
    return rows


THRESHOLD_COLUMNS = [
    {"label": "Category"},
    {"label": "Threshold", "number": True},
    {"label": "Before", "number": True},
    {"label": "Which means"},
]


def text_rows(change: Difference) -> list[dict[str, Any]]:
    """The terms that a change adds and removes, for those who may read them."""
    found = [
        *(("No longer hidden", text, label(code)) for text, code in change.terms_removed),
        *(("Kept readable", text, "") for text in change.allow_added),
        *(("Hidden", text, label(code)) for text, code in change.terms_added),
        *(("No longer kept readable", text, "") for text in change.allow_removed),
    ]
    return [{"cells": [words, text, category or "any"]} for words, text, category in found]


TEXT_COLUMNS = [{"label": "Change"}, {"label": "Term"}, {"label": "Category"}]
