"""Reading projects and people in them."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import Permission, Role
from projects.models import Membership, Project
from projects.permissions import require, roles_in


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


def holds(user: User, project: Project, role: Role) -> bool:
    return role in roles_in(user, project)


def refused_to_both(user: User, project: Project) -> str:
    """What the separation of duties refuses to somebody with two roles; empty where nothing."""
    held = roles_in(user, project)
    makers = held & {Role.ML_ADMIN, Role.DATA_ENGINEER}
    judges = held & {Role.COMPLIANCE, Role.REVIEWER, Role.COMMITTEE}
    if not (makers and judges):
        return ""
    return (
        f"{user.full_name} now both makes and judges in this project. Whatever this person had a "
        "part in making, this person cannot decide on; somebody else must hold that seat."
    )
