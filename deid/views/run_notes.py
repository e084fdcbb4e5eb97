"""Pages of a run's notes: the list, and one note with its spans."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.roles import Permission
from deid import selectors
from deid.engine.reasons import reason_of
from deid.finders import the_output, the_run
from deid.models import Run, RunNote
from deid.services.traces import explain_output
from deid.views._pages import run_context, words
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.selectors import project_for


@login_required
@require_GET
def run_notes(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The notes of a run, without any of their text."""
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    found = selectors.output_rows(
        run, note_type=request.GET.get("type", ""), search=request.GET.get("q", "").strip()
    )
    page = page_of(request, found)
    return render(
        request,
        "deid/run_notes.html",
        {
            **run_context(project, run, "Notes"),
            "page": page,
            "rows": [_note_row(project, run, output) for output in page],
            "columns": [
                {"label": "Note"}, {"label": "Type"}, {"label": "Specialty"},
                {"label": "Characters", "number": True}, {"label": "Replaced", "number": True},
            ],
            "filters": [
                {
                    "name": "type",
                    "label": "Type",
                    "options": [(name, name) for name in selectors.note_types(run)],
                }
            ],
        },
    )  # fmt: skip


def _note_row(project: Project, run: Run, output: RunNote) -> dict[str, object]:
    url = reverse("deid:run-note", args=[project.slug, run.pk, output.pk])
    return {
        "cells": [
            {"value": str(output.note_id)[:8], "url": url},
            output.note.note_type or "not stated",
            output.note.specialty or "not stated",
            output.note.length,
            output.span_count,
        ]
    }


@login_required
@require_GET
def run_note(
    request: HttpRequest, slug: str, run_id: uuid.UUID, output_id: uuid.UUID
) -> HttpResponse:
    """One note as the run left it; the raw note beside it when asked for, and recorded."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    output = the_output(run, output_id)
    text = selectors.read_output(actor=actor, output=output, purpose="view a run's note")
    spans, raw, trace = selectors.shown_spans(output), None, None
    if request.GET.get("raw"):
        raw = selectors.read_raw_note(actor=actor, note=output.note, purpose="compare with a run")
    if request.GET.get("why"):
        trace = explain_output(actor=actor, output=output)
    return render(
        request,
        "deid/run_note.html",
        {
            **run_context(project, run, "Notes", f"Note {str(output.note_id)[:8]}"),
            "text": text,
            "raw": raw,
            "unreviewed": run.state != Run.State.SIGNED_OFF,
            "actions": [_compare(request, project)],
            "spans": spans,
            "raw_spans": output.spans,
            "trace": trace,
            "rows": [
                _reason_row(span, raw_span)
                for span, raw_span in zip(spans, output.spans, strict=True)
            ],
            "columns": [
                {"label": "Tag"}, {"label": "Written"}, {"label": "Why"}, {"label": "Found by"},
                {"label": "Score", "number": True}, {"label": "Characters", "number": True},
            ],
        },
    )  # fmt: skip


def _reason_row(span: dict[str, Any], raw: dict[str, Any]) -> dict[str, object]:
    """A replaced part with what its rule looks for: the run's own record, at no cost."""
    found_by = {"value": words(span["recognizer"]), "detail": words(span["rule"])}
    return {
        "cells": [
            span["tag"], span["written"] if span["surrogate"] else "the tag",
            reason_of(span["recognizer"], span["rule"]), found_by, f"{span['score']:.2f}",
            f"{raw['start']}-{raw['end']}",
        ]
    }  # fmt: skip


def _compare(request: HttpRequest, project: Project) -> dict[str, object]:
    shown, query = bool(request.GET.get("raw")), request.GET.copy()
    words = "Hide the raw note" if shown else "Show the raw note beside it"
    query.pop("raw", None)
    if not shown:
        query["raw"] = "1"
    item = {"label": words, "url": f"?{query.urlencode()}", "kind": "quiet"}
    return action(actor_of(request), project, Permission.READ_RAW_NOTE, item)
