"""What the pages of the model stages share; deployment's pages use it as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import ROLE_LABELS, Permission, roles_with
from jobs.selectors import Progress
from projects.models import Project
from projects.permissions import roles_in

PAGE_SIZE = 50


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; every view is behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def why_not(user: User, project: Project, permission: Permission) -> str:
    """Who may do it, for somebody who may not; empty for somebody who may."""
    needed = roles_with(permission)
    if roles_in(user, project) & needed:
        return ""
    words = " or ".join(sorted(ROLE_LABELS[role] for role in needed))
    return f"This needs the role {words}."


def action(
    user: User, project: Project, permission: Permission, item: Mapping[str, Any]
) -> dict[str, Any]:
    """A verb of a page; who may not use it reads who may, and no button vanishes."""
    refusal = why_not(user, project, permission)
    return dict(item, disabled_reason=refusal) if refusal else dict(item)


def job_part(progress: Progress, **more: Any) -> dict[str, Any]:
    """A job's progress as the progress component takes it."""
    waiting = progress.state == "queued" and progress.ahead
    return {
        "state": progress.state,
        "done": progress.done,
        "total": progress.total,
        "unit": progress.unit,
        "rate": progress.rate,
        "remaining": progress.seconds_left,
        "detail": progress.phase if progress.active else "",
        "queue_position": progress.ahead + 1 if waiting else 0,
        "error": progress.error,
        **more,
    }
