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

URLS = {"next_url": "/next", "decide_url": "/decide", "undo_url": "/undo"}
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
    }
    for at in range(4)
]


class Round:
    """What the server would hold of one review round."""

    decisions: list[dict[str, Any]] = []
    failing = False

    @classmethod
    def start(cls) -> None:
        cls.decisions, cls.failing = [], False


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
    }


def next_note(request: HttpRequest) -> JsonResponse:
    at = len(Round.decisions)
    note = NOTES[at] if at < len(NOTES) else None
    return JsonResponse({"note": note, "prefetch": NOTES[at + 1 :], "progress": progress()})


def decide(request: HttpRequest) -> JsonResponse:
    if Round.failing:
        return JsonResponse({"ok": False}, status=503)
    Round.decisions.append(json.loads(request.body))
    return JsonResponse({"ok": True, "progress": progress(), "second_look": False})


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
    path("undo", undo),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
