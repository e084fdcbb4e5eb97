"""The versions of the stage Deploy: how each stands, and its one way to a target."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import User
from deployment.selectors import TargetView, VersionView
from governance.models import Submission
from projects.models import Project
from training.gates import tally

APPROVAL = {
    Submission.State.OPEN: ("waiting", "Waiting for decisions"),
    Submission.State.APPROVED: ("approved", "Approved"),
    Submission.State.REJECTED: ("rejected", "Rejected"),
    Submission.State.CHANGES: ("changes_requested", "Changes requested"),
    Submission.State.WITHDRAWN: ("withdrawn", "Withdrawn"),
}
VERSION_COLUMNS = [
    {"label": "Version"}, {"label": "Standing"}, {"label": "Approval"},
    {"label": "Served digest"}, {"label": "ROUGE-L F1", "number": True}, {"label": "Adapter"},
]  # fmt: skip


def version_row(
    actor: User, view: VersionView, targets: list[TargetView], refusal: str
) -> dict[str, Any]:
    run = view.version.training_run
    state, words = ("not_started", "Not submitted")
    if view.submission:
        state, words = APPROVAL[Submission.State(view.submission.state)]
    # With one target its name says nothing new.
    where = ", ".join(d.target.alias for d in (view.live or view.previous) if len(targets) > 1)
    return {
        "cells": [
            {
                "value": f"Version {view.version.number}",
                "detail": f"from run {run.number}",
            },
            {"state": view.standing, "detail": where},
            {"state": state, "value": words, "detail": _failed_gates(view)},
            _served_cell(view),
            _rouge(view),
            {"digest": view.version.adapter_digest},
        ],
        "actions": [_deploy_action(actor, view, targets, refusal)] if targets else [],
    }


def _served_cell(view: VersionView) -> dict[str, Any] | None:
    if view.served_is_approved is None:
        return None
    state, words = ("valid", "As approved") if view.served_is_approved else ("mismatch", "Differs")
    return {"state": state, "value": words}


def _rouge(view: VersionView) -> dict[str, Any] | None:
    if view.evaluation is None:
        return None
    figure = view.evaluation.results["rouge_l"]
    low, high = figure["interval"]
    return {"value": f"{figure['value']:.3f}", "detail": f"{low:.3f} to {high:.3f}"}


def _failed_gates(view: VersionView) -> str:
    """A gate that failed reads FAIL beside every approval."""
    return tally(view.evaluation.gates) if view.evaluation else ""


def _dialog_id(view: VersionView) -> str:
    return f"deploy-{view.version.number}"


def _open_to(view: VersionView, targets: list[TargetView]) -> list[TargetView]:
    """Targets that serve something else and are not in the middle of a rollout."""
    return [
        target
        for target in targets
        if not target.rolling
        and (target.live is None or target.live.model_version_id != view.version.pk)
    ]


def _deploy_action(
    actor: User, view: VersionView, targets: list[TargetView], refusal: str
) -> dict[str, Any]:
    item: dict[str, Any] = {"label": "Deploy", "kind": "quiet", "about": str(view.version)}
    if refusal:
        return item | {"disabled_reason": refusal}
    if not view.approved:
        return item | {"disabled_reason": "This version is not approved."}
    if actor.pk in view.deciders:
        return item | {"disabled_reason": "You approved this version, so you cannot deploy it."}
    if not _open_to(view, targets):
        rolling = any(target.rolling for target in targets)
        why = "A rollout is under way." if rolling else "Every target serves this version."
        return item | {"disabled_reason": why}
    return item | {"dialog": _dialog_id(view)}


def deploy_dialogs(
    project: Project, targets: list[TargetView], versions: list[VersionView]
) -> list[dict[str, Any]]:
    """One dialog a version, in which the target is chosen."""
    return [
        {
            "id": _dialog_id(view),
            "title": f"Deploy version {view.version.number}",
            "body": _plan(view),
            "url": reverse("deployment:deploy", args=[project.slug, view.version.pk]),
            "choice": {"name": "target", "label": "Target", "options": _options(choices)},
        }
        for view in versions
        if view.approved and (choices := _open_to(view, targets))
    ]


def _options(targets: list[TargetView]) -> list[tuple[str, str]]:
    return [
        (
            str(target.target.pk),
            f"{target.target.alias}, serves version {target.live.model_version.number} now"
            if target.live
            else f"{target.target.alias}, serves nothing now",
        )
        for target in targets
    ]


def _plan(view: VersionView) -> str:
    return (
        f"Version {view.version.number} is loaded, its digests are compared, gold prompts are "
        f"replayed; then the target's route is swapped. If anything fails, the target goes on "
        f"serving what it serves now."
    )
