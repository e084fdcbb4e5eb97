"""One note of a round as it was read, with what its reviewer marked."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deid import selectors
from deid.finders import the_sample
from deid.models import Review, SampleItem
from deid.selectors import shown_spans
from deid.selectors.readings import read_note
from deid.views._readings import found_words, note_name, verdict_words
from projects.finders import or_404
from projects.pages import actor_of
from projects.selectors import project_for


@login_required
@require_GET
def sample_note(
    request: HttpRequest, slug: str, sample_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """For whoever may read it by the run's state; each look is recorded as a reading."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    sample = the_sample(project, sample_id)
    item = or_404(read_note(sample, item_id))
    text = selectors.read_output(
        actor=actor, output=item.run_note, purpose="look at a note as it was read"
    )
    reviews = list(item.reviews.all())
    name = note_name(item, sample.size)
    return render(
        request,
        "deid/sample_note.html",
        {
            "project": project,
            "rail_current": "review",
            "title": f"{name}, as it was read",
            "breadcrumb": [
                {"label": "Review", "url": reverse("deid:reviews", args=[slug])},
                {
                    "label": f"Round {sample.round}",
                    "url": reverse("deid:sample", args=[slug, sample.pk]),
                },
                {"label": name},
            ],
            "text": text,
            "spans": marked(item, next(r for r in reviews if r.undone_at is None)),
            "columns": [
                {"label": "Decision"}, {"label": "Reader"}, {"label": "Found"},
                {"label": "Seconds", "number": True}, {"label": "Decided"}, {"label": "Comment"},
            ],
            "rows": [_decision_row(review) for review in reviews],
        },
    )  # fmt: skip


def marked(item: SampleItem, review: Review) -> list[dict[str, Any]]:
    """The machine's spans and the reviewer's marks, by offsets in the text that was read."""
    over = {(one.start, one.end) for one in review.over_redactions.all()}
    machine = [
        {
            **span,
            "kind": "over" if (span["output_start"], span["output_end"]) in over else "machine",
        }
        for span in shown_spans(item.run_note)
    ]
    leaks = [
        {"start": leak.start, "end": leak.end, "category": leak.category, "kind": "leak"}
        for leak in review.leaks.all()
    ]
    return [*machine, *leaks]


def _decision_row(review: Review) -> dict[str, Any]:
    words = verdict_words(review)
    if review.undone_at is not None:
        words += ", replaced by a later one" if review.verdict == "skip" else ", taken back"
    return {
        "cells": [
            words, review.reviewer.full_name, found_words(review), f"{review.seconds:.1f}",
            {"when": review.decided_at}, str(review.comment or ""),
        ]
    }  # fmt: skip
