"""The page of people: accounts of this installation, and who may sign in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.errors import ServiceError
from accounts.models import User
from projects import services
from projects.forms import PersonForm
from projects.once import not_kept, put_aside, take_once
from projects.pages import actor_of, page_of
from projects.views import administrator

JUST_OPENED = "opened-account"


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account; the first password of a new one is shown once, after it."""
    actor = administrator(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = services.add_person(actor=actor, **form.cleaned_data)
            return _show_password(request, person, password, "The account is open")
        except ServiceError as problem:
            form.add_error(None, problem.message)
    created = take_once(request, JUST_OPENED)
    answer = _people_page(request, form, created)
    return not_kept(answer) if created else answer


def _show_password(request: HttpRequest, person: User, password: str, title: str) -> HttpResponse:
    shown = {"email": person.email, "password": password, "title": title}
    put_aside(request, JUST_OPENED, shown)
    return redirect("projects:people")


def _people_page(
    request: HttpRequest, form: PersonForm, created: dict[str, str] | None
) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = User.objects.filter(
        Q(full_name__icontains=query) | Q(email__icontains=query)
    ).prefetch_related("memberships__project")
    page = page_of(request, found)
    others = [person for person in page if person.pk != actor_of(request).pk]
    dialogs = [dialog for person in others for dialog in _dialogs(person)]
    context = {"form": form, "created": created, "page": page, "query": query, "dialogs": dialogs}
    return render(request, "projects/people.html", context)


def _dialogs(person: User) -> list[dict[str, str]]:
    """What is asked before somebody's way in is changed."""
    reopen = reverse("projects:reopen-account", args=[person.pk])
    if not person.is_active:
        body = "The account opens with a new first password, shown once on the next page."
        title = f"Open the account of {person.full_name} again"
        return [_dialog(f"reset-{person.pk}", title, body, reopen, "Open the account")]
    reset = (
        "The present password ends at once, and so does every session that began with it. The new "
        "one is shown once, on the next page."
    )
    close = (
        "Nobody can sign in with it any more, and open sessions end. What this person signed and "
        "did stays. The account can be opened again."
    )
    return [
        _dialog(
            f"reset-{person.pk}",
            f"New first password for {person.full_name}",
            reset,
            reopen,
            "Give a new first password",
        ),
        _dialog(
            f"close-{person.pk}",
            f"Close the account of {person.full_name}",
            close,
            reverse("projects:close-account", args=[person.pk]),
            "Close the account",
        ),
    ]


def _dialog(id_: str, title: str, body: str, url: str, verb: str) -> dict[str, str]:
    return {"id": id_, "title": title, "body": body, "url": url, "verb": verb}


@login_required
@require_POST
def reopen_account(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """A new first password; the page of people shows it, once."""
    actor = administrator(request)
    person = get_object_or_404(User, pk=user_id)
    was_open = person.is_active
    password = services.reopen_account(user=person, actor=actor)
    title = "A new first password is set" if was_open else "The account is open again"
    return _show_password(request, person, password, title)


@login_required
@require_POST
def close_account(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    actor = administrator(request)
    person = get_object_or_404(User, pk=user_id)
    services.close_account(user=person, actor=actor)
    messages.success(request, f"The account of {person.full_name} is closed.")
    return redirect("projects:people")
