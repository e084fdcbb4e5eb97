"""What waits before a release: passages, determinations, and a run that takes another's place."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from deid.models import ExpertDetermination, Run, UniqueFlag
from deid.selectors import runs_worked_on_by
from deid.selectors.release import today
from web.inbox_task import Roles, Task, projects_with


def passages(user: User, roles: Roles) -> Iterator[Task]:
    """Passages of the latest finished run of each project; an earlier one is not released."""
    latest = (
        Run.objects.filter(project__in=projects_with(roles, Role.REVIEWER, Role.COMPLIANCE))
        .exclude(digest="")
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    runs = (
        Run.objects.filter(pk__in=latest.values("pk"), state=Run.State.DONE)
        .exclude(pk__in=runs_worked_on_by(user))
        .select_related("project")
        .annotate(waiting=Count("flags", filter=Q(flags__decision=UniqueFlag.Decision.OPEN)))
        .filter(waiting__gt=0)
    )
    for run in runs:
        count = "1 passage" if run.waiting == 1 else f"{run.waiting:,} passages"
        yield Task(
            "Decide on passages that may identify",
            f"{run.project.name}: {count} of run {run.number}",
            reverse("deid:passages", args=[run.project.slug, run.pk]),
            run.finished_at or run.started_at,
        )


def identifying() -> QuerySet[UniqueFlag]:
    return UniqueFlag.objects.filter(decision=UniqueFlag.Decision.IDENTIFIES)


def new_runs(roles: Roles) -> Iterator[Task]:
    """The latest run of a project, when a person found that a passage of it identifies."""
    latest = (
        Run.objects.filter(project__in=projects_with(roles, Role.DATA_ENGINEER))
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    runs = Run.objects.filter(pk__in=latest.values("pk")).filter(
        state=Run.State.DONE, pk__in=identifying().values("run")
    )
    for run in runs.select_related("project"):
        yield Task(
            "Start a new run",
            f"{run.project.name}: a passage of run {run.number} identifies; the next run hides it",
            reverse("deid:runs", args=[run.project.slug]),
            run.finished_at or run.started_at,
        )


def determinations(roles: Roles) -> Iterator[Task]:
    unsigned = ExpertDetermination.objects.filter(
        project__in=projects_with(roles, Role.COMPLIANCE),
        signature=None,
        withdrawn_at=None,
        expires_on__gte=today(),
    ).select_related("project")
    for found in unsigned:
        yield Task(
            "Sign an Expert Determination",
            f"{found.project.name}: determination {found.number} by {found.expert}",
            reverse("deid:determination", args=[found.project.slug, found.pk]),
            found.uploaded_at,
        )
