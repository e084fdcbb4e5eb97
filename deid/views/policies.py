"""The pages of the policy: its versions, one of them, and what is known of patients."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from deid import selectors, services
from deid.categories import label
from deid.finders import the_policy
from deid.forms_policy import TermForm
from deid.models import PolicyDraft, PolicyVersion
from deid.policy_content import allowed_of, difference, terms_of
from deid.views._policy_parts import (
    TEXT_COLUMNS,
    THRESHOLD_COLUMNS,
    change_cell,
    policy_frame,
    text_rows,
    threshold_rows,
)
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for


@login_required
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The versions and drafts; POST adds one term that is always hidden."""
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
    return render(request, "deid/policy.html", _list_context(request, actor, project, form))


def _list_context(
    request: HttpRequest, actor: User, project: Project, form: TermForm
) -> dict[str, Any]:
    page = page_of(request, selectors.policies(project))
    known = selectors.known_counts(project)
    edit = {"label": "Edit the policy", "url": reverse("deid:policy-edit", args=[project.slug])}
    frame = policy_frame(project, "Policy")
    return {
        **frame,
        "breadcrumb": [frame["breadcrumb"][0], {"label": "Policy"}],
        "form": form,
        "may_edit": allowed(actor, project, Permission.EDIT_POLICY),
        "actions": [action(actor, project, Permission.EDIT_POLICY, edit)],
        "page": page,
        "rows": [_version_row(project, version) for version in page],
        "columns": [
            {"label": "Policy"}, {"label": "Change"}, {"label": "Why"},
            {"label": "Terms", "number": True}, {"label": "Runs", "number": True},
            {"label": "Made"}, {"label": "Commitment"},
        ],
        "draft_rows": [_draft_row(project, draft) for draft in selectors.drafts(project)],
        "draft_columns": [
            {"label": "Draft"}, {"label": "Change"}, {"label": "Why"},
            {"label": "Trials", "number": True}, {"label": "Last changed"},
        ],
        "known_rows": [
            {"cells": [label(k["category"]), k["source"], k["n"], k["patients"]]} for k in known
        ],
        "known_columns": [
            {"label": "Category"}, {"label": "From"}, {"label": "Identifiers", "number": True},
            {"label": "Patients", "number": True},
        ],
    }  # fmt: skip


def _version_row(project: Project, version: PolicyVersion) -> dict[str, Any]:
    url = reverse("deid:policy-version", args=[project.slug, version.number])
    return {
        "cells": [
            {"value": f"Version {version.number}", "url": url},
            change_cell(selectors.change_of(version)),
            version.note or "no reason given",
            version.term_count,
            version.run_count,  # type: ignore[attr-defined]
            {"when": version.created_at, "detail": version.created_by.full_name},
            {"digest": version.commitment},
        ]
    }


def _draft_row(project: Project, draft: PolicyDraft) -> dict[str, Any]:
    url = reverse("deid:policy-draft", args=[project.slug, draft.pk])
    return {
        "cells": [
            {"value": f"Draft {draft.number}", "url": url,
             "detail": f"of version {draft.base.number}"},
            change_cell(selectors.change_of_draft(draft)),
            draft.note or "no reason given",
            draft.trial_count,  # type: ignore[attr-defined]
            {"when": draft.changed_at, "detail": draft.changed_by.full_name},
        ]
    }  # fmt: skip


@login_required
@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version: what it says and changed, and the runs under it. Its terms when asked for."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_policy(project, number)
    before = selectors.content_before(found)
    facts = selectors.content_facts(found.content)
    old = selectors.content_facts(before) if before is not None else facts
    runs = list(selectors.runs_under(found)[:SHOWN_RUNS])
    return render(
        request,
        "deid/policy_version.html",
        {
            **policy_frame(project, f"Version {number}"),
            "version": found,
            "facts": facts,
            "change": selectors.compared_change(found),
            "pairs": _pairs(found, facts),
            "term_rows": [{"cells": [label(c), n]} for c, n in facts["terms"].items()],
            "term_columns": [{"label": "Category"}, {"label": "Terms", "number": True}],
            "rows": threshold_rows(facts["thresholds"], old["thresholds"]),
            "columns": THRESHOLD_COLUMNS,
            "run_rows": [_run_row(project, run) for run in runs],
            "run_columns": [
                {"label": "Run"}, {"label": "Notes", "number": True}, {"label": "Started"},
            ],
            "more_runs": max(0, found.run_count - len(runs)),  # type: ignore[attr-defined]
            "actions": _version_actions(request, actor, project),
            **(_texts(request, actor, found, before) if request.GET.get("terms") else {}),
        },
    )  # fmt: skip


SHOWN_RUNS = 50


def _pairs(found: PolicyVersion, facts: dict[str, Any]) -> list[dict[str, Any]]:
    dates = "shifted, which needs an Expert Determination" if facts["date_shift"] else "as tags"
    return [
        {"key": "Made", "when": found.created_at},
        {"key": "By", "value": found.created_by.full_name},
        {"key": "Why", "value": found.note or "no reason given"},
        {"key": "Committed as", "digest": found.commitment},
        {"key": "Terms", "value": f"{found.term_count:,} always hidden"},
        {"key": "Allow terms", "value": f"{facts['allow_terms']:,} kept readable"},
        {"key": "In place of identifiers", "value": f"{facts['output']}, dates {dates}"},
        {"key": "Runs", "value": found.run_count},  # type: ignore[attr-defined]
    ]


def _run_row(project: Project, run: Any) -> dict[str, Any]:
    url = reverse("deid:run", args=[project.slug, run.pk])
    return {
        "cells": [
            {"value": f"Run {run.number}", "url": url},
            run.note_count,
            {"when": run.started_at, "detail": run.operator.full_name},
        ]
    }


def _version_actions(request: HttpRequest, actor: User, project: Project) -> list[dict[str, Any]]:
    shown = bool(request.GET.get("terms"))
    words = "Hide the terms" if shown else "Show the terms"
    item = {"label": words, "url": "?" if shown else "?terms=1", "kind": "quiet"}
    return [action(actor, project, Permission.READ_RAW_NOTE, item)]


def _texts(request: HttpRequest, actor: User, found: PolicyVersion, before: Any) -> dict[str, Any]:
    """The terms themselves, which may name people: for those who may read raw text."""
    content = selectors.read_policy(actor=actor, policy=found, purpose="read a policy's terms")
    change = difference(before, content) if before is not None else None
    texts = [
        *({"cells": [text, label(code)]} for text, code in terms_of(content)),
        *({"cells": [text, "kept readable"]} for text in allowed_of(content)),
    ]
    page = page_of(request, texts)
    changed = text_rows(change) if change else []
    return {
        "texts": True,
        "text_page": page,
        "text_rows": list(page),
        "text_columns": [{"label": "Term"}, {"label": "Category"}],
        "changed_rows": changed[:MOST_CHANGED],
        "more_changed": max(0, len(changed) - MOST_CHANGED),
        "changed_columns": TEXT_COLUMNS,
    }


MOST_CHANGED = 200
