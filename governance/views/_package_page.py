"""What the page of one package shows: its parts and gaps, its signers, and the signing bar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import ROLE_LABELS, Role
from governance.models import Package, PackageSignature
from jobs.pages import job_part
from jobs.selectors import Progress, group_progress

STAGE = "package"
MEANING = (
    "I have read this documentation package. I sign the finished file as it is, beside my "
    "decision on the version."
)
STATES = {
    Package.State.BUILDING: ("running", "Being built"),
    Package.State.SIGNING: ("waiting", "Waiting for signatures"),
    Package.State.COMPLETE: ("signed", "Signed by everybody"),
    Package.State.FAILED: ("failed", "Building failed"),
}


def building_job(found: Package, job: Progress) -> dict[str, Any]:
    args = [found.project.slug, found.pk]
    failed = found.state == Package.State.FAILED
    return job_part(
        job,
        id=f"package-{found.number}",
        label=f"Package {found.number}",
        rate=None,  # its steps differ too much in length for a rate to tell anything
        poll_url=reverse("governance:package-progress", args=args),
        resume_url=reverse("governance:package-retry", args=args) if failed else "",
    )


def page_of_package(
    request: HttpRequest,
    actor: User,
    found: Package,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    project = found.project
    args = [project.slug, found.pk]
    body = (found.manifest or {}).get("body", {})
    why_not = _why_not(actor, found)
    state, words = STATES[Package.State(found.state)]
    return render(
        request,
        "governance/package.html",
        {
            "project": project,
            "rail_current": STAGE,
            "package": found,
            "title": f"Package {found.number}",
            "breadcrumb": [
                {"label": "Package", "url": reverse("governance:packages", args=[project.slug])},
                {"label": f"Package {found.number}"},
            ],
            "state": state,
            "subtitle": f"Version {found.submission.model_version.number}. {words}.",
            "job": None if found.artefact else building_job(found, group_progress(found.pk)),
            "actions": _actions(args) if found.artefact else [],
            "body": body,
            "gap_count": sum(len(section["gaps"]) for section in body.get("sections", [])),
            "signers": [_signer(slot) for slot in found.signatures.all()],
            "pairs": _pairs(found, body),
            "why_not_sign": why_not,
            "decision": None if why_not else _bar(found) | (more or {}),
        },
        status=status,
    )


def _actions(args: list[Any]) -> list[dict[str, Any]]:
    return [
        {"label": "Check the file", "url": reverse("governance:verify", args=args),
         "kind": "quiet"},
        {"label": "Download the PDF", "url": reverse("governance:download", args=args)},
    ]  # fmt: skip


def _signer(slot: PackageSignature) -> dict[str, Any]:
    """A row of `Who signs`: the person, and when or that the file waits."""
    role = ROLE_LABELS[Role(slot.role)].lower()
    if slot.signed_at is None:
        detail = f"The file waits for the {role}."
        return {"key": slot.expected.full_name, "state": "waiting", "detail": detail}
    when = timezone.localtime(slot.signed_at)
    return {
        "key": slot.expected.full_name,
        "state": "signed",
        "detail": f"{slot.meaning}, as {role}, {when:%d %b %Y, %H:%M %Z}.",
    }


def _pairs(found: Package, body: dict[str, Any]) -> list[dict[str, Any]]:
    submission = found.submission
    url = reverse("governance:submission", args=[found.project.slug, submission.pk])
    pairs: list[dict[str, Any]] = [
        {"key": "Approved by", "value": f"Submission {submission.number}", "url": url},
        {"key": "Built by", "value": found.created_by.full_name},
        {"key": "Built", "when": found.created_at},
    ]
    if body:
        deployed = "shows receipts of a deployment" if body["deployed"] else "not deployed yet"
        pairs += [
            {"key": "Pages", "value": found.page_count},
            {"key": "Signed records inside", "value": body["signed_records"]},
            {"key": "Manifests inside", "value": body["manifests"]},
            {"key": "Deployment", "value": deployed},
            {"key": "File (SHA-256)", "digest": found.artefact},
            {"key": "Manifest", "digest": found.digest},
        ]
    return pairs


def _bar(found: Package) -> dict[str, Any]:
    return {
        "label": "Your signature",
        "url": reverse("governance:sign", args=[found.project.slug, found.pk]),
        "digest": found.artefact,
        "digest_label": "You sign exactly this file (SHA-256)",
        "meaning": MEANING,
        "verb": "Sign the package",
        "ready": "The file waits for you.",
    }


def _why_not(actor: User, found: Package) -> str:
    """Why there is nothing to sign for this person, in words; empty when there is."""
    if found.state != Package.State.SIGNING:
        return (
            "Everybody has signed." if found.state == Package.State.COMPLETE else "Not built yet."
        )
    slots = list(found.signatures.all())
    mine = [slot for slot in slots if slot.expected_id == actor.pk]
    waiting = " and ".join(s.expected.full_name for s in slots if s.signed_at is None)
    if not mine:
        return f"It is signed by those who decided on the version; it waits for {waiting}."
    if mine[0].signed_at:
        return f"You have signed. It waits for {waiting}."
    return ""
