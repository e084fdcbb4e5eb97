"""The stage Package: building, what is in it and what is not, signing, checking, handing out."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import StaleContent, WrongPassword
from accounts.roles import ROLE_LABELS, Permission, Role
from governance import selectors, services
from governance.finders import the_package, the_submission
from governance.forms import SigningForm, errors_of
from governance.models import Package, Submission
from governance.responses import certificate_response, pdf_response
from governance.services.verification import verify_package
from governance.views._package_page import STAGE, STATES, building_job, page_of_package
from jobs.pages import progress_answer
from jobs.selectors import group_progress
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.selectors import project_for

COLUMNS = [
    {"label": "Package"}, {"label": "State"}, {"label": "Signatures"},
    {"label": "Pages", "number": True}, {"label": "Built"}, {"label": "SHA-256 of the file"},
]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def packages(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of packages; POST builds the one of an approved submission."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    if request.method == "POST":
        chosen = the_submission(project, _uuid(request.POST.get("submission", "")))
        package = services.build_package(project=project, actor=actor, submission=chosen)
        return redirect("governance:package", slug=slug, package_id=package.pk)
    page = page_of(request, selectors.packages(project))
    return render(
        request,
        "governance/packages.html",
        {
            "project": project,
            "rail_current": STAGE,
            "page": page,
            "columns": COLUMNS,
            "rows": [_row(project, package) for package in page],
            "approved": selectors.submissions(project).filter(state=Submission.State.APPROVED)[:20],
            "build": action(actor, project, Permission.BUILD_PACKAGE, {}),
        },
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)  # finds nothing, and answers as any unknown id does


def _row(project: Project, package: Package) -> dict[str, Any]:
    state, words = STATES[Package.State(package.state)]
    slots = list(package.signatures.all())
    signed = sum(slot.signed_at is not None for slot in slots)
    return {
        "cells": [
            {
                "value": f"Package {package.number}",
                "url": reverse("governance:package", args=[project.slug, package.pk]),
                "detail": f"version {package.submission.model_version.number}",
            },
            {"state": state, "value": words},
            f"{signed} of {len(slots)}" if slots else "",
            package.page_count or None,
            {"when": package.created_at, "detail": package.created_by.full_name},
            {"digest": package.artefact} if package.artefact else "",
        ]
    }


@login_required
@require_GET
def package(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    return page_of_package(request, actor, the_package(project_for(actor, slug), package_id))


@login_required
@require_GET
def progress(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    """The progress of the building; once it ended, the page is loaded anew."""
    found = the_package(project_for(actor_of(request), slug), package_id)
    job = group_progress(found.pk)
    return progress_answer(request, ended=not job.active, job=building_job(found, job))


@login_required
@require_POST
def retry(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    services.retry_package(package=the_package(project_for(actor, slug), package_id), actor=actor)
    return redirect("governance:package", slug=slug, package_id=package_id)


@login_required
@require_POST
def sign(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    """Add the person's own signature to the file that the page showed."""
    actor = actor_of(request)
    found = the_package(project_for(actor, slug), package_id)
    form = SigningForm(request.POST)
    if not form.is_valid():
        errors = errors_of(form)
        return page_of_package(request, actor, found, {"errors": errors}, status=400)
    try:
        services.sign_package(
            package=found,
            actor=actor,
            password=form.cleaned_data["password"],
            shown_digest=form.cleaned_data["digest"],
        )
    except WrongPassword as problem:
        more = {"errors": {"password": problem.message}}
        return page_of_package(request, actor, found, more, status=problem.status)
    except StaleContent as problem:
        url = reverse("governance:package", args=[slug, package_id])
        stale = {"stale": {"what": problem.message, "url": url}}
        return page_of_package(request, actor, found, stale, status=problem.status)
    messages.success(request, "Your signature is in the file.")
    return redirect("governance:package", slug=slug, package_id=package_id)


@login_required
@require_GET
def download(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = the_package(project_for(actor, slug), package_id)
    return pdf_response(found, services.download_package(package=found, actor=actor))


@login_required
@require_GET
def verify(request: HttpRequest, slug: str, package_id: uuid.UUID) -> HttpResponse:
    """What the offline verifier says about the stored file."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    found = the_package(project, package_id)
    findings = verify_package(found)
    url = reverse("governance:package", args=[slug, package_id])
    return render(
        request,
        "governance/verify.html",
        {
            "project": project,
            "rail_current": STAGE,
            "package": found,
            "findings": findings,
            "breadcrumb": [
                {"label": "Package", "url": reverse("governance:packages", args=[slug])},
                {"label": f"Package {found.number}", "url": url},
                {"label": "Check"},
            ],
            "signed_columns": [
                {"label": "What"}, {"label": "Person"}, {"label": "Meaning"},
                {"label": "Time, attested"}, {"label": "Result"},
            ],
            "signed_rows": [
                *(_signed_row(item, "This file") for item in findings.signatures),
                *(_signed_row(item, item.where) for item in findings.decisions),
            ],
        },
    )  # fmt: skip


def _signed_row(item: Any, what: str) -> dict[str, Any]:
    report = item.report
    role = ROLE_LABELS.get(Role(report.signer_role)) if report.signer_role in set(Role) else ""
    return {
        "cells": [
            what,
            {"value": report.signer_name, "detail": role},
            report.meaning,
            {"when": report.signed_at},
            {"state": "valid" if report.valid else "failed",
             "value": "Valid" if report.valid else "Not valid",
             "detail": " ".join(report.problems)},
        ]
    }  # fmt: skip


@login_required
@require_GET
def ca(request: HttpRequest, slug: str) -> HttpResponse:
    """The certificate that `countersign-verify --trust` pins."""
    project_for(actor_of(request), slug)
    return certificate_response()
