"""Pages of the stage De-identify: runs."""

from __future__ import annotations

import csv
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission
from deid import selectors, services
from deid.engine.output_basis import SURROGATES, basis_of
from deid.finders import the_run
from deid.forms_surrogates import MapForm
from deid.models import Run
from deid.release_page import release_part
from deid.views._pages import run_context, words
from deid.views._run_parts import (
    STATE_WORDS,
    engine_pairs,
    failed_parts,
    is_live,
    progress_of,
    record_pairs,
    run_actions,
    run_job,
    run_row,
    seconds_of,
)
from jobs.pages import progress_answer
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

STAGE = "deid"


@login_required
@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of runs; POST starts the next one."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    if request.method == "POST":
        return _start(request, project)
    basis = selectors.current_basis(project)
    asks = basis.output == SURROGATES and allowed(actor, project, Permission.RUN_DEID)
    map_form = MapForm() if asks else None
    page = page_of(request, selectors.runs(project))
    totals = selectors.note_totals(project)
    start = {"label": "Start a run", "url": reverse("deid:runs", args=[slug]), "method": "post"}
    if not totals["notes"]:
        start = {"label": "Start a run", "disabled_reason": "There are no notes yet."}
    measured = {
        "label": "How well it worked",
        "url": reverse("deid:measurements", args=[slug]),
        "kind": "quiet",
    }
    policy = {"label": "Policy", "url": reverse("deid:policy", args=[slug]), "kind": "quiet"}
    expert = {
        "label": "Expert Determinations",
        "url": reverse("deid:determinations", args=[slug]),
        "kind": "quiet",
    }
    return render(
        request,
        "deid/runs.html",
        {
            "project": project,
            "rail_current": STAGE,
            "totals": totals,
            "basis": basis,
            "map_form": map_form,
            "actions": [
                measured, policy, expert, action(actor, project, Permission.RUN_DEID, start),
            ],
            "page": page,
            "rows": [run_row(project, run) for run in page],
            "columns": [
                {"label": "Run"}, {"label": "State"}, {"label": "Notes", "number": True},
                {"label": "Patients", "number": True}, {"label": "Replaced", "number": True},
                {"label": "Started"}, {"label": "Digest"},
            ],
        },
    )  # fmt: skip


def _start(request: HttpRequest, project: Project) -> HttpResponse:
    run = services.start_run(
        project=project,
        actor=actor_of(request),
        keep_map=bool(request.POST.get("keep_map")),
        map_reason=request.POST.get("map_reason", ""),
    )
    return redirect("deid:run", slug=project.slug, run_id=run.pk)


@login_required
@require_GET
def run_detail(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    rows = selectors.category_rows(run)
    progress = None if run.digest else progress_of(run)
    return render(
        request,
        "deid/run_detail.html",
        {
            **run_context(project, run),
            **release_part(project, run),
            "pairs": record_pairs(run),
            "basis": basis_of(run.policy.content),
            "engine": engine_pairs(run),
            "seconds": seconds_of(run),
            "rate": f"{run.note_count / (seconds_of(run) or 1):,.1f} notes a second",
            "state": STATE_WORDS[Run.State(run.state)],
            # A finished run needs none, and counting its thousands of jobs takes time.
            "job": None if progress is None else run_job(project, run, progress),
            "actions": run_actions(request, project, run, progress),
            **failed_parts(request, run),
            "replaced": sum(run.counts.values()),
            "rows": [
                {
                    "cells": [
                        row["letter"], row["label"], row["count"],
                        ", ".join(f"{words(by)} {n:,}" for by, n in row["detectors"].items()),
                    ]
                }
                for row in rows
            ],
            "columns": [
                {"label": "Letter"}, {"label": "Category"}, {"label": "Replaced", "number": True},
                {"label": "Found by"},
            ],
        },
    )  # fmt: skip


@login_required
@require_GET
def run_progress(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the run has ended, the whole page is shown anew."""
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    progress = progress_of(run)
    job = run_job(project, run, progress)
    return progress_answer(request, ended=not is_live(run, progress), job=job)


@login_required
@require_POST
def run_cancel(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    run = the_run(project_for(actor_of(request), slug), run_id)
    services.cancel_run(run=run, actor=actor_of(request))
    messages.info(request, "The run is cancelled. What was finished is kept; it can be resumed.")
    return redirect("deid:run", slug=slug, run_id=run_id)


@login_required
@require_POST
def run_resume(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    run = the_run(project_for(actor_of(request), slug), run_id)
    services.resume_run(run=run, actor=actor_of(request))
    return redirect("deid:run", slug=slug, run_id=run_id)


@login_required
@require_GET
def categories_csv(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    run = the_run(project_for(actor_of(request), slug), run_id)
    response = HttpResponse(content_type="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="run-{run.number}.csv"'
    writer = csv.writer(response)
    writer.writerow(["letter", "category", "replaced", "found by"])
    for row in selectors.category_rows(run):
        by = "; ".join(f"{name} {count}" for name, count in row["detectors"].items())
        writer.writerow([row["letter"], row["code"], row["count"], by])
    return response
