"""Pages of the stage Review: the rounds, one round with its plan and result, the sign-off."""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import StaleContent, WrongPassword, WrongState
from accounts.models import User
from accounts.roles import Permission
from deid import selectors
from deid.finders import the_run, the_sample
from deid.models import Run, Sample
from deid.release_page import release_part
from deid.selectors.readings import read_notes, readers
from deid.selectors.reviews import open_leaks, rounds, standing_leaks
from deid.services.duties import why_not_judge
from deid.services.samples import draw_sample, plan_for, sign_off
from deid.views._readings import NOTE_COLUMNS, READER_COLUMNS, note_rows, reader_rows
from deid.views._rounds import (
    ROUND_COLUMNS,
    STATE_WORDS,
    STRATUM_COLUMNS,
    WHAT_IF_COLUMNS,
    category_rows,
    figures_of,
    in_words,
    reading_job,
    round_rows,
    sign_off_bar,
    stratum_rows,
    what_if_rows,
)
from evidence.shares import percent, percent_words
from jobs.pages import progress_answer
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

STAGE = "review"


@login_required
@require_GET
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """The stage: what comes next, and every round, the failed ones too."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    page = page_of(request, rounds(project))
    return render(
        request,
        "deid/reviews.html",
        {
            "project": project,
            "rail_current": STAGE,
            "page": page,
            "rows": round_rows(project, list(page)),
            "columns": ROUND_COLUMNS,
            "target": percent(project.leak_limit),
            "confidence": percent(project.confidence),
            "leaks": open_leaks(project).first(),
            **_next_draw(actor, project),
        },
    )


def _next_draw(actor: User, project: Project) -> dict[str, Any]:
    """The plan for the latest run, shown before anything is drawn."""
    run = selectors.latest_run(project)
    found: dict[str, Any] = {"run": run}
    if run is None or run.state != Run.State.DONE or run.samples.exists():
        return found
    try:
        plan = plan_for(run)
    except WrongState as problem:
        return {**found, "no_plan": problem.message}
    may = any(allowed(actor, project, p) for p in (Permission.RUN_DEID, Permission.REVIEW_SAMPLE))
    return {
        **found,
        "plan": plan,
        "plan_rows": what_if_rows(plan.to_dict()),
        "plan_columns": WHAT_IF_COLUMNS,
        "may_draw": may,
    }


@login_required
@require_POST
def draw(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    sample = draw_sample(run=the_run(project, run_id), actor=actor)
    messages.success(request, f"{sample.size:,} notes are drawn. The plan is fixed from now on.")
    return redirect("deid:sample", slug=slug, sample_id=sample.pk)


@login_required
@require_GET
def sample(request: HttpRequest, slug: str, sample_id: uuid.UUID) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    return _sample_page(request, project, the_sample(project, sample_id))


def _sample_page(
    request: HttpRequest,
    project: Project,
    found: Sample,
    errors: dict[str, str] | None = None,
    *,
    stale: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    bar = sign_off_bar(actor, project, found, errors)
    if bar and stale:
        what = "The digest that you saw is not the round's digest any more. Nothing was signed."
        bar["stale"] = {"what": what, "url": request.path.removesuffix("sign-off/")}
    return render(
        request,
        "deid/sample.html",
        {
            "project": project,
            "rail_current": STAGE,
            "sample": found,
            "title": f"Round {found.round}",
            "breadcrumb": [
                {"label": "Review", "url": reverse("deid:reviews", args=[project.slug])},
                {"label": f"Round {found.round}"},
            ],
            "state": STATE_WORDS[Sample.State(found.state)],
            "actions": _actions(actor, project, found),
            "job": reading_job(project, found),
            "decision": bar,
            **_reading_part(request, actor, project, found),
            **_plan_part(found),
            **release_part(project, found.run),
            **(_result_part(found) if found.result else {}),
        },
        status=200 if not (errors or stale) else 403 if errors else 409,
    )


def _reading_part(
    request: HttpRequest, actor: User, project: Project, found: Sample
) -> dict[str, Any]:
    page = page_of(request, read_notes(found))
    may_read = allowed(actor, project, Permission.READ_RAW_NOTE)
    return {
        "page": page,
        "may_read": may_read,
        "note_columns": NOTE_COLUMNS,
        "note_rows": note_rows(project, found, list(page), may_read=may_read),
        "reader_columns": READER_COLUMNS,
        "reader_rows": reader_rows(readers(found)),
    }


def _plan_part(found: Sample) -> dict[str, Any]:
    return {
        "limit": percent(found.limit),
        "confidence": percent(found.confidence),
        "what_if_rows": what_if_rows(found.plan),
        "what_if_columns": WHAT_IF_COLUMNS,
        "pairs": [
            {"key": "Unread notes", "value": found.population},
            {"key": "Notes to read", "value": found.size},
            {
                "key": "Passes only with",
                "value": "no note with a leak",
                "detail": "A leak fails the round, mended meanwhile or not.",
            },
            {"key": "Drawn by", "value": found.drawn_by.full_name},
            {"key": "Drawn", "when": found.drawn_at},
            {"key": "Seed", "value": str(found.seed)},
            {"key": "Method", "value": "Simple random sample within each stratum"},
        ],
        "stratum_columns": STRATUM_COLUMNS,
        "stratum_rows": stratum_rows(found),
    }


def _result_part(found: Sample) -> dict[str, Any]:
    result = figures_of(found)
    pairs: list[dict[str, Any]] = [
        {"key": "Bound", "value": "One-sided, exact", "detail": result["source"]},
        {"key": "Reviewers", "value": len(result["reviewers"])},
        {"key": "Time spent reading", "value": f"{result['seconds'] / 60:,.1f} min"},
        *_brakes(result),
        {"key": "Decided", "when": found.decided_at},
    ]
    if found.signature:
        who = found.signature.signer_name
        pairs += [
            {"key": "Signed off by", "value": who, "detail": found.signature.meaning},
            {"key": "Signed", "when": found.signature.signed_at},
            {"key": "Signed content", "digest": found.digest},
        ]
    return {
        "result": result,
        "in_words": in_words(found, result["leaks"], result["read"], result["upper"]),
        "rate": percent(result["estimate"]),
        "upper": percent(result["upper"]),
        "over_rate": percent(result["over_redaction_rate"]),
        "over_upper": percent(result["over_redaction_upper"]),
        "verdict": "pass" if result["passed"] else "fail",
        "one_sided": f"{percent_words(found.confidence)} one-sided",
        "category_rows": category_rows(result),
        "category_columns": [{"label": "Category"}, {"label": "Missed", "number": True}],
        "result_pairs": pairs,
    }


def _brakes(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What stood against a hasty or a half-mended round; rounds of earlier versions hold less."""
    pairs = []
    if "kept_after_warning" in result:
        kept = f"{result['kept_after_warning']:,} of {result['read']:,} decisions"
        pairs.append({"key": "Kept after a warning of haste", "value": kept})
    if result.get("mended_notes"):
        leaking = result["mended_notes_leaking"]
        words = f"{result['mended_notes']:,}, {leaking or 'none'} of them leaking again"
        pairs.append({"key": "Mended notes read again", "value": words})
    return pairs


def _actions(actor: User, project: Project, found: Sample) -> list[dict[str, Any]]:
    args = [project.slug, found.pk]
    actions = []
    if found.state == Sample.State.OPEN:
        read = {"label": "Read notes", "url": reverse("deid:review", args=args)}
        if refusal := why_not_judge(actor, found.run, act="review its notes"):
            read = {"label": "Read notes", "disabled_reason": refusal}
        actions.append(action(actor, project, Permission.REVIEW_SAMPLE, read))
    if standing_leaks(found).exists():
        leaks = {"label": "Mend leaks", "url": reverse("deid:remedies", args=args)}
        kind = "quiet" if found.state == Sample.State.OPEN else "primary"
        actions.append(action(actor, project, Permission.EDIT_POLICY, {**leaks, "kind": kind}))
    return actions


@login_required
@require_GET
def sample_progress(request: HttpRequest, slug: str, sample_id: uuid.UUID) -> HttpResponse:
    """The progress alone; when the round is decided, the whole page is shown anew."""
    project = project_for(actor_of(request), slug)
    found = the_sample(project, sample_id)
    return progress_answer(
        request, ended=found.state != Sample.State.OPEN, job=reading_job(project, found)
    )


@login_required
@require_POST
def sample_sign_off(request: HttpRequest, slug: str, sample_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_sample(project, sample_id)
    try:
        sign_off(
            sample=found,
            actor=actor,
            password=request.POST.get("password", ""),
            shown_digest=request.POST.get("digest", ""),
        )
    except WrongPassword as problem:
        return _sample_page(request, project, found, {"password": problem.message})
    except StaleContent:
        return _sample_page(request, project, found, stale=True)
    messages.success(request, "Round signed off. The compliance officer attests the run next.")
    return redirect("deid:sample", slug=slug, sample_id=sample_id)


@login_required
@require_GET
def rounds_csv(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(actor_of(request), slug)
    response = HttpResponse(content_type="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="review-rounds.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["round", "run", "state", "population", "planned", "read", "notes with a leak",
         "upper bound", "target", "confidence", "seed", "digest"]
    )  # fmt: skip
    for found in rounds(project):
        figures = figures_of(found)
        writer.writerow(
            [found.round, found.run.number, found.state, found.population, found.size,
             figures["read"], figures["leaks"], figures["upper"], found.limit, found.confidence,
             found.seed, found.digest]
        )  # fmt: skip
    return response
