"""Pages of Expert Determinations: the list with the upload, one of them, its file."""

from __future__ import annotations

import uuid
from textwrap import shorten
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import InvalidInput, StaleContent, WrongPassword
from accounts.models import User
from accounts.roles import Permission
from deid.finders import the_determination
from deid.forms_release import DeterminationForm
from deid.models import ExpertDetermination
from deid.selectors.release import determinations as all_determinations
from deid.selectors.release import runs_that_need_one, state_of
from deid.services.determinations import (
    determination_manifest,
    open_determination,
    sign_determination,
    upload_determination,
    withdraw_determination,
)
from evidence.dates import day
from projects.models import Project
from projects.pages import action, actor_of, page_of, why_not
from projects.permissions import allowed
from projects.selectors import project_for
from vault.uploads import StoredUpload

STATE_WORDS = {
    "unsigned": ("waiting", "Waits for a signature"),
    "in_force": ("active", "In force"),
    "expired": ("stale", "Expired"),
    "withdrawn": ("withdrawn", "Withdrawn"),
}
MEANING = (
    "I keep this Expert Determination as the basis of release: a qualified expert determined that "
    "the risk of identification is very small for the recipients named, and documented method and "
    "result."
)
SHOWN_RUNS = 50  # the newest; an older one is covered by a determination for every run
COLUMNS = [
    {"label": "Determination"}, {"label": "State"}, {"label": "Covers"}, {"label": "Recipients"},
    {"label": "Dated"}, {"label": "Last day"}, {"label": "Uploaded"},
]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def determinations(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, and the upload of the next one."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    runs = list(runs_that_need_one(project)[:SHOWN_RUNS])
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DeterminationForm(*posted, runs=runs)
    if request.method == "POST" and form.is_valid():
        found = _upload(project, request, form)
        if found:
            messages.success(request, "Uploaded. It counts once it is signed.")
            return redirect("deid:determination", slug=slug, determination_id=found.pk)
    page = page_of(request, all_determinations(project))
    return render(
        request,
        "deid/determinations.html",
        {
            "project": project,
            "rail_current": "deid",
            "breadcrumb": [
                {"label": "De-identify", "url": reverse("deid:runs", args=[slug])},
                {"label": "Expert Determinations"},
            ],
            "form": form,
            "may_not": why_not(actor, project, Permission.KEEP_DETERMINATIONS),
            "waiting_runs": runs,
            "page": page,
            "rows": [_row(project, found) for found in page],
            "columns": COLUMNS,
        },
        status=400 if form.errors else 200,
    )


def _upload(
    project: Project, request: HttpRequest, form: DeterminationForm
) -> ExpertDetermination | None:
    upload = cast(StoredUpload, request.FILES["file"])
    try:
        found = upload_determination(
            project=project,
            actor=actor_of(request),
            stored=upload.stored,
            stated=form.stated(),
            run=form.cleaned_data["run"],
        )
    except InvalidInput as problem:
        form.add_error(None, problem.message)
        return None
    upload.take()  # what nobody takes is deleted when the request ends
    return found


def _row(project: Project, found: ExpertDetermination) -> dict[str, Any]:
    state, words = STATE_WORDS[state_of(found)]
    return {
        "cells": [
            {
                "value": f"Determination {found.number}",
                "url": reverse("deid:determination", args=[project.slug, found.pk]),
                "detail": shorten(found.expert, 60),
            },
            {"state": state, "value": words},
            {"value": _scope(found), "detail": shorten(found.covers, 80)},
            {"value": shorten(found.recipients, 80)},
            {"value": day(found.determined_on)},
            {"value": day(found.expires_on)},
            {"when": found.uploaded_at, "detail": found.uploaded_by.full_name},
        ]
    }


def _scope(found: ExpertDetermination) -> str:
    return f"Run {found.run.number}" if found.run else "Every run that needs one"


@login_required
@require_GET
def determination(request: HttpRequest, slug: str, determination_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    return _page(request, project, the_determination(project, determination_id))


def _page(
    request: HttpRequest,
    project: Project,
    found: ExpertDetermination,
    errors: dict[str, str] | None = None,
    *,
    stale: bool = False,
) -> HttpResponse:
    actor, args = actor_of(request), [project.slug, found.pk]
    title = f"Determination {found.number}"
    return render(
        request,
        "deid/determination.html",
        {
            "project": project,
            "rail_current": "deid",
            "title": title,
            "breadcrumb": [
                {"label": "De-identify", "url": reverse("deid:runs", args=[project.slug])},
                {
                    "label": "Expert Determinations",
                    "url": reverse("deid:determinations", args=[project.slug]),
                },
                {"label": title},
            ],
            "determination": found,
            "state": STATE_WORDS[state_of(found)],
            "pairs": _stated(found),
            "record": _record(found),
            "actions": _actions(actor, project, found),
            "withdraw_url": ""
            if found.withdrawn_at
            else reverse("deid:determination-withdraw", args=args),
            "decision": _bar(actor, project, found, errors, stale=stale),
        },
        status=403 if errors else 409 if stale else 200,
    )


def _stated(found: ExpertDetermination) -> list[dict[str, Any]]:
    return [
        {"key": "Expert", "value": found.expert, "detail": found.qualification},
        {"key": "Method", "value": found.method},
        {"key": "Anticipated recipients", "value": found.recipients},
        {"key": "What it covers", "value": found.covers, "detail": _scope(found)},
        {"key": "Date", "value": day(found.determined_on)},
        {"key": "Last day", "value": day(found.expires_on), "detail": "days go by UTC"},
    ]


def _record(found: ExpertDetermination) -> list[dict[str, Any]]:
    pages = "1 page" if found.pages == 1 else f"{found.pages:,} pages"
    pairs: list[dict[str, Any]] = [
        {"key": "File", "value": f"{pages}, {filesizeformat(found.size)}"},
        {"key": "File, committed as", "digest": found.commitment},
        {"key": "Uploaded", "when": found.uploaded_at, "detail": found.uploaded_by.full_name},
    ]
    if found.signature:
        signer = found.signature.signer_name
        pairs += [
            {"key": "Signed", "when": found.signature.signed_at, "detail": signer},
            {"key": "Signed content", "digest": found.digest},
        ]
    if found.withdrawn_at and found.withdrawn_by:
        by = f"{found.withdrawn_by.full_name}: {found.withdrawn_reason}"
        pairs.append({"key": "Withdrawn", "when": found.withdrawn_at, "detail": by})
    return pairs


def _actions(actor: User, project: Project, found: ExpertDetermination) -> list[dict[str, Any]]:
    url = reverse("deid:determination-file", args=[project.slug, found.pk])
    actions: list[dict[str, Any]] = [{"label": "Open the PDF", "url": url, "kind": "quiet"}]
    if not found.withdrawn_at:
        item = {"label": "Withdraw", "kind": "quiet", "dialog": "withdraw-determination"}
        actions.append(action(actor, project, Permission.KEEP_DETERMINATIONS, item))
    return actions


def _bar(
    actor: User,
    project: Project,
    found: ExpertDetermination,
    errors: dict[str, str] | None,
    *,
    stale: bool,
) -> dict[str, Any] | None:
    if state_of(found) != "unsigned":
        return None
    args = [project.slug, found.pk]
    bar: dict[str, Any] = {
        "url": reverse("deid:determination-sign", args=args),
        "label": "Keep this determination",
        "digest": determination_manifest(found).digest,
        "meaning": MEANING,
        "verb": "Sign the determination",
        "ready": "Compare what is stated here with the PDF first.",
        "errors": errors or {},
    }
    if not allowed(actor, project, Permission.KEEP_DETERMINATIONS):
        bar["blocked"] = why_not(actor, project, Permission.KEEP_DETERMINATIONS)
    if stale:
        what = "The digest that you saw is not that of this determination. Nothing was signed."
        bar["stale"] = {"what": what, "url": reverse("deid:determination", args=args)}
    return bar


@login_required
@require_POST
def sign(request: HttpRequest, slug: str, determination_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = the_determination(project, determination_id)
    try:
        sign_determination(
            determination=found,
            actor=actor_of(request),
            password=request.POST.get("password", ""),
            shown_digest=request.POST.get("digest", ""),
        )
    except WrongPassword as problem:
        return _page(request, project, found, {"password": problem.message})
    except StaleContent:
        return _page(request, project, found, stale=True)
    messages.success(request, f"Signed. It is in force until {day(found.expires_on)}.")
    return redirect("deid:determination", slug=slug, determination_id=found.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, determination_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = the_determination(project, determination_id)
    withdraw_determination(
        determination=found, actor=actor_of(request), reason=request.POST.get("reason", "")
    )
    messages.success(request, "Withdrawn. Nothing more is released under it.")
    return redirect("deid:determination", slug=slug, determination_id=found.pk)


@login_required
@require_GET
def file(request: HttpRequest, slug: str, determination_id: uuid.UUID) -> FileResponse:
    """The PDF as a download: it never runs in the application's own page."""
    project = project_for(actor_of(request), slug)
    return pdf_response(the_determination(project, determination_id), actor=actor_of(request))


def pdf_response(found: ExpertDetermination, *, actor: User) -> FileResponse:
    stream = open_determination(determination=found, actor=actor)
    name = f"expert-determination-{found.number}.pdf"
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
