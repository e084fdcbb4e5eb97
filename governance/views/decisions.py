"""The decision screen: what changes, gates, evidence, who did what, and the decision."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput, ServiceError, StaleContent, WrongPassword
from governance import selectors, services
from governance.finders import the_submission
from governance.forms import DecisionForm, errors_of
from governance.models import Decision, Submission
from governance.views._decision_page import SECTION_TITLES, bar, choices, page, stale_bar
from projects.pages import actor_of
from projects.selectors import project_for


@login_required
@require_GET
def submission(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = the_submission(project_for(actor, slug), submission_id)
    return page(request, actor, found, bar(actor, found, timezone.now()))


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    """Sign the decision; what is wrong stands beside the field, and nothing is signed."""
    actor = actor_of(request)
    found = the_submission(project_for(actor, slug), submission_id)
    opened = _moment(request.GET.get("opened", ""))
    changes = selectors.changes_since(found, opened) if opened else []
    if changes:
        return page(request, actor, found, stale_bar(found, changes), status=409)
    form = DecisionForm(request.POST)
    errors = errors_of(form)
    if form.is_valid():
        try:
            decision = services.decide(
                submission=found,
                actor=actor,
                verdict=form.cleaned_data["choice"],
                reason=form.cleaned_data["reason"],
                password=form.cleaned_data["password"],
                shown_digest=form.cleaned_data["digest"],
            )
        except StaleContent as problem:
            return page(request, actor, found, stale_bar(found, [problem.message]), status=409)
        except (WrongPassword, InvalidInput) as problem:
            errors = _beside(problem)
        else:
            messages.success(request, _done(decision))
            return redirect("governance:submission", slug=slug, submission_id=submission_id)
    shown = bar(actor, found, opened or timezone.now())
    return page(request, actor, found, {**shown, **_typed(request, errors)}, status=400)


def _beside(problem: ServiceError) -> dict[str, str]:
    field = "password" if isinstance(problem, WrongPassword) else "reason"
    return {field: problem.message}


def _typed(request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    """What the person typed, except the password."""
    chosen = request.POST.get("choice", "")
    return {
        "errors": errors,
        "reason": request.POST.get("reason", ""),
        "choices": choices(chosen),
    }


def _done(decision: Decision) -> str:
    decision.submission.refresh_from_db()
    state = decision.submission.get_state_display().lower().replace("_", " ")
    if decision.submission.state == Submission.State.OPEN:
        return "Your decision is signed. The other seat has not decided yet."
    return f"Your decision is signed. The submission is {state}."


@login_required
@require_POST
def viewed(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    """Tick a part as viewed; with htmx the bar answers, else the page comes back."""
    actor = actor_of(request)
    found = the_submission(project_for(actor, slug), submission_id)
    section = request.POST.get("section", "")
    services.mark_viewed(submission=found, actor=actor, section=section)
    if not request.htmx:  # type: ignore[attr-defined]
        url = reverse("governance:submission", args=[slug, submission_id])
        return redirect(f"{url}#{section}")
    opened = _moment(request.GET.get("opened", "")) or timezone.now()
    changes = selectors.changes_since(found, opened)
    shown = stale_bar(found, changes) if changes else bar(actor, found, opened)
    ticked = {"key": section, "title": SECTION_TITLES[section], "seen": True}
    context = {"decision": shown, "section": ticked}
    return render(request, "governance/viewed.html", context)


@login_required
@require_GET
def pulse(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    """Nothing while the page is still true; a stale bar as soon as it is not."""
    found = the_submission(project_for(actor_of(request), slug), submission_id)
    opened = _moment(request.GET.get("opened", ""))
    changes = selectors.changes_since(found, opened) if opened else []
    if not changes:
        return HttpResponse(status=204)
    return render(request, "governance/bar.html", {"decision": stale_bar(found, changes)})


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
