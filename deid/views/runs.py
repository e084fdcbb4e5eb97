"""Pages of the stage De-identify: runs."""

from __future__ import annotations

import csv
import uuid
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission
from deid import selectors, services
from deid.finders import the_run
from deid.forms_surrogates import MapForm
from deid.models import Run
from deid.output_basis import SURROGATES, basis_of
from deid.release_page import release_part
from deid.views._pages import run_context, words
from deid.views.surrogates import map_action
from jobs.pages import job_part, progress_answer
from jobs.selectors import Progress, group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

STAGE = "deid"
STATE_WORDS = {
    Run.State.RUNNING: ("running", "Running"),
    Run.State.CANCELLED: ("cancelled", "Cancelled"),
    Run.State.FAILED: ("interrupted", "Stopped"),
    Run.State.DONE: ("frozen", "Complete"),
    Run.State.REJECTED: ("rejected", "Review failed"),
    Run.State.SIGNED_OFF: ("signed_off", "Signed off"),
}


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
            "rows": [_row(project, run) for run in page],
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


def _row(project: Project, run: Run) -> dict[str, object]:
    state, state_words = STATE_WORDS[Run.State(run.state)]
    return {
        "cells": [
            {
                "value": f"Run {run.number}",
                "url": reverse("deid:run", args=[project.slug, run.pk]),
                "detail": f"policy {run.policy.number}",
            },
            {"state": state, "value": state_words},
            run.note_count,
            run.patient_count,
            sum(run.counts.values()) if run.counts else None,
            {"when": run.started_at, "detail": run.operator.full_name},
            {"digest": run.digest} if run.digest else None,
        ]
    }


@login_required
@require_GET
def run_detail(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    rows = selectors.category_rows(run)
    progress = None if run.digest else _progress(run)
    return render(
        request,
        "deid/run_detail.html",
        {
            **run_context(project, run),
            **release_part(project, run),
            "pairs": _pairs(run),
            "basis": basis_of(run.policy.content),
            "engine": _engine(run),
            "seconds": _seconds(run),
            "rate": f"{run.note_count / (_seconds(run) or 1):,.1f} notes a second",
            "state": STATE_WORDS[Run.State(run.state)],
            # A finished run needs none, and counting its thousands of jobs takes time.
            "job": None if progress is None else _job(project, run, progress),
            "actions": _actions(request, project, run, progress),
            **_failed(request, run),
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


def _failed(request: HttpRequest, run: Run) -> dict[str, object]:
    """Which parts failed and why, for a run that stopped; nothing of whose notes they are."""
    if run.state != Run.State.FAILED:
        return {}
    page = page_of(request, selectors.failed_parts(run))
    return {
        "failed_page": page,
        "failed_columns": [
            {"label": "Part"}, {"label": "Notes", "number": True},
            {"label": "What happened"}, {"label": "Tries", "number": True}, {"label": "When"},
        ],
        "failed_rows": [
            {
                "cells": [
                    f"Part {part.number}", part.notes, part.error_message, part.attempts,
                    {"when": part.finished_at},
                ]
            }
            for part in page
        ],
    }  # fmt: skip


def _pairs(run: Run) -> list[dict[str, object]]:
    basis, kept = basis_of(run.policy.content), selectors.map_of(run)
    pairs: list[dict[str, object]] = [
        {"key": "Output", "value": basis.name},
        {"key": "Method", "value": basis.method, "detail": basis.citation},
        {"key": "Operator", "value": run.operator.full_name},
        {"key": "Started", "when": run.started_at},
        {"key": "Policy", "value": f"Version {run.policy.number}", "url": _policy_url(run)},
        {"key": "Policy, committed as", "digest": run.policy.commitment},
    ]
    if run.finished_at:
        pairs.append({"key": "Ended", "when": run.finished_at})
    if kept:
        state = "deleted" if kept.deleted_at else "kept, encrypted"
        pairs.append({"key": "Re-identification map", "value": state})
    if run.digest:
        pairs.append({"key": "Manifest", "digest": run.digest})
    return pairs


def _policy_url(run: Run) -> str:
    return reverse("deid:policy-version", args=[run.project.slug, run.policy.number])


def _engine(run: Run) -> list[dict[str, object]]:
    parts = {"presidio": "Presidio", "spacy": "spaCy", "model": "Names by context"}
    rows: list[dict[str, object]] = [
        {"key": name, "value": run.engine[key]} for key, name in parts.items() if key in run.engine
    ]
    return [{"key": "Engine", "digest": run.engine.get("engine", "")}, *rows]


def _seconds(run: Run) -> float | None:
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def _actions(
    request: HttpRequest, project: Project, run: Run, progress: Progress | None
) -> list[dict[str, object]]:
    args = [project.slug, run.pk]
    found: list[dict[str, object]] = []
    if run.state in (Run.State.CANCELLED, Run.State.FAILED):
        resume = {"label": "Resume", "url": reverse("deid:run-resume", args=args), "method": "post"}
        if progress and progress.active:
            resume = {"label": "Resume", "disabled_reason": "Its other parts are still at work."}
        found.append(action(actor_of(request), project, Permission.RUN_DEID, resume))
    if run.digest:
        url = reverse("deid:run-notes", args=args)
        found.append({"label": "See its notes", "url": url, "kind": "quiet"})
    if selectors.map_of(run):
        item = map_action(project, run)
        found.append(action(actor_of(request), project, Permission.REIDENTIFY, item))
        url = reverse("deid:run-measurement", args=args)
        found.append({"label": "How well it worked", "url": url, "kind": "quiet"})
    if run.state == Run.State.DONE:
        url = reverse("deid:reviews", args=[project.slug])
        found.append({"label": "Go on to the review", "url": url})
    return found


def _progress(run: Run) -> Progress:
    progress = group_progress(run.pk)
    if run.state == Run.State.CANCELLED:  # a chunk may still be on its way out
        progress = replace(progress, state="cancelled", seconds_left=None)
    return progress


def _is_live(run: Run, progress: Progress) -> bool:
    """Whether it moves: a run with a failed part still takes its other parts."""
    return run.state == Run.State.RUNNING or progress.active


def _job(project: Project, run: Run, progress: Progress) -> dict[str, object]:
    args = [project.slug, run.pk]
    running = run.state == Run.State.RUNNING
    return job_part(
        progress,
        id=f"run-{run.number}",
        label=f"De-identify {run.note_count:,} note{pluralize(run.note_count)}",
        kept="What was finished is kept. Resume goes on behind it.",
        poll_url=reverse("deid:run-progress", args=args) if _is_live(run, progress) else "",
        cancel_url=reverse("deid:run-cancel", args=args) if running else "",
    )


@login_required
@require_GET
def run_progress(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the run has ended, the whole page is shown anew."""
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    progress = _progress(run)
    job = _job(project, run, progress)
    return progress_answer(request, ended=not _is_live(run, progress), job=job)


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
