"""The page of the policy: its versions, its terms, what is known of patients."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidInput
from accounts.roles import Permission
from deid import selectors, services
from deid.categories import label
from deid.forms import TermForm
from projects.pages import actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for


@login_required
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.add_terms(
                project=project,
                actor=actor,
                terms=[(form.cleaned_data["text"], form.cleaned_data["category"])],
                note=form.cleaned_data["note"],
            )
        except InvalidInput as problem:
            form.add_error("text", problem.message)
        else:
            messages.success(
                request,
                f"Policy version {version.number} is made. It holds from the next run on.",
            )
            return redirect("deid:policy", slug=slug)
    page = page_of(request, selectors.policies(project))
    known = selectors.known_counts(project)
    return render(
        request,
        "deid/policy.html",
        {
            "project": project,
            "rail_current": "deid",
            "breadcrumb": [
                {"label": "De-identify", "url": reverse("deid:runs", args=[slug])},
                {"label": "Policy"},
            ],
            "form": form,
            "may_edit": allowed(actor, project, Permission.EDIT_POLICY),
            "page": page,
            "rows": [
                {
                    "cells": [
                        f"Version {v.number}",
                        v.term_count,
                        v.note or "no reason given",
                        v.run_count,
                        {"when": v.created_at, "detail": v.created_by.full_name},
                        {"digest": v.commitment},
                    ]
                }
                for v in page
            ],
            "columns": [
                {"label": "Policy"}, {"label": "Terms", "number": True}, {"label": "Why"},
                {"label": "Runs", "number": True}, {"label": "Made"}, {"label": "Commitment"},
            ],
            "known_rows": [
                {"cells": [label(k["category"]), k["source"], k["n"], k["patients"]]} for k in known
            ],
            "known_columns": [
                {"label": "Category"}, {"label": "From"}, {"label": "Identifiers", "number": True},
                {"label": "Patients", "number": True},
            ],
        },
    )  # fmt: skip
