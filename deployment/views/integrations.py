"""Keys of hospital systems: made, shown once, revoked."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.roles import Permission
from datasets_app.tasks.summarisation import INSTRUCTION
from deployment import selectors, services
from deployment.forms import KeyForm
from deployment.models import Integration
from deployment.views.registry import STAGE
from projects.models import Project
from projects.once import not_kept, put_aside, take_once
from projects.pages import actor_of, page_of, why_not
from projects.selectors import project_for

COLUMNS = [
    {"label": "System"}, {"label": "State"}, {"label": "Key ends in"}, {"label": "Made"},
    {"label": "Revoked"},
]  # fmt: skip


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    project = project_for(actor, slug)
    context = _context(request, actor, project, KeyForm())
    context["made"] = take_once(request, _shown_at(project))
    answer = render(request, "deployment/integrations.html", context)
    return not_kept(answer) if context["made"] else answer


@login_required
@require_POST
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a key; the next page shows it, once."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    form = KeyForm(request.POST)
    if not form.is_valid():
        context = _context(request, actor, project, form)
        return render(request, "deployment/integrations.html", context, status=400)
    made, key = services.issue_key(project=project, actor=actor, name=form.cleaned_data["name"])
    put_aside(request, _shown_at(project), {"name": made.name, "key": key})
    return redirect("deployment:integrations", slug=slug)


def _shown_at(project: Project) -> str:
    return f"key:{project.pk}"


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, integration_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = get_object_or_404(Integration, project=project, pk=integration_id)
    services.revoke_key(integration=found, actor=actor_of(request))
    messages.success(request, f"The key of {found.name} is revoked. The gateway refuses it now.")
    return redirect("deployment:integrations", slug=slug)


def _context(request: HttpRequest, actor: User, project: Project, form: KeyForm) -> dict[str, Any]:
    page = page_of(request, selectors.integrations_of(project))
    refusal = why_not(actor, project, Permission.ISSUE_KEYS)
    alias = selectors.targets_of(project).values_list("alias", flat=True).first()
    return {
        "project": project,
        "rail_current": STAGE,
        "breadcrumb": [
            {"label": "Deploy", "url": reverse("deployment:index", args=[project.slug])},
            {"label": "Integration keys"},
        ],
        "form": form,
        "why_not": refusal,
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(project, found, refusal) for found in page],
        "dialogs": [
            {
                "id": f"revoke-{found.pk}",
                "title": f"Revoke the key of {found.name}",
                "url": reverse("deployment:revoke-key", args=[project.slug, found.pk]),
            }
            for found in page
            if found.revoked_at is None and not refusal
        ],
        "gateway_url": settings.GATEWAY_URL,
        "alias": alias or "name-of-a-target",
        "instruction": json.dumps(INSTRUCTION)[1:-1],
    }


def _row(project: Project, found: Integration, refusal: str) -> dict[str, Any]:
    revoke: dict[str, Any] = {"label": "Revoke", "kind": "quiet", "about": found.name}
    revoke |= {"disabled_reason": refusal} if refusal else {"dialog": f"revoke-{found.pk}"}
    return {
        "cells": [
            found.name,
            {"state": "revoked" if found.revoked_at else "active"},
            found.key_hint,
            {"when": found.created_at, "detail": found.created_by.full_name},
            {"when": found.revoked_at} if found.revoked_at else None,
        ],
        "actions": [] if found.revoked_at else [revoke],
    }
