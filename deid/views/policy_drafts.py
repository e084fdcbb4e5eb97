"""The page of a draft: what it changes, its trials, and what may become of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from deid import selectors, services
from deid.finders import the_draft
from deid.forms_policy import ReasonForm, TrialForm
from deid.models import PolicyDraft, PolicyTrial
from deid.policy_content import change_words, difference
from deid.views._policy_parts import (
    TEXT_COLUMNS,
    THRESHOLD_COLUMNS,
    policy_frame,
    text_rows,
    threshold_rows,
)
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

TRIAL_STATES = {
    PolicyTrial.State.RUNNING: ("running", "Running"),
    PolicyTrial.State.CANCELLED: ("cancelled", "Cancelled"),
    PolicyTrial.State.FAILED: ("interrupted", "Stopped"),
    PolicyTrial.State.DONE: ("done", "Done"),
}


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    """A draft; POST starts a trial of it."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_draft(project, draft_id)
    form = TrialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            trial = services.start_trial(draft=found, actor=actor, size=form.cleaned_data["size"])
        except InvalidInput as problem:
            form.add_error("size", problem.message)
        else:
            return redirect("deid:policy-trial", slug=slug, trial_id=trial.pk)
    return render(request, "deid/policy_draft.html", _context(request, actor, project, found, form))


def _context(
    request: HttpRequest, actor: User, project: Project, found: PolicyDraft, form: TrialForm
) -> dict[str, Any]:
    change = selectors.draft_difference(found)
    facts = selectors.content_facts(found.content)
    before = selectors.content_facts(found.base.content)
    page = page_of(request, selectors.trials(found))
    texts = bool(request.GET.get("terms"))
    if texts:
        selectors.read_policy(actor=actor, policy=found, purpose="read a draft's changed terms")
    rows = text_rows(change) if texts else []
    return {
        **policy_frame(project, f"Draft {found.number}"),
        **adoption(actor, project, found),
        "change": selectors.change_of_draft(found),
        "pairs": [
            {"key": "Of", "value": f"Version {found.base.number}"},
            {"key": "Last changed", "when": found.changed_at},
            {"key": "By", "value": found.changed_by.full_name},
            {"key": "Why", "value": found.note or "no reason given"},
        ],
        "rows": threshold_rows(facts["thresholds"], before["thresholds"]),
        "columns": THRESHOLD_COLUMNS,
        "form": form,
        "texts": texts,
        "text_rows": rows[:MOST_TEXTS],
        "more_texts": max(0, len(rows) - MOST_TEXTS),
        "text_columns": TEXT_COLUMNS,
        "page": page,
        "trial_rows": [_trial_row(project, trial) for trial in page],
        "trial_columns": [
            {"label": "Trial"}, {"label": "State"}, {"label": "Result"},
            {"label": "Notes", "number": True}, {"label": "Started"},
        ],
        "actions": _actions(actor, project, found, texts=texts),
    }  # fmt: skip


MOST_TEXTS = 200


def adoption(actor: User, project: Project, found: PolicyDraft) -> dict[str, Any]:
    """What the parts `adopt` and `drop` of a page need, and whether the draft is stale."""
    current = services.current_policy(project)
    stale = current.pk != found.base_id
    form = ReasonForm(initial={"reason": found.note})
    if found.lowers or found.summary["settings"]:
        form.need_reason()
    args = [project.slug, found.pk]
    return {
        "draft": found,
        "stale": stale,
        "current": current,
        "meanwhile": change_words(difference(found.base.content, current.content).summary())
        if stale else [],
        "may_edit": allowed(actor, project, Permission.EDIT_POLICY),
        "reason_form": form,
        "drop_url": reverse("deid:policy-draft-drop", args=args),
    }  # fmt: skip


def _trial_row(project: Project, trial: PolicyTrial) -> dict[str, Any]:
    state, words = TRIAL_STATES[PolicyTrial.State(trial.state)]
    verdict = selectors.verdict_words(trial.result["totals"]) if trial.result else "not finished"
    url = reverse("deid:policy-trial", args=[project.slug, trial.pk])
    return {
        "cells": [
            {"value": f"Trial {trial.number}", "url": url,
             "detail": f"against version {trial.against.number}"},
            {"state": state, "value": words},
            verdict,
            trial.note_count,
            {"when": trial.started_at, "detail": trial.started_by.full_name},
        ]
    }  # fmt: skip


def _actions(
    actor: User, project: Project, found: PolicyDraft, *, texts: bool
) -> list[dict[str, Any]]:
    args = [project.slug, found.pk]
    show = {
        "label": "Hide the terms" if texts else "Show the terms that change",
        "url": "?" if texts else "?terms=1",
        "kind": "quiet",
    }
    change = {"label": "Edit", "url": reverse("deid:policy-draft-edit", args=args), "kind": "quiet"}
    drop = {"label": "Drop", "dialog": "drop-draft", "kind": "quiet"}
    return [
        action(actor, project, Permission.READ_RAW_NOTE, show),
        action(actor, project, Permission.EDIT_POLICY, change),
        action(actor, project, Permission.EDIT_POLICY, drop),
    ]


@login_required
@require_POST
def adopt(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    given = request.POST.get("revision", "")
    version = services.adopt_policy_draft(
        draft=the_draft(project, draft_id),
        actor=actor_of(request),
        revision=int(given) if given.isdecimal() else 0,
        note=request.POST.get("reason", ""),
    )
    messages.success(
        request, f"Policy version {version.number} is made. It holds from the next run on."
    )
    return redirect("deid:policy", slug=slug)


@login_required
@require_POST
def carry_over(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = services.carry_over_policy_draft(
        draft=the_draft(project, draft_id), actor=actor_of(request)
    )
    messages.info(
        request,
        f"The draft now stands on version {found.base.number}. Its earlier trials are deleted.",
    )
    return redirect("deid:policy-draft", slug=slug, draft_id=draft_id)


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    services.drop_policy_draft(draft=the_draft(project, draft_id), actor=actor_of(request))
    messages.info(request, "The draft is dropped, with all that its trials found.")
    return redirect("deid:policy", slug=slug)
