"""Policies: version 1 comes from the engine, each change makes the next version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.errors import InvalidInput, StaleContent
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import CATEGORIES
from deid.engine.output_basis import basis_of
from deid.engine_door import default_content
from deid.models import PolicyChange, PolicyVersion
from deid.policy_content import Difference, difference, edited, terms_of, tidy
from deid.policy_lists import problem_of, size_problem
from evidence.canonical import canonical_json
from evidence.digests import commitment, new_salt
from projects.models import Project
from projects.permissions import require

MAX_REASON = 200
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


def locked_policy(project: Project) -> PolicyVersion:
    """The current version under the project's lock: numbers count without a gap, and whoever
    changes it has seen what the others changed."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return current_policy(project)


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
    cleaned = _checked_terms(terms)
    if not cleaned:
        raise InvalidInput("No term was given, so the policy stays as it is. Type at least one.")
    latest = locked_policy(project)
    content = edited(
        latest.content,
        thresholds=latest.content.get("thresholds") or {},
        terms=[*terms_of(latest.content), *cleaned],
        allow_terms=latest.content.get("allow_terms") or (),
    )
    change = difference(latest.content, content)
    if change.empty:
        raise InvalidInput(
            "The policy already hides this. It stays at its version.", code=ALREADY_HIDDEN
        )
    checked_content(content)
    return next_version(latest, actor, content, change, note)


@transaction.atomic
def make_version(
    *, project: Project, actor: User, content: Mapping[str, Any], base: int, note: str = ""
) -> PolicyVersion:
    """The next version with this content, edited from version `base`, which must be current."""
    require(actor, project, Permission.EDIT_POLICY)
    latest = locked_policy(project)
    require_current(latest, base)
    return adopt(latest, actor, content, note)


def require_current(latest: PolicyVersion, base: int) -> None:
    """Refuse an edit that began from another version than the current one."""
    if latest.number != base:
        raise StaleContent(
            f"Somebody made version {latest.number} since you opened version {base}. "
            "Nothing was saved; what you typed is kept. Look at what changed, then save again."
        )


def adopt(
    latest: PolicyVersion,
    actor: User,
    content: Mapping[str, Any],
    note: str,
    trial: dict[str, Any] | None = None,
) -> PolicyVersion:
    """The version after `latest`, which the caller holds under the project's lock."""
    checked_content(content)
    change = difference(latest.content, content)
    if change.empty:
        raise InvalidInput("Nothing was changed, so the policy stays at its version.")
    checked_reason(change, note)
    return next_version(latest, actor, dict(content), change, note, trial)


def checked_content(content: Mapping[str, Any]) -> None:
    """Raises InvalidInput for a content that the engine would not take."""
    _checked_terms(terms_of(content))
    allowed: Sequence[str] = content.get("allow_terms") or ()
    if any(problem_of(text) for text in allowed):
        raise InvalidInput("An allow term needs two letters or digits. Nothing was saved.")
    for name, value in (content.get("thresholds") or {}).items():
        if name not in (*CATEGORIES, "default") or not 0 <= value <= 1:
            raise InvalidInput("A threshold lies between 0 and 1. Nothing was saved.")
    if problem := size_problem(terms_of(content), list(allowed)):
        raise InvalidInput(f"{problem} Nothing was saved.")
    try:
        basis_of(content)
    except ValueError as refused:
        raise InvalidInput(f"{refused} Nothing was saved.") from refused


def checked_reason(change: Difference, note: str) -> None:
    if len(note) > MAX_REASON:
        raise InvalidInput(f"A reason has at most {MAX_REASON} characters. Nothing was saved.")
    if change.needs_reason and not note.strip():
        raise InvalidInput(
            "This may hide less than before, or changes what stands in place of identifiers: "
            "say why. Nothing was saved.",
            code="reason-needed",
        )


def _checked_terms(terms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found = []
    for text, category in terms:
        if category not in CATEGORIES:
            raise InvalidInput("A term needs one of the 18 categories. The policy stays as it is.")
        if problem := problem_of(text):
            raise InvalidInput(f"{problem} The policy stays as it is.")
        found.append((tidy(text), category))
    return found


def next_version(
    latest: PolicyVersion,
    actor: User,
    content: dict[str, Any],
    change: Difference,
    note: str,
    trial: dict[str, Any] | None = None,
) -> PolicyVersion:
    number = latest.number + 1
    version = _create(
        latest.project,
        actor,
        number=number,
        content={**content, "version": str(number)},
        note=note.strip()[:MAX_REASON],
        change=change,
    )
    PolicyChange.objects.create(
        version=version, lowers=change.lowers, summary=change.summary(), trial=trial
    )
    return version


def _create(
    project: Project,
    actor: User,
    *,
    number: int,
    content: dict[str, Any],
    note: str,
    change: Difference | None = None,
) -> PolicyVersion:
    salt = new_salt()
    version = PolicyVersion.objects.create(
        project=project,
        number=number,
        content=content,
        salt=salt,
        commitment=commitment(canonical_json(content), salt),
        term_count=len(terms_of(content)),
        note=note,
        created_by=actor,
    )
    details: dict[str, Any] = {"number": number, "terms": version.term_count}
    if change is not None:
        details |= {"lowers": change.lowers, **change.summary()}
    record(
        "deid.policy",
        actor=actor,
        action="C",
        project_id=project.pk,
        subject=version,
        details=details,
    )
    return version
