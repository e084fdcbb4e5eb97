"""One rollout: its steps while they run, its receipt when they are done."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deployment import selectors
from deployment.models import Deployment
from deployment.services.rollouts import STEPS
from deployment.views.registry import ROLLOUT, STAGE
from jobs.pages import job_part, progress_answer
from jobs.selectors import Progress, group_progress
from projects.models import Project
from projects.pages import actor_of
from projects.selectors import project_for

STEP_WORDS = {
    "load": ("Load", "The adapter's files are read and their digest is compared."),
    "probe": ("Probe", "The serving process computes the digests of the tensors that it holds."),
    "replay": ("Replay", "Gold prompts go through the gateway under a name of this rollout alone."),
    "swap": ("Swap", "The sealed routing table sends the target's name to this version."),
    "confirm": ("Confirm", "A gold prompt goes through the gateway under the target's name."),
    "receipt": ("Receipt", "What answered is written down and sealed by the installation."),
}


def _the_deployment(
    request: HttpRequest, slug: str, deployment_id: uuid.UUID
) -> tuple[Project, Deployment]:
    project = project_for(actor_of(request), slug)
    found = selectors.deployments_of(project)
    return project, get_object_or_404(found, pk=deployment_id)


@login_required
@require_GET
def deployment_detail(request: HttpRequest, slug: str, deployment_id: uuid.UUID) -> HttpResponse:
    project, deployment = _the_deployment(request, slug, deployment_id)
    title = f"{deployment.get_kind_display()} {deployment.number} on {deployment.target.alias}"
    context: dict[str, Any] = {
        "project": project,
        "rail_current": STAGE,
        "deployment": deployment,
        "title": title,
        "subtitle": f"Version {deployment.model_version.number}",
        "state": ROLLOUT[Deployment.State(deployment.state)][0],
        "breadcrumb": [
            {"label": "Deploy", "url": reverse("deployment:index", args=[slug])},
            {"label": title},
        ],
        "pairs": _pairs(deployment),
        **_progress(project, deployment),
    }
    if deployment.receipt:
        context |= _receipt(deployment)
    return render(request, "deployment/deployment.html", context)


def _pairs(deployment: Deployment) -> list[dict[str, Any]]:
    pairs: list[dict[str, Any]] = [
        {"key": "Started by", "value": deployment.started_by.full_name},
        {"key": "Started", "when": deployment.started_at},
        {"key": "Version's record", "digest": deployment.model_version.digest},
        {"key": "Approved as", "value": f"Submission {deployment.submission.number}"},
        {"key": "Submission", "digest": deployment.submission.digest},
    ]
    if deployment.reason:
        pairs.insert(0, {"key": "Reason", "value": deployment.reason})
    if deployment.receipt:
        pairs.append({"key": "Receipt", "digest": deployment.receipt_digest})
    return pairs


def _progress(project: Project, deployment: Deployment) -> dict[str, Any]:
    progress = group_progress(deployment.pk)
    rolling = deployment.state == Deployment.State.ROLLING
    part = job_part(
        progress,
        id=f"rollout-{deployment.number}",
        label=f"Roll out version {deployment.model_version.number}",
        kept="The target was put back to what it served before.",
        poll_url=reverse("deployment:progress", args=[project.slug, deployment.pk])
        if rolling
        else "",
    )
    # Steps differ too much in length for a rate to tell anything.
    part |= {"rate": None, "remaining": None, "detail": ""}
    return {"job": part, "steps": _steps(deployment, progress), "rolling": rolling}


def _steps(deployment: Deployment, progress: Progress) -> list[dict[str, Any]]:
    took = {}
    if deployment.receipt:
        took = {row["step"]: row["seconds"] for row in deployment.receipt["body"]["steps"]}
    return [
        {
            "name": STEP_WORDS[step][0],
            "what": STEP_WORDS[step][1],
            "state": _step_state(place, deployment, progress),
            "seconds": took.get(step),
        }
        for place, step in enumerate(STEPS)
    ]


def _step_state(place: int, deployment: Deployment, progress: Progress) -> str:
    if deployment.receipt or place < progress.done:
        return "done"
    if place > progress.done or progress.state == "queued":
        return "not_started"
    return "running" if deployment.state == Deployment.State.ROLLING else "failed"


def _receipt(deployment: Deployment) -> dict[str, Any]:
    assert deployment.receipt is not None
    body = deployment.receipt["body"]
    return {
        "sealed": selectors.seal_holds(deployment),
        "replay": body["replay"],
        "compared": [
            {
                "what": what,
                "approved": body["approved"][key],
                "held": body["held"][key],
                "same": body["approved"][key] == body["held"][key],
            }
            for key, what in (("adapter", "Adapter"), ("base", "Base model"))
        ],
        "answers": [
            {**row, "right": row["answered_by"] == str(deployment.model_version_id)}
            for row in body["replay"]["answers"]
        ],
    }


@login_required
@require_GET
def progress(request: HttpRequest, slug: str, deployment_id: uuid.UUID) -> HttpResponse:
    """The steps alone; when the rollout has ended, the whole page is shown anew."""
    project, deployment = _the_deployment(request, slug, deployment_id)
    return progress_answer(
        request,
        ended=deployment.state != Deployment.State.ROLLING,
        template="deployment/progress.html",
        **_progress(project, deployment),
    )
