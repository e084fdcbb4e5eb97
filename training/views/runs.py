"""Pages of the stage Train: the list with its form, and one run."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from jobs.pages import job_part, progress_answer
from jobs.selectors import group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of, why_not
from projects.selectors import project_for
from training import selectors, services
from training.forms import LABELS, TrainingForm
from training.models import LossPoint, TrainingRun
from training.what_ran import deviations, what_ran

STAGE = "train"
STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
COLUMNS = [
    {"label": "Run"}, {"label": "State"}, {"label": "Dataset"}, {"label": "Base"},
    {"label": "Steps", "number": True}, {"label": "Loss", "number": True},
    {"label": "Started"}, {"label": "Result"},
]  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = TrainingForm(project=project)
    return render(request, "training/runs.html", _index(request, actor, project, form))


@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = TrainingForm(request.POST, project=project)
    if form.is_valid():
        try:
            run = services.start_training(
                project=project,
                actor=actor,
                dataset=form.cleaned_data["dataset"],
                continues=form.cleaned_data["continues"],
                parameters=form.parameters(),
            )
            return redirect("training:run", slug=slug, run_id=run.pk)
        except InvalidInput as problem:
            form.add_error(None, problem.message)
    context = _index(request, actor, project, form)
    return render(request, "training/runs.html", context, status=400)


def _index(
    request: HttpRequest, actor: User, project: Project, form: TrainingForm
) -> dict[str, Any]:
    found = selectors.runs_of(project)
    if request.GET.get("state") in dict(STATES):
        found = found.filter(state=request.GET["state"])
    page = page_of(request, found)
    losses = selectors.last_losses([run.pk for run in page])
    return {
        "project": project,
        "rail_current": STAGE,
        "form": form,
        "why_not": why_not(actor, project, Permission.TRAIN),
        "has_dataset": project.datasets.exists(),
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(project, run, losses.get(run.pk)) for run in page],
        "filters": [{"name": "state", "label": "State", "options": STATES}],
    }


def _row(project: Project, run: TrainingRun, loss: float | None) -> dict[str, Any]:
    version = getattr(run, "model_version", None)
    return {
        "cells": [
            {
                "value": f"Run {run.number}",
                "url": reverse("training:run", args=[project.slug, run.pk]),
                "detail": f"continues version {run.continues.number}" if run.continues else "",
            },
            {"state": run.state},
            f"Version {run.dataset.number}",
            run.base.name,
            run.result.get("steps"),
            None if loss is None else f"{loss:.3f}",
            {"when": run.started_at, "detail": run.started_by.full_name},
            f"Version {version.number}" if version else None,
        ]
    }


def _the_run(request: HttpRequest, slug: str, run_id: uuid.UUID) -> tuple[Project, TrainingRun]:
    project = project_for(actor_of(request), slug)
    return project, get_object_or_404(selectors.runs_of(project), pk=run_id)


@login_required
@require_GET
def run_detail(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    project, run = _the_run(request, slug, run_id)
    title = f"Training run {run.number}"
    points = selectors.last_points(run)
    return render(
        request,
        "training/run.html",
        {
            "project": project,
            "rail_current": STAGE,
            "run": run,
            "title": title,
            "breadcrumb": [
                {"label": "Train", "url": reverse("training:index", args=[slug])},
                {"label": title},
            ],
            "actions": _actions(actor_of(request), project, run),
            "job": _job(project, run),
            "train_loss": _loss(points.get("train")),
            "validation_loss": _loss(points.get("validation")),
            "speed": selectors.tokens_per_second(run),
            "settings": _settings(run),
            "ran": what_ran(run),
            "changed": deviations(run),
            "pairs": _pairs(run),
            "environment": _environment(run),
            "losses_url": reverse("training:losses", args=[slug, run.pk]),
        },
    )


def _loss(point: LossPoint | None) -> dict[str, Any] | None:
    return {"loss": point.loss, "at": f"nats a token, at step {point.step:,}"} if point else None


def _actions(actor: User, project: Project, run: TrainingRun) -> list[dict[str, Any]]:
    if run.state in (TrainingRun.State.CANCELLED, TrainingRun.State.FAILED):
        url = reverse("training:resume", args=[project.slug, run.pk])
        resume = {"label": "Resume", "url": url, "method": "post"}
        return [action(actor, project, Permission.TRAIN, resume)]
    if run.state == TrainingRun.State.DONE:
        url = reverse("training:evaluations", args=[project.slug])
        return [{"label": "Evaluate the version", "url": url}]
    return []


def _job(project: Project, run: TrainingRun) -> dict[str, Any]:
    args = [project.slug, run.pk]
    running = run.state == TrainingRun.State.RUNNING
    progress = group_progress(run.pk)
    part = job_part(
        progress,
        id=f"training-{run.number}",
        label=f"Train on dataset {run.dataset.number}",
        kept="The last checkpoint is kept. Resume goes on from it.",
        poll_url=reverse("training:progress", args=args) if running else "",
        cancel_url=reverse("training:cancel", args=args) if running else "",
    )
    speed = selectors.tokens_per_second(run) if progress.active else None
    # The job's own rate would count the minutes in which the base model was prepared.
    steps_a_second = speed / run.config["tokens_per_step"] if speed else None
    left = (progress.total - progress.done) / steps_a_second if steps_a_second else None
    part |= {"rate": None, "remaining": left}
    if speed:
        part["detail"] = f"{part['detail']}, {speed:,.0f} tokens a second"
    return part


def _settings(run: TrainingRun) -> list[dict[str, Any]]:
    """The run's own record, never what a form says now."""
    return [
        {
            "label": LABELS[field["name"]],
            "value": field["value"] if field["value"] is not None else "Not set",
            "guide": field["guide"],
            "changed": field["guide"] is not None
            and not selectors.follows_guide(field["value"], field["guide"]),
            "rationale": field["rationale"],
        }
        for field in selectors.explained_parameters(run.config)
    ]


def _pairs(run: TrainingRun) -> list[dict[str, Any]]:
    version = getattr(run, "model_version", None)
    pairs: list[dict[str, Any]] = [
        {"key": "Started by", "value": run.started_by.full_name},
        {"key": "Started", "when": run.started_at},
        {"key": "Dataset", "value": f"Version {run.dataset.number}"},
        {"key": "Dataset's digest", "digest": run.dataset.digest},
        {"key": "Base model", "value": run.base.name, "detail": run.base.licence},
        {"key": "Configuration", "digest": run.config_digest},
    ]
    if run.continues:
        pairs.insert(3, {"key": "Continues", "value": f"Version {run.continues.number}"})
    if run.finished_at:
        pairs.append({"key": "Ended", "when": run.finished_at})
    if version:
        pairs += [
            {"key": "Result", "value": f"Version {version.number}"},
            {"key": "Adapter", "digest": version.adapter_digest},
            {"key": "Base, as trained on", "digest": version.base_digest},
            {"key": "Tokenizer", "digest": version.tokenizer_digest},
            {"key": "Record of the version", "digest": version.digest},
        ]
    return pairs


_FACTS = {
    "device": "Device", "dtype": "Number format", "machine": "Machine", "cores": "Cores",
    "python": "Python", "examples": "Examples", "truncated_examples": "Examples cut",
    "skipped_examples": "Examples left out",
    "trainable_parameters": "Trainable parameters", "base_parameters": "Parameters of the base",
}  # fmt: skip


def _environment(run: TrainingRun) -> list[dict[str, Any]]:
    facts = run.environment
    pairs = [{"key": words, "value": facts[key]} for key, words in _FACTS.items() if key in facts]
    libraries = facts.get("libraries", {})
    return pairs + [{"key": name, "value": found} for name, found in libraries.items()]


@login_required
@require_GET
def progress(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the run has ended, the whole page is shown anew."""
    project, run = _the_run(request, slug, run_id)
    return progress_answer(
        request, ended=run.state != TrainingRun.State.RUNNING, job=_job(project, run)
    )


@login_required
@require_GET
def losses(request: HttpRequest, slug: str, run_id: uuid.UUID) -> JsonResponse:
    """The curve as the live chart reads it."""
    _, run = _the_run(request, slug, run_id)
    curves = selectors.loss_curves(run)
    words = {"train": "Training", "validation": "Validation"}
    return JsonResponse(
        {
            "title": "Loss",
            "x_label": "Step",
            "y_label": "Loss, nats a token",
            "series": [{"name": words[name], "points": found} for name, found in curves.items()],
            "running": run.state == TrainingRun.State.RUNNING,
        }
    )


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    _, run = _the_run(request, slug, run_id)
    services.cancel_training(run=run, actor=actor_of(request))
    messages.info(request, "The run stops after its current step. Its checkpoint is kept.")
    return redirect("training:run", slug=slug, run_id=run_id)


@login_required
@require_POST
def resume(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    _, run = _the_run(request, slug, run_id)
    services.resume_training(run=run, actor=actor_of(request))
    messages.success(request, "The run goes on from its last checkpoint.")
    return redirect("training:run", slug=slug, run_id=run_id)
