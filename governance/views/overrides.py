"""Overriding a failed gate: the gate, the reason, the password, and the digest that is signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidInput, StaleContent, WrongPassword
from accounts.models import User
from accounts.roles import Permission
from governance import services
from governance.finders import the_evaluation
from governance.forms import OverrideForm, errors_of
from governance.separation import part_of
from governance.services.overrides import why_not_override
from projects.pages import actor_of, why_not
from projects.selectors import project_for
from training.gates import gate_views, open_gates
from training.models import Evaluation

MEANING = (
    "I know that this gate failed and I let the version go on for the reason that I give. The gate "
    "keeps reading FAIL on every page and document of this version."
)


@login_required
@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    """One failed gate at a time; the page comes back until none is open."""
    actor = actor_of(request)
    evaluation = the_evaluation(project_for(actor, slug), evaluation_id)
    if request.method == "GET":
        return _page(request, actor, evaluation)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        errors = errors_of(form)
        return _page(request, actor, evaluation, {"errors": errors}, status=400)
    try:
        done = services.override_gate(
            evaluation=evaluation,
            gate_id=form.cleaned_data["choice"],
            actor=actor,
            reason=form.cleaned_data["reason"],
            password=form.cleaned_data["password"],
            shown_digest=form.cleaned_data["digest"],
        )
    except StaleContent as problem:
        url = reverse("governance:override", args=[slug, evaluation_id])
        stale = {"stale": {"what": problem.message, "url": url}}
        return _page(request, actor, evaluation, stale, status=409)
    except (WrongPassword, InvalidInput) as problem:
        field = "password" if isinstance(problem, WrongPassword) else "reason"
        more = {"errors": {field: problem.message}}
        return _page(request, actor, evaluation, more, status=problem.status)
    labels_of = {gate["gate"]["id"]: gate["gate"]["label"] for gate in evaluation.gates}
    messages.success(
        request, f"Signed. {labels_of[done.gate_id]} still reads FAIL, and the version may go on."
    )
    return redirect("governance:override", slug=slug, evaluation_id=evaluation_id)


def _page(
    request: HttpRequest,
    actor: User,
    evaluation: Evaluation,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    project = evaluation.project
    refusal = why_not_override(evaluation)
    still_open = [] if refusal else open_gates(evaluation)
    typed = {"reason": request.POST.get("reason", "")}
    chosen = request.POST.get("choice", still_open[0]["id"] if still_open else "")
    return render(
        request,
        "governance/override.html",
        {
            "project": project,
            "rail_current": "approve",
            "evaluation": evaluation,
            "version": evaluation.model_version,
            "gates": gate_views(evaluation),
            "open_gates": still_open,
            "refusal": refusal,
            "decision": {**_bar(actor, evaluation, still_open, chosen), **typed, **(more or {})}
            if still_open
            else None,
            "breadcrumb": [
                {"label": "Approve", "url": reverse("governance:index", args=[project.slug])},
                {"label": f"Gates of version {evaluation.model_version.number}"},
            ],
        },
        status=status,
    )


def _bar(
    actor: User, evaluation: Evaluation, still_open: list[dict[str, Any]], chosen: str
) -> dict[str, Any]:
    return {
        "label": "Override a failed gate",
        "url": reverse("governance:override", args=[evaluation.project.slug, evaluation.pk]),
        "digest": evaluation.digest,
        "digest_label": "You sign over exactly this evaluation (SHA-256)",
        "meaning": MEANING,
        "verb": "Override and sign",
        "ready": "One gate, one reason, one signature.",
        "choices": [
            {
                "value": gate["id"],
                "label": f"Let the version go on although this gate failed: {gate['label']}",
                "hint": gate["explanation"],
                "checked": gate["id"] == chosen,
            }
            for gate in still_open
        ],
        "blocked": _why_not(actor, evaluation),
        "reason_label": "Why the version may go on",
        "reason_required": True,
    }


def _why_not(actor: User, evaluation: Evaluation) -> str:
    part = part_of(actor, evaluation.model_version, evaluation)
    if part:
        return f"You {part}, so you cannot override its gates."
    return why_not(actor, evaluation.project, Permission.OVERRIDE_GATE)
