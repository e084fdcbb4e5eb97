"""Pages of the stage Import."""

from __future__ import annotations

import csv
import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import ServiceError
from accounts.models import User
from accounts.roles import Permission
from deid import selectors, services
from deid.finders import the_batch
from deid.forms import MappingForm, StructuredForm, UploadForm
from deid.importers import STRUCTURED, Preview
from deid.models import ImportBatch
from jobs.pages import job_part, progress_answer
from jobs.selectors import group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for
from vault.uploads import StoredUpload

STAGE = "import"


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of imports, and the upload of the next one."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        batch = _upload(project, request, form)
        return redirect("deid:import", slug=slug, batch_id=batch.pk)
    rows = selectors.batches(project)
    page = page_of(request, rows)
    may_import = allowed(actor, project, Permission.IMPORT_NOTES)
    return render(
        request,
        "deid/imports.html",
        {
            "project": project,
            "rail_current": STAGE,
            "form": form,
            "may_import": may_import,
            "totals": selectors.note_totals(project),
            "page": page,
            "rows": [_row(project, batch, named=may_import) for batch in page],
            "columns": [
                {"label": "Import"}, {"label": "State"}, {"label": "Added", "number": True},
                {"label": "Updated", "number": True}, {"label": "Unchanged", "number": True},
                {"label": "Left out", "number": True}, {"label": "Uploaded"},
            ],
        },
    )  # fmt: skip


def _upload(project: Project, request: HttpRequest, form: UploadForm) -> ImportBatch:
    actor, found = actor_of(request), form.cleaned_data["uploads"]
    if found[0][1] == "txt":
        texts = [(name, stored) for name, _, stored in found]
        return services.upload_texts(project=project, actor=actor, texts=texts)
    name, kind, stored = found[0]
    batch = services.upload_batch(
        project=project, actor=actor, stored=stored, file_name=name, kind=kind
    )
    # What nobody takes is deleted when the request ends.
    cast(StoredUpload, request.FILES["uploads"]).take()
    return batch


def _row(project: Project, batch: ImportBatch, *, named: bool) -> dict[str, object]:
    url = reverse("deid:import", args=[project.slug, batch.pk])
    detail = batch.get_kind_display()
    if named:  # a file's name may name a patient: only those who may import see it
        detail = f"{batch.file_name} ({detail})"
    state, words = STATE_WORDS[ImportBatch.State(batch.state)]
    return {
        "cells": [
            {"value": f"Import {batch.number}", "url": url, "detail": detail},
            {"state": state, "value": words},
            batch.added, batch.updated, batch.unchanged, batch.rejected,
            {"when": batch.created_at, "detail": batch.created_by.full_name},
        ]
    }  # fmt: skip


STATE_WORDS = {
    ImportBatch.State.UPLOADED: ("waiting", "Waiting to be started"),
    ImportBatch.State.IMPORTING: ("running", "Importing"),
    ImportBatch.State.DONE: ("done", "Done"),
    ImportBatch.State.FAILED: ("interrupted", "Stopped"),
    ImportBatch.State.UNREADABLE: ("failed", "Cannot be read"),
    ImportBatch.State.DISCARDED: ("cancelled", "Discarded"),
}


@login_required
@require_http_methods(["GET", "POST"])
def import_detail(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    """One import: its mapping with a preview, its progress, or its result."""
    project = project_for(actor_of(request), slug)
    batch = the_batch(project, batch_id)
    if batch.state in (ImportBatch.State.UPLOADED, ImportBatch.State.UNREADABLE):
        return _mapping(request, project, batch)
    return _result(request, project, batch)


def _mapping(request: HttpRequest, project: Project, batch: ImportBatch) -> HttpResponse:
    actor = actor_of(request)
    context = _context(actor, project, batch)
    if not allowed(actor, project, Permission.IMPORT_NOTES):
        return render(request, "deid/import_waiting.html", context)
    try:
        preview = services.preview_batch(batch=batch, actor=actor)
    except ServiceError as problem:
        context |= _context(actor, project, batch) | {"problem": problem}
        return render(request, "deid/import_unreadable.html", context)
    context |= _context(actor, project, batch)  # the look may have changed the state
    form = _start_form(request, batch, preview)
    if request.method == "POST" and form.is_valid():
        services.start_import(
            batch=batch, actor=actor, mapping=form.mapping(), authority=form.authority()
        )
        return redirect("deid:import", slug=project.slug, batch_id=batch.pk)
    context |= {"form": form, "preview": preview}
    if isinstance(form, MappingForm):
        context["columns"] = _columns(form, preview)
        return render(request, "deid/import_mapping.html", context)
    context["count_columns"] = [{"label": "Type"}, {"label": "Records", "number": True}]
    context["count_rows"] = [{"cells": list(pair)} for pair in preview.counts]
    return render(request, "deid/import_structured.html", context)


def _start_form(
    request: HttpRequest, batch: ImportBatch, preview: Preview
) -> MappingForm | StructuredForm:
    data = request.POST if request.method == "POST" else None
    if batch.kind in STRUCTURED:
        return StructuredForm(data)
    return MappingForm(data, preview=preview)


def _columns(form: MappingForm, preview: Preview) -> list[dict[str, Any]]:
    """Each column with what it holds in the first records, each value once, and its field."""
    return [
        {
            "name": column,
            "values": [v for v in dict.fromkeys(row.get(column, "") for row in preview.rows) if v],
            "field": bound,
        }
        for column, bound in zip(preview.columns, form.known_fields(), strict=True)
    ]


def _result(request: HttpRequest, project: Project, batch: ImportBatch) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(request, selectors.rejections(batch))
    stopped = batch.state == ImportBatch.State.FAILED
    base = [project.slug, batch.pk]
    context = _context(actor, project, batch)
    actions = context["actions"]
    if stopped:
        resume = {"label": "Resume", "url": reverse("deid:import-resume", args=base)}
        close = {"label": "Close as it is", "url": reverse("deid:import-close", args=base)}
        actions += [
            action(actor, project, Permission.IMPORT_NOTES, dict(item, method="post", kind=kind))
            for item, kind in ((close, "quiet"), (resume, "primary"))
        ]
    if batch.digest:
        onward = reverse("deid:runs", args=[project.slug])
        actions.append({"label": "Go on to de-identification", "url": onward})
    return render(
        request,
        "deid/import_detail.html",
        {
            **context,
            "pairs": _pairs(actor, project, batch),
            "job": _job(project, batch),
            "page": page,
            "rows": [{"cells": [r.line, r.reason, r.code]} for r in page],
            "columns": [{"label": "Line", "number": True}, {"label": "Why"}, {"label": "Code"}],
            "types": (batch.manifest or {}).get("body", {}).get("note_types", {}),
        },
    )


def _discard(actor: User, project: Project, batch: ImportBatch) -> dict[str, Any]:
    item = {"label": "Discard", "kind": "quiet", "dialog": "discard-import"}
    return action(actor, project, Permission.IMPORT_NOTES, item)


def _context(actor: User, project: Project, batch: ImportBatch) -> dict[str, Any]:
    title = f"Import {batch.number}"
    discardable = services.discardable(batch)
    return {
        "state": STATE_WORDS[ImportBatch.State(batch.state)],
        "discarded": batch.state == ImportBatch.State.DISCARDED,
        "actions": [_discard(actor, project, batch)] if discardable else [],
        "discard_url": reverse("deid:import-discard", args=[project.slug, batch.pk])
        if discardable
        else "",
        "project": project,
        "rail_current": STAGE,
        "batch": batch,
        "title": title,
        "breadcrumb": [
            {"label": "Import", "url": reverse("deid:imports", args=[project.slug])},
            {"label": title},
        ],
    }


def _pairs(actor: User, project: Project, batch: ImportBatch) -> list[dict[str, object]]:
    pairs: list[dict[str, object]] = [
        {"key": "Uploaded", "when": batch.created_at, "detail": batch.created_by.full_name},
        {"key": "Kind", "value": batch.get_kind_display()},
        {"key": "Size", "value": filesizeformat(batch.size)},
        {"key": "File, committed as", "digest": batch.commitment},
    ]
    # File names hold patients' names more often than not.
    if allowed(actor, project, Permission.IMPORT_NOTES):
        pairs.insert(0, {"key": "File", "value": batch.file_name})
    if batch.authority:
        pairs.append(_authority(batch))
    if batch.finished_at:
        pairs.append({"key": "Ended", "when": batch.finished_at})
    if batch.manifest:
        whole = "" if batch.manifest["body"]["complete"] else "closed before its end"
        pairs.append({"key": "Manifest", "digest": batch.digest, "detail": whole})
    return pairs


def _authority(batch: ImportBatch) -> dict[str, object]:
    """Who admitted restricted records, and who wrote that down."""
    stated, by = batch.authority, batch.authority_by
    assert stated is not None
    assert by is not None
    words = f"{stated['name']}, {stated['date']}: {stated['reason']}"
    return {"key": "Authority", "value": words, "detail": f"recorded by {by.full_name}"}


def _job(project: Project, batch: ImportBatch) -> dict[str, object]:
    args = [project.slug, batch.pk]
    running = batch.state == ImportBatch.State.IMPORTING
    return job_part(
        group_progress(batch.pk),
        id=f"import-{batch.number}",
        label=f"Import {batch.number}",
        poll_url=reverse("deid:import-progress", args=args) if running else "",
        cancel_url=reverse("deid:import-cancel", args=args) if running else "",
    )


@login_required
@require_GET
def import_progress(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the import has ended, the whole page is shown anew."""
    project = project_for(actor_of(request), slug)
    batch = the_batch(project, batch_id)
    return progress_answer(
        request, ended=batch.state != ImportBatch.State.IMPORTING, job=_job(project, batch)
    )


@login_required
@require_POST
def import_cancel(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    batch = the_batch(project_for(actor_of(request), slug), batch_id)
    services.cancel_import(batch=batch, actor=actor_of(request))
    messages.info(request, "The import stops. What it has imported is kept.")
    return redirect("deid:import", slug=slug, batch_id=batch_id)


@login_required
@require_POST
def import_resume(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    batch = the_batch(project_for(actor_of(request), slug), batch_id)
    services.resume_import(batch=batch, actor=actor_of(request))
    return redirect("deid:import", slug=slug, batch_id=batch_id)


@login_required
@require_POST
def import_close(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    batch = the_batch(project_for(actor_of(request), slug), batch_id)
    services.keep_partial_import(batch=batch, actor=actor_of(request))
    messages.success(request, "The import is closed. Its record says that it is incomplete.")
    return redirect("deid:import", slug=slug, batch_id=batch_id)


@login_required
@require_POST
def import_discard(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    batch = the_batch(project_for(actor_of(request), slug), batch_id)
    services.discard_import(batch=batch, actor=actor_of(request))
    messages.success(request, f"Import {batch.number} is discarded and its file deleted.")
    return redirect("deid:imports", slug=slug)


@login_required
@require_GET
def rejections_csv(request: HttpRequest, slug: str, batch_id: uuid.UUID) -> HttpResponse:
    """The records that were left out, as a table of lines and reasons."""
    batch = the_batch(project_for(actor_of(request), slug), batch_id)
    response = HttpResponse(content_type="text/csv")
    name = f"import-{batch.number}-left-out.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(["line", "code", "reason"])
    writer.writerows(selectors.rejections(batch).values_list("line", "code", "reason"))
    return response
