"""Drafts and trials, made through the real services and the code of the worker."""

from __future__ import annotations

from typing import Any

from deid.models import PolicyDraft, PolicyTrial, TrialChunk
from deid.policy_content import Term, edited, terms_of
from deid.services import current_policy, make_policy_draft, start_trial
from jobs.models import Job
from jobs.services import run_job
from projects.models import Project
from tests.factories.deid import Scene


def content_of(
    project: Project,
    *,
    terms: list[Term] | None = None,
    allow: list[str] | None = None,
    thresholds: dict[str, float] | None = None,
) -> dict[str, Any]:
    """The current content with something changed."""
    now = current_policy(project).content
    return edited(
        now,
        thresholds=now["thresholds"] if thresholds is None else thresholds,
        terms=terms_of(now) if terms is None else terms,
        allow_terms=now["allow_terms"] if allow is None else allow,
    )


def make_draft(scene: Scene, note: str = "test", **changes: Any) -> PolicyDraft:
    return make_policy_draft(
        project=scene.project,
        actor=scene.engineer,
        content=content_of(scene.project, **changes),
        base=current_policy(scene.project).number,
        note=note,
    )


def trial_jobs(trial: PolicyTrial) -> list[Job]:
    order = {chunk.pk: chunk.number for chunk in TrialChunk.objects.filter(trial=trial)}
    jobs = Job.objects.filter(group_id=trial.pk, state__in=Job.ACTIVE)
    return sorted(jobs, key=lambda job: order[job.subject_id])


def finish_trial(trial: PolicyTrial) -> PolicyTrial:
    """Compare every open chunk here, in the code of the worker."""
    for job in trial_jobs(trial):
        run_job(job.pk)
    trial.refresh_from_db()
    return trial


def make_trial(scene: Scene, draft: PolicyDraft, size: int = 50) -> PolicyTrial:
    return finish_trial(start_trial(draft=draft, actor=scene.engineer, size=size, seed=7))
