"""Pages of the stage Evaluate: the list with its form, and one evaluation."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from jobs.pages import job_part, progress_answer
from jobs.selectors import group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of, why_not
from projects.permissions import allowed
from projects.selectors import project_for
from training import selectors, services
from training.evidence.judgement import interval_svg
from training.forms import EvaluationForm
from training.gates import gate_views, open_gates
from training.models import Evaluation

STAGE = "evaluate"
STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
COLUMNS = [
    {"label": "Evaluation"}, {"label": "State"}, {"label": "Version"},
    {"label": "ROUGE-L F1", "number": True}, {"label": "Base model", "number": True},
    {"label": "Gates"}, {"label": "Started"},
]  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = EvaluationForm(project=project)
    return render(request, "training/evaluations.html", _index(request, actor, project, form))


@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = EvaluationForm(request.POST, project=project)
    if form.is_valid():
        try:
            made = services.start_evaluation(project=project, actor=actor, **form.cleaned_data)
            return redirect("training:evaluation", slug=slug, evaluation_id=made.pk)
        except InvalidInput as problem:
            form.add_error(None, problem.message)
    context = _index(request, actor, project, form)
    return render(request, "training/evaluations.html", context, status=400)


def _index(
    request: HttpRequest, actor: User, project: Project, form: EvaluationForm
) -> dict[str, Any]:
    found = selectors.evaluations_of(project)
    if request.GET.get("state") in dict(STATES):
        found = found.filter(state=request.GET["state"])
    page = page_of(request, found)
    return {
        "project": project,
        "rail_current": STAGE,
        "form": form,
        "why_not": why_not(actor, project, Permission.EVALUATE),
        "missing": _missing(project),
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(project, evaluation) for evaluation in page],
        "filters": [{"name": "state", "label": "State", "options": STATES}],
    }


def _missing(project: Project) -> dict[str, str] | None:
    """What has to exist before anything can be evaluated."""
    if not project.model_versions.exists():
        return {
            "title": "No version yet",
            "body": "An evaluation judges a trained version, and there is none.",
            "action": "Go to training",
            "url": reverse("training:index", args=[project.slug]),
        }
    if not project.gold_sets.exists():
        return {
            "title": "No gold set yet",
            "body": "A version is judged on notes with clinicians' summaries that it never saw.",
            "action": "Go to gold sets",
            "url": reverse("datasets:index", args=[project.slug]),
        }
    return None


def _row(project: Project, evaluation: Evaluation) -> dict[str, Any]:
    results = evaluation.results
    return {
        "cells": [
            {
                "value": f"Evaluation {evaluation.number}",
                "url": reverse("training:evaluation", args=[project.slug, evaluation.pk]),
            },
            {"state": evaluation.state},
            {
                "value": f"Version {evaluation.model_version.number}",
                "detail": f"gold set {evaluation.gold_set.number}",
            },
            _measure(results.get("rouge_l")),
            _measure(results.get("base_rouge_l")),
            _gates_cell(evaluation),
            {"when": evaluation.started_at, "detail": evaluation.started_by.full_name},
        ]
    }


def _measure(figure: dict[str, Any] | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    low, high = figure["interval"]
    return {
        "value": f"{figure['value']:.3f}",
        "detail": f"{low:.3f} to {high:.3f}",
    }


def _gates_cell(evaluation: Evaluation) -> dict[str, Any] | None:
    """FAIL stays FAIL; an override stands beside it."""
    gates = gate_views(evaluation)
    failed = [gate for gate in gates if gate["status"] != "pass"]
    if not gates:
        return None
    if not failed:
        return {"state": "pass", "value": f"{len(gates)} PASS"}
    overridden = sum(gate["override"] is not None for gate in failed)
    detail = f"{overridden} overridden" if overridden else ""
    return {"state": "fail", "value": f"{len(failed)} of {len(gates)} FAIL", "detail": detail}


def the_evaluation(
    request: HttpRequest, slug: str, evaluation_id: uuid.UUID
) -> tuple[Project, Evaluation]:
    project = project_for(actor_of(request), slug)
    found = selectors.evaluations_of(project)
    return project, get_object_or_404(found, pk=evaluation_id)


@login_required
@require_GET
def evaluation_detail(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    project, evaluation = the_evaluation(request, slug, evaluation_id)
    title = f"Evaluation {evaluation.number}"
    context: dict[str, Any] = {
        "project": project,
        "rail_current": STAGE,
        "evaluation": evaluation,
        "title": title,
        "subtitle": f"Version {evaluation.model_version.number} on gold set "
        f"{evaluation.gold_set.number}, {evaluation.gold_set.item_count} items",
        "breadcrumb": [
            {"label": "Evaluate", "url": reverse("training:evaluations", args=[slug])},
            {"label": title},
        ],
        "actions": _actions(actor_of(request), project, evaluation),
        "job": _job(project, evaluation),
        "pairs": _pairs(evaluation),
    }
    if evaluation.state == Evaluation.State.DONE:
        context |= _judged(request, project, evaluation)
    return render(request, "training/evaluation.html", context)


def _judged(request: HttpRequest, project: Project, evaluation: Evaluation) -> dict[str, Any]:
    gates = gate_views(evaluation)
    limit = next((gate for gate in gates if gate["id"] == "rouge_l"), None)
    figures = [
        {
            "label": label,
            "value": figure["value"],
            "low": figure["interval"][0],
            "high": figure["interval"][1],
            "n": figure["n"],
            "of": f"items of {figure['patients']} patients",
            # The limit is the version's; the base stands beside it.
            "limit": limit["limit"] if limit and place == 0 else None,
            "state": limit["status"] if limit and place == 0 else None,
        }
        for place, (label, figure) in enumerate(selectors.figure_rows(evaluation))
    ]
    return {
        "figures": figures,
        "gates": gates,
        "open_gates": open_gates(evaluation),
        "overridden": [gate for gate in gates if gate["override"]],
        "override_url": reverse("governance:override", args=[project.slug, evaluation.pk]),
        "may_override": allowed(actor_of(request), project, Permission.OVERRIDE_GATE),
        # Drawn by our own code from numbers; labels are escaped there.
        "chart": mark_safe(interval_svg(evaluation)),  # noqa: S308
        "page": page_of(request, selectors.scored_items(evaluation)),
        "method": evaluation.results["rouge_l"].get("method", ""),
    }


def _actions(actor: User, project: Project, evaluation: Evaluation) -> list[dict[str, Any]]:
    args = [project.slug, evaluation.pk]
    if evaluation.state in (Evaluation.State.CANCELLED, Evaluation.State.FAILED):
        url = reverse("training:evaluation-resume", args=args)
        resume = {"label": "Resume", "url": url, "method": "post"}
        return [action(actor, project, Permission.EVALUATE, resume)]
    if evaluation.state == Evaluation.State.DONE:
        submitted = evaluation.submissions.exclude(state="withdrawn").first()
        if submitted:
            args = [project.slug, submitted.pk]
            return [{"label": "Its submission", "url": reverse("governance:submission", args=args)}]
        submit = {"label": "Submit for approval", "url": reverse("governance:submit", args=args)}
        if open_gates(evaluation):
            submit["disabled_reason"] = "A gate did not pass and was not overridden."
        return [action(actor, project, Permission.SUBMIT, submit)]
    return []


def _job(project: Project, evaluation: Evaluation) -> dict[str, Any]:
    args = [project.slug, evaluation.pk]
    running = evaluation.state == Evaluation.State.RUNNING
    return job_part(
        group_progress(evaluation.pk),
        id=f"evaluation-{evaluation.number}",
        label=f"Judge version {evaluation.model_version.number} and its base",
        kept="Answers that were given are kept. Resume goes on after them.",
        poll_url=reverse("training:evaluation-progress", args=args) if running else "",
        cancel_url=reverse("training:evaluation-cancel", args=args) if running else "",
    )


def _pairs(evaluation: Evaluation) -> list[dict[str, Any]]:
    pairs: list[dict[str, Any]] = [
        {"key": "Started by", "value": evaluation.started_by.full_name},
        {"key": "Started", "when": evaluation.started_at},
        {"key": "Version's record", "digest": evaluation.model_version.digest},
        {"key": "Gold set", "digest": evaluation.gold_set.digest},
    ]
    if evaluation.digest:
        pairs += [
            {"key": "Ended", "when": evaluation.finished_at},
            {"key": "Prompts that were cut", "value": evaluation.results["truncated_prompts"]},
            {"key": "Answers that did not end", "value": evaluation.results["unfinished_answers"]},
            {"key": "Evaluation's record", "digest": evaluation.digest},
        ]
    return pairs


@login_required
@require_GET
def progress(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the evaluation has ended, the whole page is shown anew."""
    project, evaluation = the_evaluation(request, slug, evaluation_id)
    return progress_answer(
        request, ended=evaluation.state != Evaluation.State.RUNNING, job=_job(project, evaluation)
    )


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    _, evaluation = the_evaluation(request, slug, evaluation_id)
    services.cancel_evaluation(evaluation=evaluation, actor=actor_of(request))
    messages.info(request, "The evaluation stops. Answers that were given are kept.")
    return redirect("training:evaluation", slug=slug, evaluation_id=evaluation_id)


@login_required
@require_POST
def resume(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    _, evaluation = the_evaluation(request, slug, evaluation_id)
    services.resume_evaluation(evaluation=evaluation, actor=actor_of(request))
    messages.success(request, "The evaluation goes on after the answers that were given.")
    return redirect("training:evaluation", slug=slug, evaluation_id=evaluation_id)
