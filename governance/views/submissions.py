"""The stage Approve: the list, the form that submits, and what a submission's page shows."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission
from governance import selectors, services
from governance.finders import the_evaluation, the_submission
from governance.forms import SubmitForm
from governance.models import Decision, Submission
from governance.selectors import SubmitChoice
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for
from training.gates import gate_views, tally

STAGE = "approve"
COLUMNS = [
    {"label": "Submission"}, {"label": "State"}, {"label": "Clinician"},
    {"label": "Compliance officer"}, {"label": "Gates"}, {"label": "Submitted"},
]  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Submissions, and the versions that could be submitted."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    rows = selectors.submissions(project)
    if state := request.GET.get("state"):
        rows = rows.filter(state=state)
    page = page_of(request, rows)
    may_override = allowed(actor, project, Permission.OVERRIDE_GATE)
    submitting = action(actor, project, Permission.SUBMIT, {})
    return render(
        request,
        "governance/index.html",
        {
            "project": project,
            "rail_current": STAGE,
            "page": page,
            "columns": COLUMNS,
            "rows": [_row(project, submission) for submission in page],
            "filters": [{"name": "state", "label": "State", "options": _states()}],
            "choices": [
                _choice(project, choice, submitting, may_override)
                for choice in selectors.submit_choices(project)
            ],
        },
    )


def _states() -> list[tuple[str, str]]:
    return [(value, label.replace("_", " ")) for value, label in Submission.State.choices]


def _row(project: Project, submission: Submission) -> dict[str, Any]:
    decisions = {decision.seat: decision for decision in submission.decisions.all()}
    failed = tally(submission.evaluation.gates)
    gates = {"state": "overridden", "value": f"{failed}, overridden"} if failed else None
    return {
        "cells": [
            {
                "value": f"Submission {submission.number}",
                "url": reverse("governance:submission", args=[project.slug, submission.pk]),
                "detail": f"version {submission.model_version.number}",
            },
            {"state": submission.state},
            _seat(decisions.get(Decision.Seat.CLINICAL)),
            _seat(decisions.get(Decision.Seat.COMPLIANCE)),
            gates or {"state": "pass", "value": "All passed"},
            {"when": submission.requested_at, "detail": submission.requested_by.full_name},
        ]
    }


def _seat(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {"value": "not yet"}
    return {"value": decision.get_verdict_display(), "detail": decision.decided_by.full_name}


def _choice(
    project: Project, choice: SubmitChoice, submitting: dict[str, Any], may_override: bool
) -> dict[str, Any]:
    """One version that could be submitted, with its gates and what to do next.

    `submitting` says once for all versions whether the person may submit.
    """
    args = [project.slug, choice.evaluation.pk]
    submit: dict[str, Any] = {
        **submitting,
        "label": f"Submit version {choice.version.number}",
        "url": reverse("governance:submit", args=args),
    }
    if choice.open_gates and "disabled_reason" not in submit:
        submit["disabled_reason"] = "A gate did not pass and nobody has overridden it."
    override = {
        "label": "Look at the failed gates" if may_override else "See the failed gates",
        "url": reverse("governance:override", args=args),
        "kind": "quiet",
    }
    return {
        "version": choice.version,
        "evaluation": choice.evaluation,
        "gates": gate_views(choice.evaluation),
        "actions": [*([override] if choice.open_gates else []), submit],
    }


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, slug: str, evaluation_id: uuid.UUID | None = None) -> HttpResponse:
    """Choose a version and say what the approvers should know."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    choices = [choice for choice in selectors.submit_choices(project) if not choice.open_gates]
    form = SubmitForm(
        request.POST or None, choices=choices, initial={"evaluation": str(evaluation_id or "")}
    )
    if request.method == "POST" and form.is_valid():
        submission = services.submit(
            project=project,
            actor=actor,
            evaluation=the_evaluation(project, uuid.UUID(form.cleaned_data["evaluation"])),
            statement=form.cleaned_data["statement"],
        )
        messages.success(
            request,
            f"Version {submission.model_version.number} is submitted. A clinician and a compliance "
            "officer who made none of it decide now.",
        )
        return redirect("governance:submission", slug=slug, submission_id=submission.pk)
    crumbs = [
        {"label": "Approve", "url": reverse("governance:index", args=[slug])},
        {"label": "Submit a version"},
    ]
    return render(
        request,
        "governance/submit.html",
        {
            "project": project,
            "rail_current": STAGE,
            "form": form,
            "choices": choices,
            "breadcrumb": crumbs,
        },
        status=400 if form.is_bound else 200,
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    submission = the_submission(project_for(actor, slug), submission_id)
    services.withdraw(submission=submission, actor=actor)
    messages.success(request, "The submission is withdrawn. The version can be submitted again.")
    return redirect("governance:submission", slug=slug, submission_id=submission_id)
