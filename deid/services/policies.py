"""Policies: version 1 comes from the engine, each added term makes the next version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import CATEGORIES
from deid.engine_door import content_with_terms, default_content
from deid.models import PolicyVersion
from evidence.canonical import canonical_json
from evidence.digests import commitment, new_salt
from projects.models import Project
from projects.permissions import require

MAX_TERM = 200
ALREADY_HIDDEN = "already-hidden"


@transaction.atomic
def current_policy(project: Project) -> PolicyVersion:
    """The newest version; the first one is made from the engine's default at first use."""
    latest = project.policies.first()
    if latest:
        return latest
    # Locked, since two requests may both find none.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return project.policies.first() or _create(
        project, project.created_by, number=1, content=default_content(), note="Engine default"
    )


@transaction.atomic
def add_terms(
    *,
    project: Project,
    actor: User,
    terms: Iterable[tuple[str, str]],
    note: str = "",
    permission: Permission = Permission.EDIT_POLICY,
) -> PolicyVersion:
    """A new version that also hides these texts: [(text, category)]. Earlier runs keep theirs."""
    require(actor, project, permission)
    cleaned = [_clean_term(text, category) for text, category in terms]
    if not cleaned:
        raise InvalidInput("No term was given, so the policy stays as it is. Type at least one.")
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)  # numbers count without a gap
    latest = current_policy(project)
    number = latest.number + 1
    content = content_with_terms(latest.content, cleaned, str(number))
    if content["terms"] == latest.content["terms"]:
        raise InvalidInput(
            "The policy already hides this. It stays at its version.", code=ALREADY_HIDDEN
        )
    return _create(project, actor, number=number, content=content, note=note[:200])


def _clean_term(text: str, category: str) -> tuple[str, str]:
    shown = " ".join(text.split())
    if category not in CATEGORIES:
        raise InvalidInput("A term needs one of the 18 categories. The policy stays as it is.")
    if sum(c.isalnum() for c in shown) < 2 or len(shown) > MAX_TERM:
        raise InvalidInput(
            f"A term needs two letters or digits and at most {MAX_TERM} characters, or it would "
            "hide text everywhere. The policy stays as it is."
        )
    return shown, category


def _create(
    project: Project, actor: User, *, number: int, content: dict[str, Any], note: str
) -> PolicyVersion:
    salt = new_salt()
    version = PolicyVersion.objects.create(
        project=project,
        number=number,
        content=content,
        salt=salt,
        commitment=commitment(canonical_json(content), salt),
        term_count=len(content["terms"]),
        note=note,
        created_by=actor,
    )
    record(
        "deid.policy",
        actor=actor,
        action="C",
        project_id=project.pk,
        subject=version,
        details={"number": number, "terms": version.term_count},
    )
    return version
