"""The lobby: the start page, the inbox, the trail, and the theme."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.roles import Permission
from audit import seals, selectors
from audit.catalogue import events
from audit.services import record
from projects.pages import PAGE_SIZE, actor_of, page_of
from projects.permissions import require
from projects.selectors import project_for, projects_of
from web.inbox import tasks_for
from web.rail import stages

GENERATED = uuid.UUID(int=0)  # nobody: the system itself


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits, and the projects with the stage each of them is at."""
    actor = actor_of(request)
    if actor.is_sysadmin:
        return redirect("projects:projects")
    projects = [
        {
            "project": project,
            "rail": stages(project),
            "url": reverse("projects:overview", args=[project.slug]),
        }
        for project in projects_of(actor)[:PAGE_SIZE]
    ]
    context = {"tasks": tasks_for(actor), "projects": projects}
    return render(request, "web/home.html", context)


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "web/inbox.html", {"tasks": tasks_for(actor_of(request))})


@login_required
def trail(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's audit trail. Reading it is an entry in it."""
    actor = actor_of(request)
    project = project_for(actor, slug)
    require(actor, project, Permission.READ_AUDIT)
    event = request.GET.get("event", "")
    found = selectors.entries(project_id=project.pk, event=event if event in events() else "")
    page = page_of(request, found)
    verification = seals.verify_chain() if request.GET.get("verify") else None
    broken = verification is not None and not verification.valid
    record(
        "audit.verify" if verification else "audit.read",
        actor=actor,
        outcome="failure" if broken else "success",
        action="R",
        project_id=project.pk,
    )
    names = {
        user.pk: user.full_name
        for user in User.objects.filter(pk__in={entry.actor_id for entry in page if entry.actor_id})
    }
    rows = [
        {
            "entry": entry,
            "actor": names.get(entry.actor_id or GENERATED, ""),
            "what": events()[entry.event].what,
        }
        for entry in page
    ]
    context = {
        "project": project,
        "page": page,
        "rows": rows,
        "event": event,
        "events": sorted(events().values(), key=lambda known: known.what),
        "verification": verification,
        "unsealed": selectors.unsealed_count(),
        "head": selectors.head(),
    }
    return render(request, "web/trail.html", context)
