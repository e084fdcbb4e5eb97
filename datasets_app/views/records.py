"""One attestation, one gold set, one dataset version, and its export."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.roles import Permission
from datasets_app import services
from datasets_app.api import jsonl_response
from datasets_app.finders import the_dataset, the_gold_set
from datasets_app.models import DatasetVersion
from datasets_app.selectors import split_report
from datasets_app.tasks.thresholds import thresholds_of
from datasets_app.views._pages import STAGE, crumbs, gate_words
from projects.models import Project
from projects.pages import actor_of, page_of, why_not
from projects.selectors import project_for


@login_required
@require_GET
def gold_set(request: HttpRequest, slug: str, gold_set_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    found = the_gold_set(project, gold_set_id)
    items = found.items.select_related("run_note__note").only(
        "id", "run_note__id", "run_note__note__note_type", "run_note__note__specialty"
    )
    page = page_of(request, items.order_by("run_note__note__note_type", "pk"))
    return render(
        request,
        "datasets_app/gold_set.html",
        {
            "project": project,
            "rail_current": STAGE,
            "gold_set": found,
            "title": f"Gold set {found.number}",
            "breadcrumb": crumbs(project, f"Gold set {found.number}"),
            "page": page,
            "columns": [{"label": "Item"}, {"label": "Note type"}, {"label": "Specialty"}],
            "rows": [
                {
                    "cells": [
                        {"value": str(item.pk)[:8]},
                        {"value": item.run_note.note.note_type},
                        {"value": item.run_note.note.specialty},
                    ]
                }
                for item in page
            ],
            "pairs": [
                {"key": "Task", "value": "Note summarisation"},
                {"key": "From", "value": f"Run {found.run.number}"},
                {"key": "Frozen by", "value": found.created_by.full_name},
                {"key": "Frozen", "when": found.frozen_at},
                {"key": "Items, as a file", "digest": found.artefact},
                {"key": "Manifest", "digest": found.digest},
            ],
        },
    )


@login_required
@require_GET
def dataset(request: HttpRequest, slug: str, dataset_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_dataset(project, dataset_id)
    report = split_report(found)
    low, high = thresholds_of(found.task).recommended
    return render(
        request,
        "datasets_app/dataset.html",
        {
            "project": project,
            "rail_current": STAGE,
            "dataset": found,
            "title": f"Dataset {found.number}",
            "breadcrumb": crumbs(project, f"Dataset {found.number}"),
            "actions": _exports(actor, project, found),
            "gate": gate_words(found.gate),
            "recommended": f"{low:,} to {high:,}",
            "report": report,
            "clean": not (report.overlap_splits or report.overlap_gold),
            "split_columns": [{"label": "Split"}, {"label": "Patients", "number": True},
                              {"label": "Examples", "number": True}],
            "split_rows": [
                {"cells": ["Train", report.train, found.train_count]},
                {"cells": ["Validation", report.validation, found.validation_count]},
            ],
            "excluded_columns": [{"label": "Reason"}, {"label": "Notes", "number": True}],
            "excluded_rows": [
                {"cells": [reason.capitalize(), count]} for reason, count in found.excluded.items()
            ],
            "pairs": _dataset_pairs(project, found),
        },
    )  # fmt: skip


def _dataset_pairs(project: Project, found: DatasetVersion) -> list[dict[str, Any]]:
    run_url = reverse("deid:run", args=[project.slug, found.run_id])
    return [
        {"key": "Task", "value": "Note summarisation"},
        {"key": "From", "value": f"Run {found.run.number}", "url": run_url},
        {"key": "Frozen by", "value": found.created_by.full_name},
        {"key": "Frozen", "when": found.frozen_at},
        {"key": "Seed of the split", "value": str(found.seed)},
        {"key": "Manifest", "digest": found.digest},
        {"key": "Train, as a file", "digest": found.train_artefact},
        {"key": "Validation, as a file", "digest": found.validation_artefact},
        {"key": "Run's digest", "digest": found.run.digest},
        {"key": "Attestation", "digest": found.attestation.signature.manifest_digest},
    ]


def _exports(actor: User, project: Project, found: DatasetVersion) -> list[dict[str, Any]]:
    refused = why_not(actor, project, Permission.EXPORT_DATASET)
    actions = []
    for split in services.SPLITS:
        item = {
            "label": f"Export {split}",
            "url": reverse("datasets:export", args=[project.slug, found.pk, split]),
            "kind": "quiet",
        }
        actions.append({**item, "disabled_reason": refused} if refused else item)
    return actions


@login_required
@require_GET
def export(
    request: HttpRequest, slug: str, dataset_id: uuid.UUID, split: str
) -> StreamingHttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_dataset(project, dataset_id)
    return jsonl_response(
        services.export_dataset(dataset=found, actor=actor, split=split), found, split
    )
