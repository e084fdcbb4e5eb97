"""Pages of the system administrator, and a project's own first page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import ServiceError
from accounts.models import User
from accounts.roles import Role
from projects import services
from projects.forms import MemberForm, ProjectForm
from projects.models import Membership, Project
from projects.pages import actor_of
from projects.permissions import require_sysadmin
from projects.selectors import holds, members, project_for, refused_to_both


def administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    require_sysadmin(actor)
    return actor


@login_required
def projects(request: HttpRequest) -> HttpResponse:
    actor = administrator(request)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            project = services.create_project(
                name=values["name"],
                purpose=values["purpose"],
                leak_limit=values["leak_percent"] / 100,
                confidence=values["confidence_percent"] / 100,
                sample_fraction=values["sample_percent"] / 100,
                actor=actor,
            )
        except ServiceError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, f"{project.name} is there. Now add its people.")
            return redirect("projects:members", project.slug)
    found = Project.objects.select_related("created_by")
    return render(request, "projects/projects.html", {"form": form, "projects": found})


@login_required
def project_members(request: HttpRequest, slug: str) -> HttpResponse:
    actor = administrator(request)
    managed = get_object_or_404(Project, slug=slug)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        user, role = values["user"], Role(values["role"])
        had = holds(user, managed, role)
        try:
            services.add_member(
                project=managed,
                user=user,
                role=role,
                is_chair=values["is_chair"],
                actor=actor,
            )
        except ServiceError as problem:
            form.add_error(None, problem.message)
        else:
            if had:
                messages.info(request, f"{user.full_name} had this role already.")
            else:
                messages.success(request, f"{user.full_name} is in the project.")
            if warning := refused_to_both(user, managed):
                messages.warning(request, warning)
            return redirect("projects:members", slug)
    context = {"managed": managed, "members": members(managed), "form": form}
    return render(request, "projects/members.html", context)


@login_required
@require_POST
def end_membership(request: HttpRequest, slug: str, membership_id: uuid.UUID) -> HttpResponse:
    actor = administrator(request)
    membership = get_object_or_404(Membership, pk=membership_id, project__slug=slug, ended_at=None)
    services.end_membership(membership=membership, actor=actor)
    messages.success(request, "The role is ended.")
    return redirect("projects:members", slug)


@login_required
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a project stands: its phases, its people, its targets."""
    project = project_for(actor_of(request), slug)
    context = {
        "project": project,
        "members": members(project),
        "phases": project.phases.all(),
    }
    return render(request, "projects/overview.html", context)
