"""The trail's pages: filters, pages by key, verification and export. Each reading is an entry."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import ROLE_LABELS, Permission, Role
from audit import seals, selectors
from audit.models import Entry
from audit.selectors import Key, TrailPage, Wanted
from audit.services import record
from audit.wording import what_happened, why
from projects.models import Project
from projects.pages import PAGE_SIZE, actor_of
from projects.permissions import require, require_anywhere
from projects.selectors import project_for
from web.trail.export import FORMATS, export_response
from web.trail.filters import OUTCOMES, TrailForm
from web.trail.subjects import Subject, subjects_of

STATES = {"success": "done", "denied": "refused", "failure": "failed"}
_PAGING = ("older", "newer", "verify")


@login_required
@require_GET
def project_trail(request: HttpRequest, slug: str) -> HttpResponse:
    """A project's audit trail."""
    actor, project = _reader(request, slug)
    return _page(request, actor, project)


@login_required
@require_GET
def installation_trail(request: HttpRequest) -> HttpResponse:
    """What belongs to no project: signing in and out, accounts, the application itself."""
    actor, _ = _reader(request)
    return _page(request, actor, None)


@login_required
@require_GET
def project_export(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    actor, project = _reader(request, slug)
    return _export(request, actor, project, form)


@login_required
@require_GET
def installation_export(request: HttpRequest, form: str) -> HttpResponseBase:
    actor, _ = _reader(request)
    return _export(request, actor, None, form)


def _reader(request: HttpRequest, slug: str = "") -> tuple[User, Project | None]:
    actor = actor_of(request)
    if not slug:
        require_anywhere(actor, Permission.READ_INSTALLATION_AUDIT)
        return actor, None
    project = project_for(actor, slug)
    require(actor, project, Permission.READ_AUDIT)
    return actor, project


def _page(request: HttpRequest, actor: User, project: Project | None) -> HttpResponse:
    form = TrailForm(request.GET, project=project)
    wanted = form.wanted()
    verification = seals.verify_chain() if request.GET.get("verify") else None
    _record_reading(actor, project, wanted, verification)
    page = _entries(request, wanted)
    head = selectors.head()
    context = {
        "project": project,
        "form": form,
        "rows": _rows(page.entries, project),
        "count": selectors.entries(wanted).count() if wanted else 0,
        "narrowed": bool(wanted and wanted.narrowed()),
        "older_url": _url(request, older=page.older),
        "newer_url": _url(request, newer=page.newer),
        "newest_url": _url(request),
        "exports": _exports(request, project),
        "verification": verification,
        "unsealed": selectors.unsealed_count(),
        "head": head,
    }
    return render(request, "web/trail.html", context)


def _record_reading(
    actor: User,
    project: Project | None,
    wanted: Wanted | None,
    verification: seals.Verification | None,
) -> None:
    broken = verification is not None and not verification.valid
    record(
        "audit.verify" if verification else "audit.read",
        actor=actor,
        outcome="failure" if broken else "success",
        action="R",
        project_id=project.pk if project else None,
        details=wanted.narrowed() if wanted else {},
    )


def _entries(request: HttpRequest, wanted: Wanted | None) -> TrailPage:
    if wanted is None:
        return TrailPage((), None, None)
    older, newer = (Key.read(request.GET.get(way, "")) for way in ("older", "newer"))
    return selectors.trail_page(wanted, PAGE_SIZE, older_than=older, newer_than=newer)


def _rows(entries: Sequence[Entry], project: Project | None) -> list[dict[str, Any]]:
    people = {entry.actor_id for entry in entries if entry.actor_id}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name"))
    subjects = subjects_of(entries, project.slug if project else "")
    return [
        {
            "entry": entry,
            "what": what_happened(entry),
            "why": why(entry),
            "who": _who(entry.actor_id, names),
            "roles": ", ".join(_role_words(entry.actor_roles)),
            "state": STATES[entry.outcome],
            "outcome": OUTCOMES[entry.outcome],
            "on": subjects.get((entry.object_type, entry.object_id)) or _on(entry),
        }
        for entry in entries
    ]


def _who(actor_id: uuid.UUID | None, names: dict[uuid.UUID, str]) -> str:
    """Empty for the system, and for a sign-in that failed: nobody was signed in."""
    return names.get(actor_id, "somebody unknown") if actor_id else ""


def _role_words(names: Sequence[str]) -> list[str]:
    return [ROLE_LABELS[Role(name)] if name in set(Role) else name for name in names]


def _on(entry: Entry) -> Subject | None:
    """For an entry without a thing of its own: what its details say it was about."""
    if asked := entry.details.get("permission"):
        return Subject(Permission[asked].value if asked in Permission.__members__ else asked)
    if kind := entry.details.get("kind"):
        return Subject(str(kind).replace(".", ": ").replace("_", " "))
    return Subject("the trail") if entry.event.startswith("audit.") else None


def _url(request: HttpRequest, **changes: Key | None) -> str:
    """The page's address with the same filters at another place; empty where there is none."""
    if changes and not any(changes.values()):
        return ""
    query = _filters(request)
    for name, key in changes.items():
        query[name] = str(key)
    return f"?{query.urlencode()}"


def _filters(request: HttpRequest) -> QueryDict:
    query = request.GET.copy()
    for name in _PAGING:
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query


def _exports(request: HttpRequest, project: Project | None) -> list[dict[str, str]]:
    """Links that hand out what is being looked at: the same filters, every page."""
    query = _filters(request).urlencode()
    made = []
    for form, words in FORMATS.items():
        address = (
            reverse("web:trail-export", args=[project.slug, form])
            if project
            else reverse("web:installation-trail-export", args=[form])
        )
        made.append({"label": words, "url": f"{address}?{query}"})
    return made


def _export(
    request: HttpRequest, actor: User, project: Project | None, form: str
) -> HttpResponseBase:
    wanted = TrailForm(request.GET, project=project).wanted()
    if form not in FORMATS or wanted is None:
        raise InvalidInput("The trail cannot be exported like this. Nothing was handed out.")
    return export_response(actor, project, wanted, form)
