"""The page of the attestation: what it rests on, every round of review, and the signing bar."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import StaleContent, WrongPassword
from accounts.models import User
from accounts.roles import Permission
from datasets_app import services
from datasets_app.models import Attestation
from datasets_app.services.attestations import STATEMENT, basis_of, signed_sample
from datasets_app.views._pages import STAGE, crumbs
from deid.finders import the_run
from deid.models import Run, Sample
from deid.release_page import release_part
from deid.selectors.bound import bound_scope
from deid.services.duties import why_not_judge
from deid.services.release import why_not_release
from evidence.shares import percent
from projects.models import Project
from projects.pages import actor_of, why_not
from projects.selectors import project_for


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
            "breadcrumb": crumbs(project, f"Run {run.number}"),
            "state": "attested" if attestation else "waiting",
            "attestation": attestation,
            "statement": STATEMENT,
            "basis": basis_of(run),
            **(release := release_part(project, run)),
            "gates": [_leak_gate(sample), *release["release_gates"]],
            "evidence": _evidence(project, run, sample),
            "scope": bound_scope(sample),
            "rounds": _rounds(run),
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
        "explanation": f"One-sided exact upper bound at {level} over the {sample.population:,} "
        f"notes that nobody had read before round {sample.round}.",
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


def _rounds(run: Run) -> list[dict[str, Any]]:
    """Every decided round up to this run, the failed ones too, with what leaked and its mending."""
    samples = Sample.objects.filter(
        run__project=run.project_id, run__number__lte=run.number, decided_at__isnull=False
    ).annotate(mended=Count("items__reviews__leaks", filter=_MENDED, distinct=True))
    rows = []
    for sample in samples.select_related("run").order_by("round"):
        result = sample.result or {}
        read, leaks = result.get("read", 0), result.get("leaks", 0)
        seconds = result.get("seconds", 0) / read if read else 0
        rows.append(
            {
                "key": f"Round {sample.round}, run {sample.run.number}",
                "state": "failed" if sample.state == Sample.State.FAILED else "signed_off",
                "detail": f"{read} notes read, {seconds:.0f} seconds a note; {leaks} "
                f"{'note' if leaks == 1 else 'notes'} with a leak, {sample.mended} "
                f"{'leak' if sample.mended == 1 else 'leaks'} mended; "
                f"{result.get('kept_after_warning', 0)} kept after a warning of speed.",
                "url": reverse("deid:sample", args=[run.project.slug, sample.pk]),
            }
        )
    return rows


_MENDED = Q(items__reviews__undone_at=None) & ~Q(items__reviews__leaks__remedy="")


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
    person = duty or why_not(user, project, Permission.ATTEST)
    if blocked := person or why_not_release(run):
        bar["blocked"] = blocked
    if stale:
        what = "The digest that you saw is not the statement's digest any more. Nothing was signed."
        bar["stale"] = {"what": what, "url": _attest_url(project, run)}
    return bar


def _attest_url(project: Project, run: Run) -> str:
    return reverse("datasets:attest", args=[project.slug, run.pk])
