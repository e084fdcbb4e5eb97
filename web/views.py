"""The lobby: the start page and the inbox."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from projects.pages import PAGE_SIZE, actor_of
from projects.selectors import projects_of
from web.inbox import tasks_for
from web.rail import stages


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
