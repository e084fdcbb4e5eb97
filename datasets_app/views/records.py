"""One attestation, one gold set, one dataset version, and its export."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import StaleContent, WrongPassword
from accounts.models import User
from accounts.roles import Permission
from datasets_app import services
from datasets_app.api import jsonl_response
from datasets_app.finders import the_dataset, the_gold_set
from datasets_app.models import Attestation, DatasetVersion
from datasets_app.selectors import split_report
from datasets_app.services.attestations import BASIS, STATEMENT, signed_sample
from datasets_app.tasks.thresholds import thresholds_of
from datasets_app.views._pages import STAGE, gate_words
from deid.finders import the_run
from deid.models import Run, Sample
from deid.services.duties import why_not_judge
from evidence.shares import percent
from projects.models import Project
from projects.pages import actor_of, page_of, why_not
from projects.selectors import project_for


def _crumbs(project: Project, here: str) -> list[dict[str, str]]:
    return [
        {"label": "Dataset", "url": reverse("datasets:index", args=[project.slug])},
        {"label": here},
    ]


@login_required
@require_http_methods(["GET", "POST"])
def attest(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The decision screen of the compliance officer: what is attested, on which evidence."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    if request.method == "GET":
        return _attest_page(request, project, run)
    try:
        services.attest(
            run=run,
            actor=actor,
            password=request.POST.get("password", ""),
            shown_digest=request.POST.get("digest", ""),
        )
    except WrongPassword as problem:
        return _attest_page(request, project, run, errors={"password": problem.message})
    except StaleContent:
        return _attest_page(request, project, run, stale=True)
    messages.success(request, f"Run {run.number} is attested. Datasets can be built from it now.")
    return redirect("datasets:attest", slug=slug, run_id=run_id)


def _attest_page(
    request: HttpRequest,
    project: Project,
    run: Run,
    errors: dict[str, str] | None = None,
    *,
    stale: bool = False,
) -> HttpResponse:
    sample = signed_sample(run)
    attestation = Attestation.objects.filter(run=run).select_related("signature").first()
    return render(
        request,
        "datasets_app/attest.html",
        {
            "project": project,
            "rail_current": STAGE,
            "run": run,
            "title": f"Attest run {run.number}",
            "breadcrumb": _crumbs(project, f"Run {run.number}"),
            "state": "attested" if attestation else "waiting",
            "attestation": attestation,
            "statement": STATEMENT,
            "basis": BASIS,
            "gate": _leak_gate(sample),
            "evidence": _evidence(project, run, sample),
            "events": _events(run, sample, attestation),
            "decision": None
            if attestation
            else _bar(actor_of(request), project, run, errors, stale=stale),
        },
        status=403 if errors else 409 if stale else 200,
    )


def _leak_gate(sample: Sample) -> dict[str, Any]:
    result = sample.result or {}
    level = f"{100 * sample.confidence:g} %"
    return {
        "label": "Notes with a missed identifier",
        "status": "pass" if result["passed"] else "fail",
        "value": percent(result["estimate"]), "unit": "%", "limit": percent(sample.limit),
        "direction": "at_most", "low": 0.0, "high": percent(result["upper"]),
        "n": result["read"],
        "explanation": f"One-sided exact upper bound at {level} over {sample.population:,} notes.",
        "url": reverse("deid:sample", args=[sample.run.project.slug, sample.pk]),
    }  # fmt: skip


def _evidence(project: Project, run: Run, sample: Sample) -> list[dict[str, Any]]:
    args = [project.slug, run.pk]
    return [
        {"key": "Run", "value": f"Run {run.number}", "url": reverse("deid:run", args=args)},
        {"key": "Notes", "value": run.note_count, "detail": _patients(run.patient_count)},
        {"key": "Run's digest", "digest": run.digest},
        {
            "key": "Review",
            "value": f"Round {sample.round}",
            "url": reverse("deid:sample", args=[project.slug, sample.pk]),
        },
        {"key": "Review's digest", "digest": sample.digest},
    ]


def _patients(count: int) -> str:
    return "1 patient" if count == 1 else f"{count:,} patients"


def _events(run: Run, sample: Sample, attestation: Attestation | None) -> list[dict[str, Any]]:
    assert sample.signature is not None  # a signed-off sample has one
    events: list[dict[str, Any]] = [
        {"when": run.started_at, "act": f"Run {run.number} started",
         "actor": run.operator.full_name, "role": "operator"},
        {"when": sample.signature.signed_at, "act": f"Round {sample.round} signed off",
         "actor": sample.signature.signer_name, "role": "reviewer",
         "digest": sample.signature.manifest_digest},
    ]  # fmt: skip
    if attestation:
        signature = attestation.signature
        events.append(
            {"when": signature.signed_at, "act": "No actual knowledge attested",
             "actor": signature.signer_name, "role": "compliance officer",
             "digest": signature.manifest_digest}
        )  # fmt: skip
    return events


def _bar(
    user: User, project: Project, run: Run, errors: dict[str, str] | None, *, stale: bool
) -> dict[str, Any]:
    bar: dict[str, Any] = {
        "url": _attest_url(project, run),
        "label": "Attest no actual knowledge",
        "digest": services.attestation_manifest(run).digest,
        "meaning": STATEMENT,
        "verb": "Attest and sign",
        "ready": "The run's review is signed off.",
        "errors": errors or {},
    }
    duty = why_not_judge(user, run, act="attest it")
    if blocked := duty or why_not(user, project, Permission.ATTEST):
        bar["blocked"] = blocked
    if stale:
        what = "The digest that you saw is not the statement's digest any more. Nothing was signed."
        bar["stale"] = {"what": what, "url": _attest_url(project, run)}
    return bar


def _attest_url(project: Project, run: Run) -> str:
    return reverse("datasets:attest", args=[project.slug, run.pk])


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
            "breadcrumb": _crumbs(project, f"Gold set {found.number}"),
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
            "breadcrumb": _crumbs(project, f"Dataset {found.number}"),
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
