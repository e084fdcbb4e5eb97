"""What the pages of this room share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.roles import Permission, labels, roles_with
from governance import selectors
from governance.models import Package, Submission
from projects.models import Project
from projects.permissions import roles_in
from training.models import Evaluation

PAGE_SIZE = 50


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; every view is behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def the_submission(project: Project, submission_id: uuid.UUID) -> Submission:
    submission = selectors.submission_of(project, submission_id)
    if submission is None:
        raise Http404
    return submission


def the_evaluation(project: Project, evaluation_id: uuid.UUID) -> Evaluation:
    evaluation = selectors.evaluation_of(project, evaluation_id)
    if evaluation is None:
        raise Http404
    return evaluation


def the_package(project: Project, package_id: uuid.UUID) -> Package:
    package = selectors.package_of(project, package_id)
    if package is None:
        raise Http404
    return package


def action(
    user: User, project: Project, permission: Permission, item: Mapping[str, Any]
) -> dict[str, Any]:
    """A verb of a page; who may not use it reads who may, and no button vanishes."""
    needed = roles_with(permission)
    if roles_in(user, project) & needed:
        return dict(item)
    return dict(item, disabled_reason=f"Only a {labels(needed)} may do this.")
