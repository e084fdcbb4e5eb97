"""How a run reads on its pages: row, record, progress, and what can be done.

A trial, which is cut into chunks as a run is, takes its progress from here too.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.urls import reverse

from accounts.roles import Permission
from deid import selectors
from deid.engine.output_basis import basis_of
from deid.models import PolicyTrial, Run
from deid.views.surrogates import map_action
from jobs.pages import job_part
from jobs.selectors import Progress, group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of

STATE_WORDS = {
    Run.State.RUNNING: ("running", "Running"),
    Run.State.CANCELLED: ("cancelled", "Cancelled"),
    Run.State.FAILED: ("interrupted", "Stopped"),
    Run.State.DONE: ("frozen", "Complete"),
    Run.State.REJECTED: ("rejected", "Review failed"),
    Run.State.SIGNED_OFF: ("signed_off", "Signed off"),
}


def run_row(project: Project, run: Run) -> dict[str, object]:
    state, state_words = STATE_WORDS[Run.State(run.state)]
    return {
        "cells": [
            {
                "value": f"Run {run.number}",
                "url": reverse("deid:run", args=[project.slug, run.pk]),
                "detail": ", ".join(filter(None, [f"policy {run.policy.number}", _method(run)])),
            },
            {"state": state, "value": state_words},
            run.note_count,
            run.patient_count,
            sum(run.counts.values()) if run.counts else None,
            {"when": run.started_at, "detail": run.operator.full_name},
            {"digest": run.digest} if run.digest else None,
        ]
    }


def _method(run: Run) -> str:
    """The method of the law, as the run's manifest states it; earlier manifests state none."""
    return str((run.manifest or {}).get("body", {}).get("output", {}).get("method", ""))


def failed_parts(request: HttpRequest, run: Run) -> dict[str, object]:
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


def record_pairs(run: Run) -> list[dict[str, object]]:
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


def engine_pairs(run: Run) -> list[dict[str, object]]:
    parts = {"presidio": "Presidio", "spacy": "spaCy", "model": "Names by context"}
    rows: list[dict[str, object]] = [
        {"key": name, "value": run.engine[key]} for key, name in parts.items() if key in run.engine
    ]
    return [{"key": "Engine", "digest": run.engine.get("engine", "")}, *rows]


def seconds_of(run: Run) -> float | None:
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def run_actions(
    request: HttpRequest, project: Project, run: Run, progress: Progress | None
) -> list[dict[str, object]]:
    args = [project.slug, run.pk]
    found: list[dict[str, object]] = []
    if run.state in (Run.State.CANCELLED, Run.State.FAILED):
        resume = resume_item(reverse("deid:run-resume", args=args), progress)
        found.append(action(actor_of(request), project, Permission.RUN_DEID, resume))
    if run.digest:
        url = reverse("deid:run-notes", args=args)
        found.append({"label": "See its notes", "url": url, "kind": "quiet"})
        url = reverse("deid:run-measurement", args=args)
        found.append({"label": "How well it worked", "url": url, "kind": "quiet"})
    if selectors.map_of(run):
        item = map_action(project, run)
        found.append(action(actor_of(request), project, Permission.REIDENTIFY, item))
    if run.state == Run.State.DONE:
        url = reverse("deid:reviews", args=[project.slug])
        found.append({"label": "Go on to the review", "url": url})
    return found


def resume_item(url: str, progress: Progress | None) -> dict[str, object]:
    if progress and progress.active:
        return {"label": "Resume", "disabled_reason": "Its other parts are still at work."}
    return {"label": "Resume", "url": url, "method": "post"}


def progress_of(work: Run | PolicyTrial) -> Progress:
    progress = group_progress(work.pk)
    if work.state == work.State.CANCELLED:  # a chunk may still be on its way out
        progress = replace(progress, state="cancelled", seconds_left=None)
    return progress


def is_live(work: Run | PolicyTrial, progress: Progress) -> bool:
    """Whether it moves: what has a failed part still takes its other parts."""
    return work.state == work.State.RUNNING or progress.active


def run_job(project: Project, run: Run, progress: Progress) -> dict[str, object]:
    args = [project.slug, run.pk]
    running = run.state == Run.State.RUNNING
    return job_part(
        progress,
        id=f"run-{run.number}",
        label=f"De-identify {run.note_count:,} note{pluralize(run.note_count)}",
        kept="What was finished is kept. Resume goes on behind it.",
        poll_url=reverse("deid:run-progress", args=args) if is_live(run, progress) else "",
        cancel_url=reverse("deid:run-cancel", args=args) if running else "",
    )
