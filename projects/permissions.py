"""Who may do what in a project: one function that every service asks."""

from __future__ import annotations

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import Permission, Role, roles_with, someone_with
from audit.services import record_refusal
from projects.models import Project


def roles_in(user: User, project: Project) -> set[Role]:
    held = project.memberships.filter(user=user, ended_at=None).values_list("role", flat=True)
    return {Role(role) for role in held}


def allowed(user: User, project: Project, permission: Permission) -> bool:
    return user.is_active and bool(roles_in(user, project) & roles_with(permission))


def require(user: User, project: Project, permission: Permission) -> Role:
    """The role under which the person may act; a refusal is written to the trail."""
    held = roles_in(user, project) & roles_with(permission) if user.is_active else set()
    if not held:
        record_refusal(
            "access.denied",
            actor=user,
            project_id=project.pk,
            subject=project,
            reason="role",
            details={"permission": permission.name},
        )
        who = someone_with(permission)
        raise NotAllowed(f"Only {who} of this project may {permission.value}.")
    return sorted(held)[0]


def require_sysadmin(user: User) -> None:
    if not (user.is_active and user.is_sysadmin):
        record_refusal("access.denied", actor=user, reason="role")
        raise NotAllowed("Only a system administrator may manage people and projects.")


def require_anywhere(user: User, permission: Permission) -> None:
    """For what belongs to no project: any role that allows it, held in whichever project."""
    held = set(user.role_names) if user.is_active else set()
    if not held & {role.value for role in roles_with(permission)}:
        record_refusal(
            "access.denied",
            actor=user,
            reason="role",
            details={"permission": permission.name},
        )
        raise NotAllowed(f"Only {someone_with(permission)} may {permission.value}.")
