"""The page on which a compliance officer looks up one surrogate, or deletes the map."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import WrongState
from accounts.roles import Permission
from deid import selectors, services
from deid.categories import label
from deid.finders import the_run
from deid.forms_surrogates import LookUpForm
from deid.models import Run, SurrogateEntry, SurrogateMap
from deid.views._pages import run_context
from projects.finders import or_404
from projects.models import Project
from projects.pages import actor_of
from projects.permissions import require
from projects.selectors import project_for

_COLUMNS = [{"label": "Stands for"}, {"label": "Category"}, {"label": "Written as"}]


@login_required
@require_http_methods(["GET", "POST"])
def surrogate_map(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """POST looks up one surrogate: what is looked for never stands in an address."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    require(actor, project, Permission.REIDENTIFY)
    run = the_run(project, run_id)
    kept = or_404(selectors.map_of(run))
    form, found = LookUpForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            found = services.look_up(run=run, actor=actor, **form.cleaned_data)
        except WrongState as problem:
            form.add_error(None, problem.message)
    return render(
        request,
        "deid/surrogate_map.html",
        {
            **run_context(project, run, "Re-identification map"),
            "form": form,
            "kept": kept,
            "pairs": _pairs(kept),
            "found": found,
            "rows": [_row(entry) for entry in found or ()],
            "columns": _COLUMNS,
            "actions": [] if kept.deleted_at else [_delete()],
            "delete_url": reverse("deid:surrogate-map-delete", args=[slug, run.pk]),
        },
    )


def _delete() -> dict[str, object]:
    return {"label": "Delete the map", "kind": "quiet", "dialog": "delete-map"}


def _pairs(kept: SurrogateMap) -> list[dict[str, object]]:
    pairs: list[dict[str, object]] = [
        {"key": "Asked for by", "value": kept.asked_by.full_name},
        {"key": "Asked for", "when": kept.asked_at},
        {"key": "Reason", "value": kept.reason},
    ]
    if kept.deleted_by:
        pairs += [
            {"key": "Deleted by", "value": kept.deleted_by.full_name},
            {"key": "Deleted", "when": kept.deleted_at},
        ]
    return pairs


def _row(entry: SurrogateEntry) -> dict[str, object]:
    return {"cells": [entry.original, label(entry.category), entry.surrogate]}


@login_required
@require_POST
def surrogate_map_delete(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    run = the_run(project_for(actor_of(request), slug), run_id)
    services.delete_map(run=run, actor=actor_of(request))
    messages.success(
        request, f"The map of run {run.number} is deleted. No surrogate can be looked up any more."
    )
    return redirect("deid:run", slug=slug, run_id=run_id)


def map_action(project: Project, run: Run) -> dict[str, object]:
    """The way from a run to its map."""
    url = reverse("deid:surrogate-map", args=[project.slug, run.pk])
    return {"label": "Look up a surrogate", "url": url, "kind": "quiet"}
