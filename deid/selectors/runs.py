"""Reading runs and policies."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from deid.categories import CATEGORIES
from deid.engine.output_basis import OutputBasis, basis_of
from deid.models import Chunk, KnownIdentifier, Run, RunNote, SurrogateKey, SurrogateMap
from jobs.models import Job
from projects.models import Project


def runs(project: Project) -> QuerySet[Run]:
    return project.runs.select_related("operator", "policy")


def run_of(project: Project, run_id: uuid.UUID) -> Run | None:
    """A run of this project; an id from elsewhere finds nothing."""
    return runs(project).select_related("project").filter(pk=run_id).first()


def latest_run(project: Project) -> Run | None:
    return runs(project).first()


def runs_worked_on_by(user: User) -> QuerySet[Run]:
    """The runs that a person started or resumed, and so may not judge."""
    resumed = Job.objects.filter(group_id=OuterRef("pk"), requested_by=user)
    return Run.objects.filter(Q(operator=user) | Exists(resumed))


def output_of(run: Run, output_id: uuid.UUID) -> RunNote | None:
    found = run.notes.select_related("note__project", "note__patient", "run__project")
    return found.filter(pk=output_id).first()


def current_basis(project: Project) -> OutputBasis:
    """What the next run writes, and under which method of the law: the newest policy says so."""
    latest = project.policies.first()
    return basis_of(latest.content if latest else {})


def map_of(run: Run) -> SurrogateMap | None:
    """The run's re-identification map, deleted or not; ``None`` where none was asked for."""
    found = SurrogateMap.objects.filter(run=run).select_related("asked_by", "deleted_by")
    return found.first()


def holds_keys(run: Run) -> bool:
    """Whether any key of the run's surrogates lies in the database."""
    return SurrogateKey.objects.filter(run=run).exists()


def failed_parts(run: Run) -> QuerySet[Job]:
    """The chunks whose newest job failed, with the `number` and `notes` of each chunk."""
    chunk = Chunk.objects.filter(pk=OuterRef("subject_id"))
    later = Job.objects.filter(
        kind=OuterRef("kind"),
        subject_id=OuterRef("subject_id"),
        created_at__gt=OuterRef("created_at"),
    )
    return (
        Job.objects.filter(~Exists(later), group_id=run.pk, state=Job.State.FAILED)
        .annotate(
            number=Subquery(chunk.values("number")), notes=Subquery(chunk.values("note_count"))
        )
        .order_by("number")
    )


def category_rows(run: Run) -> list[dict[str, Any]]:
    """The 18 categories in the order of the law, with what a run found of each and by what."""
    detectors = run.manifest["body"]["detectors"] if run.manifest else {}
    return [
        {
            "code": code,
            "letter": letter,
            "label": label,
            "count": run.counts.get(code, 0),
            "detectors": detectors.get(code, {}),
        }
        for code, (letter, label) in CATEGORIES.items()
    ]


def known_counts(project: Project) -> list[dict[str, Any]]:
    """How many identifiers are known by category and source; never which."""
    found = (
        KnownIdentifier.objects.filter(patient__project=project)
        .values("category", "source")
        .annotate(n=Count("pk"), patients=Count("patient", distinct=True))
        .order_by("category", "source")
    )
    return [dict(row) for row in found]
