"""Reading projects and people in them."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import Permission
from projects.models import Membership, Project
from projects.permissions import require


def projects_of(user: User) -> QuerySet[Project]:
    return Project.objects.filter(memberships__user=user, memberships__ended_at=None).distinct()


def project_for(user: User, slug: str) -> Project:
    """The project by its slug, if the person is in it. Others learn nothing of its existence."""
    project = Project.objects.filter(slug=slug).first()
    try:
        if project:
            require(user, project, Permission.VIEW_PROJECT)
            return project
    except NotAllowed:
        pass  # it is in the trail
    raise NotAllowed("There is no such project, or you are not in it.")


def members(project: Project) -> QuerySet[Membership]:
    return project.memberships.filter(ended_at=None).select_related("user")
