"""Reading policies, drafts and trials. Terms may name people: reading them is in the trail."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import CATEGORIES
from deid.models import PolicyChange, PolicyDraft, PolicyTrial, PolicyVersion, Run, TrialNote
from deid.policy_content import (
    Content,
    Difference,
    allowed_of,
    change_words,
    difference,
    terms_of,
    thresholds_of,
)
from projects.models import Project
from projects.permissions import require


@dataclass(frozen=True)
class Change:
    """What a version or draft changes, in words without any text of a term."""

    lowers: bool
    words: list[str]


def policies(project: Project) -> QuerySet[PolicyVersion]:
    # A count groups, and a grouped query forgets the model's own order.
    found = project.policies.select_related("created_by", "change")
    return found.annotate(run_count=Count("runs")).order_by("-number")


def policy_of(project: Project, number: int) -> PolicyVersion | None:
    return policies(project).filter(number=number).first()


def content_before(version: PolicyVersion) -> Content | None:
    before = version.project.policies.filter(number=version.number - 1).first()
    return before.content if before else None


def change_of(version: PolicyVersion) -> Change | None:
    """What a version changed; none for the first, and for those of before changes were kept."""
    found = _change_row(version)
    return Change(found.lowers, change_words(found.summary)) if found else None


def change_of_draft(draft: PolicyDraft) -> Change:
    return Change(draft.lowers, change_words(draft.summary))


def runs_under(version: PolicyVersion) -> QuerySet[Run]:
    return version.runs.select_related("operator").order_by("-number")


def compared_change(version: PolicyVersion) -> Change | None:
    """The same, worked out where it was not kept: this decrypts both versions."""
    kept = change_of(version)
    before = None if kept else content_before(version)
    if before is None:
        return kept
    found = difference(before, version.content)
    return Change(found.lowers, change_words(found.summary()))


def _change_row(version: PolicyVersion) -> PolicyChange | None:
    return getattr(version, "change", None)


def lowering_changes(version: PolicyVersion) -> list[dict[str, Any]]:
    """The versions up to this one that may hide less than the one before, oldest first."""
    rows = (
        PolicyChange.objects.filter(
            version__project_id=version.project_id,
            version__number__lte=version.number,
            lowers=True,
        )
        .select_related("version__created_by")
        .order_by("version__number")
    )
    return [
        {
            "number": row.version.number,
            "words": change_words(row.summary),
            "reason": row.version.note,
            "by": row.version.created_by.full_name,
            "at": row.version.created_at,
            "trial": row.trial,
        }
        for row in rows
    ]


def content_facts(content: Content) -> dict[str, Any]:
    """What a content says without its texts."""
    by_category = Counter(category for _, category in terms_of(content))
    return {
        "thresholds": thresholds_of(content),
        "terms": {code: by_category[code] for code in CATEGORIES if by_category[code]},
        "allow_terms": len(allowed_of(content)),
        "output": content.get("output", "tags"),
        "date_shift": bool(content.get("date_shift", False)),
    }


@transaction.atomic
def read_policy(
    *, actor: User, policy: PolicyVersion | PolicyDraft, purpose: str
) -> dict[str, Any]:
    """The content with its terms, for a person who may read raw text; an entry of the trail."""
    require(actor, policy.project, Permission.READ_RAW_NOTE)
    record(
        "phi.read",
        actor=actor,
        action="R",
        project_id=policy.project_id,
        subject=policy,
        purpose=purpose,
    )
    return dict(policy.content)


def draft_difference(draft: PolicyDraft) -> Difference:
    return difference(draft.base.content, draft.content)


def drafts(project: Project) -> QuerySet[PolicyDraft]:
    found = project.policy_drafts.select_related("base", "created_by", "changed_by")
    return found.annotate(trial_count=Count("trials")).order_by("-number")


def draft_of(project: Project, draft_id: uuid.UUID) -> PolicyDraft | None:
    return drafts(project).select_related("project").filter(pk=draft_id).first()


def trials(draft: PolicyDraft) -> QuerySet[PolicyTrial]:
    return draft.trials.select_related("started_by", "against")


def trial_of(project: Project, trial_id: uuid.UUID) -> PolicyTrial | None:
    found = PolicyTrial.objects.filter(project=project).select_related(
        "project", "draft__base", "draft__project", "draft__changed_by", "against", "started_by"
    )
    return found.filter(pk=trial_id).first()


def changed_notes(trial: PolicyTrial) -> QuerySet[TrialNote]:
    """The notes of a trial that the two policies treat differently, what hides less first."""
    found = trial.notes.exclude(more=0, fewer=0, other=0).select_related("note")
    return found.order_by("-fewer", "-more", "note_id")


def trial_note_of(trial: PolicyTrial, row_id: uuid.UUID) -> TrialNote | None:
    found = changed_notes(trial).select_related("note__project", "trial")
    return found.filter(pk=row_id).first()


@transaction.atomic
def read_differences(
    *, actor: User, trial: PolicyTrial, rows: list[TrialNote], purpose: str
) -> list[tuple[TrialNote, list[dict[str, Any]]]]:
    """Differences with their masked context, which shows no surface of the notes."""
    require(actor, trial.project, Permission.VIEW_PROJECT)
    if rows:
        record(
            "deid.read",
            actor=actor,
            action="R",
            project_id=trial.project_id,
            subject=trial,
            purpose=purpose,
            details={"notes": len(rows)},
        )
    return [(row, list(row.differences or ())) for row in rows]


def verdict_words(totals: dict[str, int]) -> str:
    """The totals of a trial as a plain sentence: `hides 12 more, 3 fewer`."""
    parts = []
    if totals["more"]:
        parts.append(f"{totals['more']:,} more")
    if totals["fewer"]:
        parts.append(f"{totals['fewer']:,} fewer")
    if parts:
        return f"The draft hides {', '.join(parts)}."
    if totals["other"]:
        return "The draft hides the same text, some of it under another category."
    return "The draft hides the same as the current policy."
