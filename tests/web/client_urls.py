"""Addresses for the browser tests of the style guide and of the review client.

The review's answers are scripted here: what is tested is the client's side of the protocol.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.staticfiles.views import serve
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path, re_path

from web.presentation.samples_evidence import NOTE, SPANS
from web.views_styleguide import styleguide

PAGE = """{% extends "base.html" %}{% load components %}
{% block title %}Review{% endblock %}
{% block body_attributes %}data-phi data-idle-return="reveal"{% endblock %}
{% block content %}{% page_head "Review, round 2" %}
{% include "components/review_note.html" %}
{% endblock %}
{% block scripts %}{% include "components/review_assets.html" %}{% endblock %}"""

URLS = {"next_url": "/next", "decide_url": "/decide", "draft_url": "/draft", "undo_url": "/undo"}
MACHINE = [span for span in SPANS if "kind" not in span]
NOTES = [
    {
        "id": f"n{at}",
        "text": NOTE,
        "note_type": "Progress note",
        "specialty": "Cardiology",
        "spans": MACHINE,
        "position": at + 1,
        "total": 4,
        "kind": "drawn",
        "missed_before": [],
        "draft": None,
        "trace_url": f"/trace/n{at}",
    }
    for at in range(4)
]


class Round:
    """What the server would hold of one review round."""

    decisions: list[dict[str, Any]] = []
    drafts: list[dict[str, Any]] = []
    traces: list[str] = []  # notes whose reasons were asked for
    failing = False
    asking = False  # whether each accept is asked about once
    refusing = ""  # why the next decision is refused for good
    text = NOTE
    elsewhere: set[str] = set()  # notes that another reviewer holds

    @classmethod
    def start(cls, text: str = NOTE) -> None:
        cls.decisions, cls.drafts, cls.failing, cls.asking, cls.refusing = [], [], False, False, ""
        cls.text, cls.elsewhere, cls.traces = text, set(), []


def progress() -> dict[str, Any]:
    return {
        "read": len(Round.decisions),
        "planned": 4,
        "leaks": sum(len(one["leaks"]) for one in Round.decisions),
        "over_redactions": sum(len(one["over_redactions"]) for one in Round.decisions),
        "upper": 0.162,
        "best_upper": 0.041,
        "target": 0.02,
        "minutes_left": 40,
        "state": "open",
        "can_pass": not any(one["leaks"] for one in Round.decisions),
        "checks": 0,
        "checked": 0,
        "undecided": 4 - len(Round.decisions),
    }


def next_note(request: HttpRequest) -> JsonResponse:
    at = len(Round.decisions)
    notes = NOTES
    if Round.text != NOTE:
        notes = [{**note, "text": Round.text, "spans": []} for note in NOTES]
    notes = [note for note in notes if note["id"] not in Round.elsewhere]
    note = notes[at] if at < len(notes) else None
    return JsonResponse({"note": note, "prefetch": notes[at + 1 :], "progress": progress()})


def decide(request: HttpRequest) -> JsonResponse:
    if Round.failing:
        return JsonResponse({"ok": False}, status=503)
    decision = json.loads(request.body)
    if Round.refusing:
        answer = {"code": "wrong-state", "detail": Round.refusing}
        Round.refusing = ""
        return JsonResponse(answer, status=409)
    if Round.asking and not decision["warned"]:
        return JsonResponse({"ok": True, "progress": progress(), "second_look": True})
    Round.decisions.append(decision)
    return JsonResponse({"ok": True, "progress": progress(), "second_look": False})


def trace(request: HttpRequest, note: str) -> JsonResponse:
    """One reason for each span, and `Varga` found and left."""
    Round.traces.append(note)
    if Round.failing:
        return JsonResponse({"detail": "This note is not yours any more."}, status=409)
    start = NOTE.index("Varga")
    left = {
        **_traced({"start": start, "end": start + 5, "category": "NAME"}, "Varga"),
        "lines": [{"head": "Left", "words": "Its score is under the threshold."}],
    }
    replaced = [_traced(span, NOTE[span["start"] : span["end"]]) for span in MACHINE]
    remarks = ["Worked out by another version of the engine."]
    return JsonResponse({"replaced": replaced, "left": [left], "remarks": remarks})


def _traced(span: dict[str, Any], words: str) -> dict[str, Any]:
    return {
        **span,
        "words": words,
        "reason": "a rule of the test",
        "technical": "names, titled, score 0.95, threshold 0.50",
        "lines": [{"head": "For it", "words": "words before it announce it: Dr."}],
    }


def draft(request: HttpRequest) -> JsonResponse:
    Round.drafts.append(json.loads(request.body))
    return JsonResponse({"ok": True})


def undo(request: HttpRequest) -> JsonResponse:
    Round.decisions.pop()
    return JsonResponse({"ok": True, "progress": progress()})


def review(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render(URLS, request))


def chart(request: HttpRequest) -> JsonResponse:
    points = [[step, 3.0 - step / 20] for step in range(1, 20)]
    series = [{"name": "training", "points": points}]
    return JsonResponse({"series": series, "running": False})


urlpatterns = [
    path("styleguide", styleguide),
    path("styleguide/chart.json", chart),
    path("review", review),
    path("next", next_note),
    path("decide", decide),
    path("draft", draft),
    path("undo", undo),
    path("trace/<str:note>", trace),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
