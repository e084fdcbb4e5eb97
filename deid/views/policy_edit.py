"""Editing the policy or a draft. A form that others overtook is refused, and loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidInput, StaleContent
from accounts.models import User
from accounts.roles import Permission
from deid import selectors, services
from deid.finders import the_draft, the_policy
from deid.forms_policy import PolicyForm
from deid.models import PolicyDraft, PolicyVersion
from deid.policy_content import (
    Content,
    Difference,
    carried_over,
    change_words,
    difference,
)
from deid.views._policy_parts import SHOWN_TEXTS, TEXT_COLUMNS, policy_frame, text_rows
from projects.models import Project
from projects.pages import actor_of
from projects.permissions import require
from projects.selectors import project_for

Save = Callable[[dict[str, Any], str], HttpResponse]


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the current version into the next one, or into a draft that can be tried first."""
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    require(actor, project, Permission.EDIT_POLICY)
    current = services.current_policy(project)
    if request.method != "POST":
        content = selectors.read_policy(actor=actor, policy=current, purpose="edit the policy")
        form = PolicyForm(content=content, initial={"base": current.number})
        return _page(request, project, form, title="Edit the policy", current=current)
    base = _base_of(request, project, current)
    form = PolicyForm(request.POST, request.FILES, content=base.content)
    if not form.is_valid():
        return _page(request, project, form, title="Edit the policy", current=current)
    if request.POST.get("act") == "merge":
        newest = _read(actor, current)
        form = _merged(form, base.content, newest, base=current.number)
        return _page(request, project, form, title="Edit the policy", current=current, merged=True)

    def save(content: dict[str, Any], reason: str) -> HttpResponse:
        if request.POST.get("act") == "draft":
            draft = services.make_policy_draft(
                project=project, actor=actor, content=content, base=base.number, note=reason
            )
            return redirect("deid:policy-draft", slug=slug, draft_id=draft.pk)
        made = services.make_version(
            project=project, actor=actor, content=content, base=base.number, note=reason
        )
        messages.success(
            request, f"Policy version {made.number} is made. It holds from the next run on."
        )
        return redirect("deid:policy", slug=slug)

    def meanwhile() -> Difference:
        # What others removed is shown as well, which stands in the older version only.
        return difference(_read(actor, base), _read(actor, services.current_policy(project)))

    return _saved(request, project, form, save, meanwhile, title="Edit the policy", current=current)


def _read(actor: User, policy: PolicyVersion | PolicyDraft) -> dict[str, Any]:
    """The content of which terms are about to be shown that this person has not typed."""
    return selectors.read_policy(actor=actor, policy=policy, purpose="see what others changed")


def _base_of(request: HttpRequest, project: Project, current: PolicyVersion) -> PolicyVersion:
    """The version that the form was opened with, which may not be the current one any more."""
    given = request.POST.get("base", "")
    return the_policy(project, int(given)) if given.isdecimal() else current


@login_required
@require_http_methods(["GET", "POST"])
def edit_draft(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    require(actor, project, Permission.EDIT_POLICY)
    draft = the_draft(project, draft_id)
    title = f"Edit draft {draft.number}"
    if request.method != "POST":
        content = selectors.read_policy(actor=actor, policy=draft, purpose="edit a policy draft")
        initial = {
            "base": draft.base.number, "revision": draft.revision, "reason": draft.note,
        }  # fmt: skip
        form = PolicyForm(content=content, initial=initial)
        return _page(request, project, form, title=title, draft=draft)
    form = PolicyForm(request.POST, request.FILES, content=draft.content)
    if not form.is_valid():
        return _page(request, project, form, title=title, draft=draft)
    if request.POST.get("act") == "merge":
        newest = _read(actor, draft)
        form = _merged(form, draft.base.content, newest, revision=draft.revision)
        return _page(request, project, form, title=title, draft=draft, merged=True)

    def save(content: dict[str, Any], reason: str) -> HttpResponse:
        revision = form.cleaned_data["revision"] or 0
        services.change_policy_draft(
            draft=draft, actor=actor, content=content, revision=revision, note=reason
        )
        messages.success(request, "The draft is saved. Its earlier trials are deleted.")
        return redirect("deid:policy-draft", slug=slug, draft_id=draft.pk)

    def meanwhile() -> Difference:
        return difference(form.content(), _read(actor, the_draft(project, draft_id)))

    return _saved(request, project, form, save, meanwhile, title=title, draft=draft)


def _saved(
    request: HttpRequest,
    project: Project,
    form: PolicyForm,
    save: Save,
    meanwhile: Callable[[], Difference],
    **context: Any,
) -> HttpResponse:
    """Save, or show the form again with what was typed and why it was refused."""
    try:
        return save(form.content(), form.cleaned_data["reason"])
    except StaleContent as problem:
        context |= {"stale": problem.message, **_shown(meanwhile())}
        form = _again(form)
    except InvalidInput as problem:
        form = _again(form)
        form.add_error("reason" if problem.code == "reason-needed" else None, problem.message)
    return _page(request, project, form, **context)


def _again(form: PolicyForm) -> PolicyForm:
    again = PolicyForm(form.kept(), content=form.start)
    again.is_valid()
    return again


def _merged(form: PolicyForm, opened: Content, newest: Content, **position: int) -> PolicyForm:
    """What was typed, done to what the others saved; still unsaved."""
    content = carried_over(opened, form.content(), newest)
    initial = {
        "base": form.cleaned_data["base"], "revision": form.cleaned_data["revision"],
        "reason": form.cleaned_data["reason"], **position,
    }  # fmt: skip
    return PolicyForm(content=content, initial=initial)


def _shown(change: Difference) -> dict[str, Any]:
    rows = text_rows(change)
    return {
        "meanwhile": change_words(change.summary()),
        "meanwhile_rows": rows[:SHOWN_TEXTS],
        "meanwhile_more": max(0, len(rows) - SHOWN_TEXTS),
        "meanwhile_columns": TEXT_COLUMNS,
    }


def _page(
    request: HttpRequest, project: Project, form: PolicyForm, *, title: str, **context: Any
) -> HttpResponse:
    draft: PolicyDraft | None = context.get("draft")
    if draft is None:
        back = reverse("deid:policy", args=[project.slug])
    else:
        back = reverse("deid:policy-draft", args=[project.slug, draft.pk])
    return render(
        request,
        "deid/policy_edit.html",
        {**policy_frame(project, title), "form": form, "back": back, **context},
    )
