"""What the pages of every room share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Permission, someone_with
from projects.models import Project
from projects.permissions import allowed

PAGE_SIZE = 50


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; every view is behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def why_not(user: User, project: Project, permission: Permission) -> str:
    """Who may do it, for somebody who may not; empty for somebody who may."""
    if allowed(user, project, permission):
        return ""
    return f"Only {someone_with(permission)} of this project may do this."


def action(
    user: User, project: Project, permission: Permission, item: Mapping[str, Any]
) -> dict[str, Any]:
    """A verb of a page; who may not use it reads who may, and no button vanishes."""
    refusal = why_not(user, project, permission)
    return dict(item, disabled_reason=refusal) if refusal else dict(item)
