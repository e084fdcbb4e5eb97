"""How well it worked here: recall and precision on the notes that people read."""

from __future__ import annotations

import math
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deid import selectors
from deid.categories import CATEGORIES
from deid.finders import the_run
from deid.measurement_export import IS, IS_NOT, measurement_body
from deid.models import Run
from deid.selectors.measurement import Measurement, Rate, measurement_of, measurements
from deid.views._pages import run_context, words
from projects.models import Project
from projects.pages import actor_of, page_of
from projects.selectors import project_for

TITLE = "How well it worked here"
_ROUNDING = 1e-6  # 0.29 is a little less than 29 hundredths in floating point
_CATEGORY_COLUMNS = [
    {"label": "Category"}, {"label": "Found", "number": True}, {"label": "Missed", "number": True},
    {"label": "Recall", "number": True}, {"label": "Over-redacted", "number": True},
    {"label": "Precision", "number": True},
]  # fmt: skip
_RECOGNIZER_COLUMNS = [
    {"label": "Recognizer"}, {"label": "Replaced", "number": True},
    {"label": "Share of all identifiers", "number": True},
    {"label": "Over-redacted", "number": True}, {"label": "Precision", "number": True},
]  # fmt: skip
_RUN_COLUMNS = [
    {"label": "Run"}, {"label": "Notes read", "number": True}, {"label": "Recall", "number": True},
    {"label": "Precision", "number": True}, {"label": "Notes without a leak", "number": True},
]  # fmt: skip


@login_required
@require_GET
def project_measurements(request: HttpRequest, slug: str) -> HttpResponse:
    """Every run of the project beside the others; runs under other policies are not pooled."""
    project = project_for(actor_of(request), slug)
    page = page_of(request, selectors.runs(project))
    found = measurements(page)
    return render(
        request,
        "deid/measurements.html",
        {
            "project": project,
            "rail_current": "deid",
            "title": TITLE,
            "breadcrumb": [
                {"label": "De-identify", "url": reverse("deid:runs", args=[slug])},
                {"label": TITLE},
            ],
            "page": page,
            "columns": _RUN_COLUMNS,
            "rows": [_run_row(project, run, found[run.pk]) for run in page],
        },
    )


def _run_row(project: Project, run: Run, found: Measurement) -> dict[str, Any]:
    total = found.total
    return {
        "cells": [
            {
                "value": f"Run {run.number}",
                "url": reverse("deid:run-measurement", args=[project.slug, run.pk]),
                "detail": f"policy {run.policy.number}",
            },
            found.notes or None,
            rate_cell(total.recall),
            rate_cell(total.precision),
            rate_cell(found.without_leak),
        ]
    }


@login_required
@require_GET
def run_measurement(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    found = measurement_of(run)
    sample = run.samples.first()
    return render(
        request,
        "deid/measurement.html",
        {
            **run_context(project, run),
            "title": TITLE,
            "breadcrumb": [*run_context(project, run, "")["breadcrumb"][:2], {"label": TITLE}],
            "found": found,
            "sample": sample,
            "figures": _figures(found),
            "replaced_share": floored(found.total.characters / found.characters)
            if found.characters
            else None,
            "category_columns": _CATEGORY_COLUMNS,
            "category_rows": _category_rows(found),
            "recognizer_columns": _RECOGNIZER_COLUMNS,
            "recognizer_rows": _recognizer_rows(found),
            "says": IS,
            "says_not": IS_NOT,
            "actions": _actions(project, run, found),
        },
    )


def _actions(project: Project, run: Run, found: Measurement) -> list[dict[str, Any]]:
    if not found.notes:
        return []
    url = reverse("deid:run-measurement-json", args=[project.slug, run.pk])
    return [{"label": "Export as JSON", "url": url, "kind": "quiet"}]


def _figures(found: Measurement) -> list[dict[str, Any]]:
    total = found.total
    return [
        _figure("Recall on the notes read", total.recall, "identifiers"),
        _figure("Precision by reviewers' marks", total.precision, "replaced parts"),
        _figure("Notes without a leak", found.without_leak, "notes"),
    ]


def _figure(label: str, rate: Rate, of: str) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {
        "label": label,
        "value": None if rate.value is None else floored(rate.value),
        "low": None if low is None else floored(low),
        "high": None if high is None else ceiled(high),
        "n": rate.n,
        "of": of,
    }


def floored(share: float) -> float:
    """Per cent to two places, cut and not rounded: 99.996 % is not all."""
    return math.floor(share * 10_000 + _ROUNDING) / 100


def ceiled(share: float) -> float:
    """Per cent to two places, the next above: an upper limit is never cut."""
    return math.ceil(share * 10_000 - _ROUNDING) / 100


def rate_cell(rate: Rate) -> dict[str, Any] | None:
    """A share with its interval below it, since one without the other says nothing."""
    if rate.value is None or rate.interval is None:
        return None
    low, high = rate.interval
    return {
        "value": f"{floored(rate.value):g} %",
        "detail": f"{floored(low):g} to {ceiled(high):g} %, n = {rate.n:,}",
    }


def _category_rows(found: Measurement) -> list[dict[str, Any]]:
    rows = []
    for code, (letter, label) in CATEGORIES.items():
        if code in found.categories:
            tally = found.categories[code]
            rows.append(
                {
                    "cells": [
                        {"value": label, "detail": f"letter {letter}"}, tally.found, tally.missed,
                        rate_cell(tally.recall), tally.wrongly, rate_cell(tally.precision),
                    ]
                }
            )  # fmt: skip
    return rows


def _recognizer_rows(found: Measurement) -> list[dict[str, Any]]:
    ordered = sorted(found.recognizers.items(), key=lambda item: (-item[1].replaced, item[0]))
    return [
        {
            "cells": [
                words(name), tally.replaced, rate_cell(found.share_of(name)), tally.wrongly,
                rate_cell(tally.precision),
            ]
        }
        for name, tally in ordered
    ]  # fmt: skip


@login_required
@require_GET
def measurement_json(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The same as the API gives, as a file."""
    run = the_run(project_for(actor_of(request), slug), run_id)
    response = JsonResponse(
        measurement_body(run, measurement_of(run)), json_dumps_params={"indent": 2}
    )
    name = f"run-{run.number}-measurement.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
