"""Drafts of the next policy: kept, tried, and then adopted as a version or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.errors import InvalidInput, StaleContent, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.models import PolicyDraft, PolicyTrial, PolicyVersion, TrialChunk
from deid.policy_content import carried_over, difference
from deid.services.policies import (
    MAX_REASON,
    adopt,
    checked_content,
    locked_policy,
    require_current,
)
from jobs.models import Job
from jobs.services import cancel_group
from projects.models import Project
from projects.permissions import require


@transaction.atomic
def make_policy_draft(
    *, project: Project, actor: User, content: Mapping[str, Any], base: int, note: str = ""
) -> PolicyDraft:
    """Keep an edited policy without making it a version. It holds for no run."""
    require(actor, project, Permission.EDIT_POLICY)
    latest = locked_policy(project)
    version = project.policies.filter(number=base).first()
    if version is None:
        raise InvalidInput("The policy has no such version. Nothing was saved.")
    require_current(latest, base)
    newest = project.policy_drafts.first()
    draft = PolicyDraft(
        project=project, number=newest.number + 1 if newest else 1, created_by=actor
    )
    return _save(draft, version, content, note, actor, "make")


@transaction.atomic
def change_policy_draft(
    *, draft: PolicyDraft, actor: User, content: Mapping[str, Any], revision: int, note: str = ""
) -> PolicyDraft:
    """Edit a draft. Its trials were of another text and are deleted."""
    draft = _locked(draft, actor)
    if draft.revision != revision:
        raise StaleContent(
            f"{draft.changed_by.full_name} changed this draft since you opened it. "
            "Nothing was saved; what you typed is kept. Look at what changed, then save again."
        )
    _drop_trials(draft, actor)
    draft.revision += 1
    return _save(draft, draft.base, content, note, actor, "change")


@transaction.atomic
def carry_over_policy_draft(*, draft: PolicyDraft, actor: User) -> PolicyDraft:
    """Put the draft's changes upon the current version, which somebody made meanwhile."""
    draft = _locked(draft, actor)
    latest = locked_policy(draft.project)
    if latest.pk == draft.base_id:
        raise WrongState("The draft already stands on the current version. It stays as it is.")
    content = carried_over(draft.base.content, draft.content, latest.content)
    if difference(latest.content, content).empty:
        raise WrongState(
            f"Version {latest.number} already says all that this draft changes. "
            "The draft stays as it is; drop it."
        )
    _drop_trials(draft, actor)
    draft.revision += 1
    return _save(draft, latest, content, draft.note, actor, "carry-over")


@transaction.atomic
def adopt_policy_draft(
    *, draft: PolicyDraft, actor: User, revision: int | None = None, note: str = ""
) -> PolicyVersion:
    """Make the draft the next version. The draft and its trials end; their figures stay."""
    draft = _locked(draft, actor)
    latest = locked_policy(draft.project)
    if latest.pk != draft.base_id:
        raise StaleContent(
            f"Version {latest.number} was made since this draft was begun. Nothing was adopted; "
            "carry the draft over to it, look at it, and adopt it then."
        )
    if revision is not None and revision != draft.revision:
        raise StaleContent(
            "The draft was changed since you looked at it. Nothing was adopted; look at it again."
        )
    version = adopt(latest, actor, draft.content, note or draft.note, _figures(draft, latest))
    _drop_trials(draft, actor)
    draft.delete()
    return version


@transaction.atomic
def drop_policy_draft(*, draft: PolicyDraft, actor: User) -> None:
    """Delete a draft with everything that its trials found."""
    draft = _locked(draft, actor)
    _drop_trials(draft, actor)
    _record(draft, actor, "drop", "D")
    draft.delete()


def _locked(draft: PolicyDraft, actor: User) -> PolicyDraft:
    require(actor, draft.project, Permission.EDIT_POLICY)
    # The project first, as everybody locks it: two who act on one draft wait for each other.
    Project.objects.select_for_update(no_key=True).get(pk=draft.project_id)
    found = (
        PolicyDraft.objects.select_for_update(of=("self",))
        .select_related("base", "project", "changed_by")
        .filter(pk=draft.pk)
        .first()
    )
    if found is None:
        raise WrongState("This draft was adopted or dropped meanwhile. Nothing was changed.")
    return found


def _save(
    draft: PolicyDraft,
    base: PolicyVersion,
    content: Mapping[str, Any],
    note: str,
    actor: User,
    reason: str,
) -> PolicyDraft:
    checked_content(content)
    change = difference(base.content, content)
    if change.empty:
        raise InvalidInput("Nothing was changed against the current version. Nothing was saved.")
    draft.base, draft.content, draft.note = base, dict(content), note.strip()[:MAX_REASON]
    draft.summary, draft.lowers, draft.changed_by = change.summary(), change.lowers, actor
    draft.save()
    _record(draft, actor, reason, "C" if reason == "make" else "U")
    return draft


def _drop_trials(draft: PolicyDraft, actor: User) -> None:
    """End what runs and delete what was found; a worker that is still at it finds nothing."""
    # The chunks first, as a worker's commit does: the deletion below takes the notes before them.
    list(TrialChunk.objects.select_for_update(of=("self",)).filter(trial__draft=draft))
    for trial in draft.trials.filter(state=PolicyTrial.State.RUNNING):
        if Job.objects.filter(group_id=trial.pk, state__in=Job.ACTIVE).exists():
            cancel_group(group_id=trial.pk, actor=actor)
    draft.trials.all().delete()


def _figures(draft: PolicyDraft, latest: PolicyVersion) -> dict[str, Any] | None:
    """What the newest finished trial against the current version found."""
    trial = draft.trials.filter(state=PolicyTrial.State.DONE, against=latest).first()
    if trial is None or trial.result is None:
        return None
    return {"notes": trial.note_count, "population": trial.population, **trial.result["totals"]}


def _record(draft: PolicyDraft, actor: User, reason: str, action: Any) -> None:
    record(
        "deid.policy.draft",
        actor=actor,
        action=action,
        project_id=draft.project_id,
        subject=draft,
        reason=reason,
        details={"number": draft.number, "lowers": draft.lowers, **draft.summary},
    )
