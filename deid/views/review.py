"""The review screen, and the page on which a data engineer mends what leaked."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import label
from deid.finders import the_sample
from deid.forms_review import RemedyForm
from deid.models import Leak, RunNote, Sample
from deid.selectors import shown_spans
from deid.selectors.reviews import standing_leaks, standing_over_redactions
from deid.services.duties import require_reviewer
from deid.services.remedies import remedy_leak, remedy_leaks
from deid.views.samples import STAGE
from projects.finders import or_404
from projects.models import Project
from projects.pages import actor_of, page_of
from projects.permissions import require
from projects.selectors import project_for

AROUND = 160  # characters of context on each side of a leak
MOST_OVER = 50  # over-redactions on the page: they tell what the policy hides too much of


@login_required
@require_GET
def review(request: HttpRequest, slug: str, sample_id: uuid.UUID) -> HttpResponse:
    """One note, one decision. The notes come from the API and are never in this page's source."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    sample = the_sample(project, sample_id)
    require_reviewer(actor, sample.run)
    if sample.state != Sample.State.OPEN:
        return redirect("deid:sample", slug=slug, sample_id=sample.pk)
    args = [project.slug, sample.pk]
    page = reverse("deid:sample", args=args)
    return render(
        request,
        "deid/review.html",
        {
            "project": project,
            "rail_current": STAGE,
            "breadcrumb": [
                {"label": "Review", "url": reverse("deid:reviews", args=[project.slug])},
                {"label": f"Round {sample.round}", "url": page},
                {"label": "Reading"},
            ],
            "next_url": reverse("api:review-next", args=args),
            "decide_url": reverse("api:review-decide", args=args),
            "draft_url": reverse("api:review-draft", args=args),
            "undo_url": reverse("api:review-undo", args=args),
            "finish_url": page,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def remedies(request: HttpRequest, slug: str, sample_id: uuid.UUID) -> HttpResponse:
    """What leaked, in context; POST mends one leak or all that are open."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    sample = the_sample(project, sample_id)
    require(actor, project, Permission.EDIT_POLICY)
    if request.method == "POST":
        return _mend(request, actor, sample)
    leaks = (
        standing_leaks(sample)
        .select_related("review__item__run_note")
        .order_by("review__item__position", "start")
    )
    page = page_of(request, leaks.filter(remedy=""))
    over = list(standing_over_redactions(sample)[:MOST_OVER])
    shown = {one.review.item.run_note for one in [*page, *over]}
    _record_reading(actor, project, shown)
    return render(
        request,
        "deid/remedies.html",
        {
            "project": project,
            "rail_current": STAGE,
            "sample": sample,
            "breadcrumb": [
                {"label": "Review", "url": reverse("deid:reviews", args=[slug])},
                {
                    "label": f"Round {sample.round}",
                    "url": reverse("deid:sample", args=[slug, sample.pk]),
                },
                {"label": "Leaks"},
            ],
            "page": page,
            "leaks": [_in_context(leak) for leak in page],
            "over": [
                _shown(
                    one.review.item.run_note,
                    {"start": one.start, "end": one.end, "category": "", "kind": "over"},
                )
                | {"position": one.review.item.position, "comment": one.review.comment}
                for one in over
            ],
            "mended": leaks.exclude(remedy="").count(),
            "next_url": reverse("deid:runs", args=[slug]),
        },
    )


@transaction.atomic
def _record_reading(actor: User, project: Project, shown: set[RunNote]) -> None:
    # A leak in its context is identified text: each note shown is a reading.
    for note in shown:
        record(
            "phi.read",
            actor=actor,
            action="R",
            project_id=project.pk,
            subject=note,
            purpose="mend a leak",
        )


def _in_context(leak: Leak) -> dict[str, Any]:
    mark = {"start": leak.start, "end": leak.end, "category": leak.category, "kind": "leak"}
    return {
        **_shown(leak.review.item.run_note, mark),
        "leak": leak,
        "category": label(leak.category),
        "position": leak.review.item.position,
        "comment": leak.review.comment,
        "form": RemedyForm(auto_id=f"id_{leak.pk}_%s"),
    }


def _shown(output: RunNote, mark: dict[str, Any]) -> dict[str, Any]:
    """A mark in its context; the machine's spans around it are shown with it."""
    begin, end = max(0, mark["start"] - AROUND), mark["end"] + AROUND
    spans = [
        {
            **span,
            "start": span["start"] - begin,
            "end": span["end"] - begin,
        }
        for span in shown_spans(output)
        if span["output_start"] >= begin
        and span["output_end"] <= end
        and (span["output_start"], span["output_end"]) != (mark["start"], mark["end"])
    ]
    marked = {**mark, "start": mark["start"] - begin, "end": mark["end"] - begin}
    return {"text": output.text[begin:end], "spans": [*spans, marked]}


def _mend(request: HttpRequest, actor: User, sample: Sample) -> HttpResponse:
    form = RemedyForm(request.POST)
    if not form.is_valid():
        raise Http404
    remedy, text = form.cleaned_data["remedy"], form.cleaned_data["text"]
    chosen = (
        standing_leaks(sample)
        .filter(remedy="")
        .select_related("review__item__sample__run__project")
    )
    if form.cleaned_data["leak"]:
        leak = or_404(chosen.filter(pk=form.cleaned_data["leak"]).first())
        remedy_leak(leak=leak, actor=actor, remedy=remedy, text=text or None)
        count = 1
    else:
        count = len(remedy_leaks(leaks=list(chosen), actor=actor, remedy=remedy))
    what = "known identifiers" if remedy == Leak.Remedy.KNOWN else "terms of the policy"
    noun = "leak is" if count == 1 else "leaks are"
    messages.success(request, f"{count} {noun} now among the {what}. The next run hides it all.")
    return redirect("deid:remedies", slug=sample.run.project.slug, sample_id=sample.pk)
