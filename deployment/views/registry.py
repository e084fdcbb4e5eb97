"""The page of the stage Deploy: targets, versions in their standing, rollouts; and its verbs."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from deployment import selectors, services
from deployment.forms import DeployForm, TargetForm
from deployment.models import Deployment, Target
from deployment.selectors import TargetView
from deployment.views._versions import VERSION_COLUMNS, deploy_dialogs, version_row
from projects.models import Project
from projects.pages import actor_of, page_of, why_not
from projects.selectors import project_for
from training.models import ModelVersion

STAGE = "deploy"
ROLLOUT = {
    Deployment.State.ROLLING: ("running", "Rolling out"),
    Deployment.State.LIVE: ("live", "Live"),
    Deployment.State.FAILED: ("failed", "Reverted"),
    Deployment.State.REPLACED: ("superseded", "Replaced"),
    Deployment.State.ROLLED_BACK: ("retired", "Rolled back"),
}
ROLLOUT_COLUMNS = [
    {"label": "Rollout"}, {"label": "State"}, {"label": "Version"}, {"label": "Started"},
    {"label": "Reason"}, {"label": "Receipt"},
]  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    return render(request, "deployment/index.html", _index(request, actor, project, TargetForm()))


def _index(request: HttpRequest, actor: User, project: Project, form: TargetForm) -> dict[str, Any]:
    targets, versions = selectors.registry_of(project)
    page = page_of(request, selectors.deployments_of(project))
    refusal = why_not(actor, project, Permission.DEPLOY)
    return {
        "project": project,
        "rail_current": STAGE,
        "form": form,
        "why_not": refusal,
        "targets": [_target(project, view, refusal) for view in targets],
        "version_columns": VERSION_COLUMNS,
        "version_rows": [version_row(actor, view, targets, refusal) for view in versions],
        "dialogs": deploy_dialogs(project, targets, versions),
        "page": page,
        "rollout_columns": ROLLOUT_COLUMNS,
        "rollout_rows": [rollout_row(project, deployment) for deployment in page],
    }


def _target(project: Project, view: TargetView, refusal: str) -> dict[str, Any]:
    args = [project.slug, view.target.pk]
    rollback: dict[str, Any] = {"label": "Roll back", "kind": "danger"}
    reason = refusal or _why_no_rollback(view)
    rollback |= {"disabled_reason": reason} if reason else {"dialog": f"roll-back-{view.target.pk}"}
    found: dict[str, Any] = {
        "view": view,
        "rollback": rollback,
        "why_not": reason,
        "rolling_url": reverse("deployment:deployment", args=[project.slug, view.rolling.pk])
        if view.rolling
        else "",
        "served_url": reverse("deployment:served", args=args),
    }
    if view.unused:
        dialog = f"retire-{view.target.pk}"
        found["retire"] = {"label": "Retire", "kind": "quiet"}
        found["retire"] |= {"disabled_reason": refusal} if refusal else {"dialog": dialog}
        found["retire_url"] = reverse("deployment:target-retire", args=args)
    if view.live and view.previous and not reason:
        found["plan"] = _plan(view)
        found["rollback_url"] = reverse("deployment:roll-back", args=args)
        found["typed"] = str(view.previous.model_version.number)
        found["dialog"] = rollback["dialog"]
    return found


def _why_no_rollback(view: TargetView) -> str:
    if view.rolling:
        return "A rollout is under way."
    return "" if view.previous else "No earlier version served on this target."


def _plan(view: TargetView) -> str:
    assert view.live is not None
    assert view.previous is not None
    seconds = view.expected_seconds
    time = f"about {max(1, round(seconds))} seconds" if seconds else "under a minute as a rule"
    now, then = view.live.model_version.number, view.previous.model_version.number
    return (
        f"From version {now} to version {then}, {time}. Version {then} is loaded, its digests are "
        f"compared, gold prompts are replayed; then the route is swapped. If the replay fails, "
        f"version {now} goes on serving."
    )


def rollout_row(project: Project, deployment: Deployment) -> dict[str, Any]:
    state, words = ROLLOUT[Deployment.State(deployment.state)]
    return {
        "cells": [
            {
                "value": f"{deployment.get_kind_display()} {deployment.number}",
                "url": reverse("deployment:deployment", args=[project.slug, deployment.pk]),
                "detail": deployment.target.alias,
            },
            {"state": state, "value": words},
            f"Version {deployment.model_version.number}",
            {"when": deployment.started_at, "detail": deployment.started_by.full_name},
            deployment.reason,
            {"digest": deployment.receipt_digest} if deployment.receipt_digest else None,
        ]
    }


@login_required
@require_POST
def create_target(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = TargetForm(request.POST)
    if form.is_valid():
        try:
            target = services.create_target(
                project=project, actor=actor, alias=form.cleaned_data["alias"]
            )
            messages.success(request, f"The target {target.alias} is ready for a version.")
            return redirect("deployment:index", slug=slug)
        except InvalidInput as problem:
            form.add_error("alias", problem.message)
    context = _index(request, actor, project, form)
    return render(request, "deployment/index.html", context, status=400)


@login_required
@require_POST
def retire_target(request: HttpRequest, slug: str, target_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    target = get_object_or_404(Target, project=project, pk=target_id)
    services.retire_target(target=target, actor=actor_of(request))
    messages.success(request, f"The target {target.alias} is retired. Its name is free again.")
    return redirect("deployment:index", slug=slug)


@login_required
@require_POST
def deploy(request: HttpRequest, slug: str, version_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    form = DeployForm(project, request.POST)
    if not form.is_valid():
        raise InvalidInput("Choose a target of this project. Nothing was deployed.")
    started = services.deploy(
        target=form.cleaned_data["target"],
        model_version=get_object_or_404(ModelVersion, project=project, pk=version_id),
        actor=actor_of(request),
    )
    return redirect("deployment:deployment", slug=slug, deployment_id=started.pk)


@login_required
@require_POST
def roll_back(request: HttpRequest, slug: str, target_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    started = services.roll_back(
        target=get_object_or_404(Target, project=project, pk=target_id),
        actor=actor_of(request),
        typed_number=request.POST.get("typed", ""),
        reason=request.POST.get("reason", ""),
    )
    return redirect("deployment:deployment", slug=slug, deployment_id=started.pk)


@login_required
@require_GET
def served(request: HttpRequest, slug: str, target_id: uuid.UUID) -> HttpResponse:
    """What the serving process holds for a target now: a part of the page that may take a while."""
    project = project_for(actor_of(request), slug)
    target = get_object_or_404(Target, project=project, pk=target_id)
    live = target.deployments.filter(state=Deployment.State.LIVE).select_related("model_version")
    deployment = live.first()
    found = selectors.served_now(deployment) if deployment else None
    return render(request, "deployment/served.html", {"served": found})
