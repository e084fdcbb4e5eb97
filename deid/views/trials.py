"""The pages of a trial: progress, verdict, and where the two policies differ."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.roles import Permission
from deid import selectors, services
from deid.categories import CATEGORIES, label
from deid.finders import the_trial, the_trial_note
from deid.models import PolicyTrial, TrialNote
from deid.views._pages import words
from deid.views._policy_parts import policy_frame
from deid.views._run_parts import is_live, progress_of, resume_item
from deid.views.policy_drafts import TRIAL_STATES, adoption
from jobs.pages import job_part, progress_answer
from jobs.selectors import Progress
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

KIND_WORDS = {"more": "Newly hidden", "fewer": "No longer hidden", "other": "Other category"}


@login_required
@require_GET
def trial(request: HttpRequest, slug: str, trial_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_trial(project, trial_id)
    at_work = progress_of(found)
    return render(
        request,
        "deid/trial.html",
        {
            **_frame(project, found),
            **adoption(actor, project, found.draft),
            "trial": found,
            "state": TRIAL_STATES[PolicyTrial.State(found.state)],
            "job": _job(project, found, at_work),
            "pairs": _pairs(found),
            "change": selectors.change_of_draft(found.draft),
            "actions": _actions(actor, project, found, at_work),
            **(_result(request, actor, project, found) if found.result else {}),
        },
    )


def _frame(project: Project, found: PolicyTrial, deeper: str = "") -> dict[str, Any]:
    frame = policy_frame(project, deeper or f"Trial {found.number}")
    draft = found.draft
    crumbs = [
        {"label": f"Draft {draft.number}",
         "url": reverse("deid:policy-draft", args=[project.slug, draft.pk])},
        {"label": f"Trial {found.number}",
         "url": reverse("deid:policy-trial", args=[project.slug, found.pk])},
    ][: 2 if deeper else 1]  # fmt: skip
    way, here = frame["breadcrumb"][:-1], frame["breadcrumb"][-1]
    return {**frame, "breadcrumb": [*way, *crumbs, here]}


def _pairs(found: PolicyTrial) -> list[dict[str, Any]]:
    drawn = f"{found.note_count:,} of {found.population:,}, drawn at random"
    pairs: list[dict[str, Any]] = [
        {"key": "Draft", "value": f"Draft {found.draft.number}"},
        {"key": "Beside", "value": f"Version {found.against.number}"},
        {"key": "Notes", "value": drawn},
        {"key": "Read", "value": f"{found.read_count:,} notes, all of the patients drawn"},
        {"key": "Started", "when": found.started_at},
        {"key": "By", "value": found.started_by.full_name},
    ]
    if found.finished_at:
        pairs.append({"key": "Ended", "when": found.finished_at})
    return pairs


def _actions(
    actor: User, project: Project, found: PolicyTrial, progress: Progress
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if found.state in (PolicyTrial.State.CANCELLED, PolicyTrial.State.FAILED):
        url = reverse("deid:policy-trial-resume", args=[project.slug, found.pk])
        items.append(resume_item(url, progress))
    items.append({"label": "Drop the draft", "dialog": "drop-draft", "kind": "quiet"})
    return [action(actor, project, Permission.EDIT_POLICY, item) for item in items]


def _result(
    request: HttpRequest, actor: User, project: Project, found: PolicyTrial
) -> dict[str, Any]:
    result = found.result or {}
    page = page_of(request, selectors.changed_notes(found))
    shown = selectors.read_differences(
        actor=actor, trial=found, rows=list(page), purpose="read a trial's differences"
    )
    raw = allowed(actor, project, Permission.READ_RAW_NOTE)
    return {
        "verdict": selectors.verdict_words(result["totals"]),
        "totals": result["totals"],
        "rows": _count_rows(result["counts"]),
        "columns": [
            {"label": "Category"}, {"label": "Now", "number": True},
            {"label": "Draft", "number": True}, {"label": "Change", "number": True},
        ],
        "page": page,
        "raw": raw,
        "difference_rows": [
            _difference_row(project, found, row, entry, raw=raw)
            for row, entries in shown
            for entry in entries
        ],
        "difference_columns": [
            {"label": "Note"}, {"label": "Change"}, {"label": "Category"},
            {"label": "In context"}, {"label": "Found by"},
        ],
    }  # fmt: skip


def _count_rows(counts: dict[str, list[int]]) -> list[dict[str, Any]]:
    rows = []
    for code, (_, name) in CATEGORIES.items():
        before, after = counts.get(code, [0, 0])
        if before or after:
            change = f"{after - before:+,}" if after != before else "none"
            rows.append({"cells": [name, before, after, change]})
    return rows


def _difference_row(
    project: Project, found: PolicyTrial, row: TrialNote, entry: dict[str, Any], *, raw: bool
) -> dict[str, Any]:
    url = reverse("deid:policy-trial-note", args=[project.slug, found.pk, row.pk])
    note: dict[str, Any] = {"value": str(row.note_id)[:8], "detail": row.note.note_type}
    length = entry["end"] - entry["start"]
    tag = f"[{entry['category']}, {length} character{'' if length == 1 else 's'}]"
    category = label(entry["category"])
    if entry["other"]:
        category = f"{category}, before: {label(entry['other'])}"
    return {
        "cells": [
            {**note, "url": url} if raw else note,
            {"state": "missing", "value": KIND_WORDS["fewer"]}
            if entry["kind"] == "fewer" else KIND_WORDS[entry["kind"]],
            category,
            f"{entry['before']}{tag}{entry['behind']}",
            {"value": words(entry["recognizer"]),
             "detail": f"{words(entry['rule'])}, score {entry['score']:.2f}"},
        ]
    }  # fmt: skip


def _job(project: Project, found: PolicyTrial, progress: Progress) -> dict[str, object]:
    args = [project.slug, found.pk]
    running = found.state == PolicyTrial.State.RUNNING
    poll_url = reverse("deid:policy-trial-progress", args=args)
    return job_part(
        progress,
        id=f"trial-{found.number}",
        label=f"Compare on {found.note_count:,} note{pluralize(found.note_count)}",
        kept="What was compared is kept. Resume goes on behind it.",
        poll_url=poll_url if is_live(found, progress) else "",
        cancel_url=reverse("deid:policy-trial-cancel", args=args) if running else "",
    )


@login_required
@require_GET
def progress(request: HttpRequest, slug: str, trial_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = the_trial(project, trial_id)
    at_work = progress_of(found)
    job = _job(project, found, at_work)
    return progress_answer(request, ended=not is_live(found, at_work), job=job)


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, trial_id: uuid.UUID) -> HttpResponse:
    found = the_trial(project_for(actor_of(request), slug), trial_id)
    services.cancel_trial(trial=found, actor=actor_of(request))
    messages.info(request, "The trial is cancelled. What was compared is kept; it can be resumed.")
    return redirect("deid:policy-trial", slug=slug, trial_id=trial_id)


@login_required
@require_POST
def resume(request: HttpRequest, slug: str, trial_id: uuid.UUID) -> HttpResponse:
    found = the_trial(project_for(actor_of(request), slug), trial_id)
    services.resume_trial(trial=found, actor=actor_of(request))
    return redirect("deid:policy-trial", slug=slug, trial_id=trial_id)


@login_required
@require_GET
def trial_note(
    request: HttpRequest, slug: str, trial_id: uuid.UUID, row_id: uuid.UUID
) -> HttpResponse:
    """The raw note with what the two policies treat differently; each reading is recorded."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_trial(project, trial_id)
    row = the_trial_note(found, row_id)
    raw = selectors.read_raw_note(
        actor=actor, note=row.note, purpose="compare two policies in a trial"
    )
    entries = list(row.differences or ())
    return render(
        request,
        "deid/trial_note.html",
        {
            **_frame(project, found, f"Note {str(row.note_id)[:8]}"),
            "raw": raw,
            "spans": [
                {**e, "kind": "leak" if e["kind"] == "fewer" else "machine"} for e in entries
            ],
            "rows": [
                {
                    "cells": [
                        KIND_WORDS[e["kind"]], label(e["category"]), words(e["recognizer"]),
                        words(e["rule"]), f"{e['score']:.2f}", f"{e['start']}-{e['end']}",
                    ]
                }
                for e in entries
            ],
            "columns": [
                {"label": "Change"}, {"label": "Category"}, {"label": "Found by"},
                {"label": "Rule"}, {"label": "Score", "number": True},
                {"label": "Characters", "number": True},
            ],
        },
    )  # fmt: skip
