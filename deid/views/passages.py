"""Pages of the passages that may identify: the queue of a run, and one passage to decide on."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.roles import Permission
from deid.finders import the_flag, the_run
from deid.forms_release import PassageForm
from deid.models import Leak, Run, UniqueFlag
from deid.passages import REASONS, kind_label
from deid.selectors.release import first_waiting, flag_counts, flags, neighbour
from deid.services.duties import why_not_judge
from deid.services.unique import CATEGORY, decide_flag, read_passage, reopen_flag
from projects.models import Project
from projects.pages import action, actor_of, page_of
from projects.permissions import allowed
from projects.selectors import project_for

DECISION_WORDS = {
    UniqueFlag.Decision.OPEN: ("waiting", "Waits for a decision"),
    UniqueFlag.Decision.IDENTIFIES: ("fail", "Identifies"),
    UniqueFlag.Decision.HARMLESS: ("pass", "Does not identify"),
}
COLUMNS = [
    {"label": "Passage"}, {"label": "Kind"}, {"label": "Decision"}, {"label": "By"},
    {"label": "When"},
]  # fmt: skip


def _crumbs(project: Project, run: Run, *here: dict[str, str]) -> list[dict[str, str]]:
    args = [project.slug, run.pk]
    return [
        {"label": "De-identify", "url": reverse("deid:runs", args=args[:1])},
        {"label": f"Run {run.number}", "url": reverse("deid:run", args=args)},
        *here,
    ]


@login_required
@require_GET
def passages(request: HttpRequest, slug: str, run_id: uuid.UUID) -> HttpResponse:
    """The queue of a run, without any text of a note."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    chosen = request.GET.get("decision", "")
    page = page_of(request, flags(run, chosen if chosen in UniqueFlag.Decision.values else ""))
    waiting = first_waiting(run)
    may_judge = allowed(actor, project, Permission.JUDGE_PASSAGES)
    judge: dict[str, Any] = {"label": "Decide on the next"}
    if waiting:
        judge["url"] = reverse("deid:flag", args=[slug, run.pk, waiting.pk])
        if duty := why_not_judge(actor, run, act="decide on its passages"):
            judge["disabled_reason"] = duty
    return render(
        request,
        "deid/passages.html",
        {
            "project": project,
            "rail_current": "deid",
            "run": run,
            "title": f"Passages of run {run.number}",
            "breadcrumb": _crumbs(project, run, {"label": "Passages"}),
            "counts": flag_counts(run),
            "actions": [action(actor, project, Permission.JUDGE_PASSAGES, judge)]
            if waiting
            else [],
            "page": page,
            "rows": [_row(project, run, flag, may_judge=may_judge) for flag in page],
            "columns": COLUMNS,
            "filters": [
                {
                    "name": "decision",
                    "label": "Decision",
                    "options": [(key.value, words[1]) for key, words in DECISION_WORDS.items()],
                }
            ],
        },
    )


def _row(project: Project, run: Run, flag: UniqueFlag, *, may_judge: bool) -> dict[str, Any]:
    state, words = DECISION_WORDS[UniqueFlag.Decision(flag.decision)]
    name: dict[str, Any] = {
        "value": f"Note {str(flag.run_note.note_id)[:8]}, passage {flag.position}",
        "detail": flag.run_note.note.note_type,
    }
    if may_judge:
        name["url"] = reverse("deid:flag", args=[project.slug, run.pk, flag.pk])
    taken = {"detail": "taken over from an earlier run"} if flag.earlier_id else {}
    return {
        "cells": [
            name,
            {"value": kind_label(flag.found["kind"])},
            {"state": state, "value": words},
            {"value": flag.decided_by.full_name if flag.decided_by else None, **taken},
            {"when": flag.decided_at} if flag.decided_at else {"value": None},
        ]
    }


@login_required
@require_GET
def flag(request: HttpRequest, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> HttpResponse:
    """One passage in its context; opening it is recorded as a reading."""
    project = project_for(actor_of(request), slug)
    run = the_run(project, run_id)
    return _flag_page(request, project, the_flag(run, flag_id), PassageForm())


def _flag_page(
    request: HttpRequest, project: Project, found: UniqueFlag, form: PassageForm
) -> HttpResponse:
    actor, run = actor_of(request), found.run
    shown = read_passage(flag=found, actor=actor)
    args = [project.slug, run.pk]
    queue = reverse("deid:passages", args=args)
    mark = {"start": shown["start"], "end": shown["end"], "category": CATEGORY, "kind": "leak"}
    inside = [s for s in shown["spans"] if s["end"] <= mark["start"] or s["start"] >= mark["end"]]
    return render(
        request,
        "deid/passage.html",
        {
            "project": project,
            "rail_current": "deid",
            "title": kind_label(shown["kind"]),
            "breadcrumb": _crumbs(
                project, run, {"label": "Passages", "url": queue}, {"label": "Decide"}
            ),
            "flag": found,
            "text": shown["text"],
            "spans": [*inside, mark],
            "counts": flag_counts(run),
            "state": DECISION_WORDS[UniqueFlag.Decision(found.decision)],
            "reasons": list(enumerate(REASONS, start=1)),
            "form": form,
            "cannot": _cannot(request, found),
            "decide_url": reverse("deid:flag-decide", args=[*args, found.pk]),
            "reopen_url": reverse("deid:flag-reopen", args=[*args, found.pk]),
            "before_url": _url(project, neighbour(found, back=True)),
            "after_url": _url(project, neighbour(found)),
            "undo_url": _undo(request, project, run),
        },
        status=400 if form.errors else 200,
    )


def _cannot(request: HttpRequest, found: UniqueFlag) -> str:
    if found.run.state == Run.State.SIGNED_OFF:
        return "This run is signed off, so its passages are decided for good."
    return why_not_judge(actor_of(request), found.run, act="decide on its passages")


def _url(project: Project, found: UniqueFlag | None) -> str:
    if found is None:
        return ""
    return reverse("deid:flag", args=[project.slug, found.run_id, found.pk])


def _undo(request: HttpRequest, project: Project, run: Run) -> str:
    """Where the last decision of this person is taken back, when the page came from it."""
    try:
        last = uuid.UUID(request.GET.get("after", ""))
    except ValueError:
        return ""
    return reverse("deid:flag-reopen", args=[project.slug, run.pk, last])


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_flag(the_run(project, run_id), flag_id)
    form = PassageForm(request.POST)
    if not form.is_valid():
        return _flag_page(request, project, found, form)
    chosen = form.cleaned_data["decision"]
    try:
        decide_flag(
            flag=found,
            actor=actor,
            decision=chosen,
            reason=form.reason_given(),
            remedy=form.cleaned_data["remedy"] or Leak.Remedy.KNOWN,
            text=form.cleaned_data["text"] or None,
        )
    except InvalidInput as problem:
        harmless = chosen == UniqueFlag.Decision.HARMLESS
        form.add_error("reason" if harmless else "text", problem.message)
        return _flag_page(request, project, found, form)
    if chosen == UniqueFlag.Decision.IDENTIFIES:
        messages.warning(request, "Marked. The next run hides it; this run cannot be released.")
    return _onward(request, project, found)


def _onward(request: HttpRequest, project: Project, found: UniqueFlag) -> HttpResponse:
    """The next passage that waits, from here on and then from the beginning; else the queue."""
    following = neighbour(found, waiting=True) or first_waiting(found.run)
    if following:
        harmless = UniqueFlag.objects.filter(pk=found.pk, decision=UniqueFlag.Decision.HARMLESS)
        after = f"?after={found.pk}" if harmless.exists() else ""
        return redirect(f"{_url(project, following)}{after}")
    messages.success(request, "No passage of this run waits any more.")
    return redirect("deid:passages", slug=project.slug, run_id=found.run_id)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    found = the_flag(the_run(project, run_id), flag_id)
    reopen_flag(flag=found, actor=actor)
    messages.info(request, "Taken back. The passage waits for a decision again.")
    return redirect("deid:flag", slug=slug, run_id=run_id, flag_id=flag_id)
