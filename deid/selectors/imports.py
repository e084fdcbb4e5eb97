"""Reading imports."""

from __future__ import annotations

import uuid

from django.db.models import Count, QuerySet

from deid.models import ImportBatch, Note, Rejection
from projects.models import Project


def batches(project: Project) -> QuerySet[ImportBatch]:
    return project.imports.select_related("created_by")


def batch_of(project: Project, batch_id: uuid.UUID) -> ImportBatch | None:
    """A batch of this project; an id from elsewhere finds nothing."""
    return batches(project).select_related("project").filter(pk=batch_id).first()


def rejections(batch: ImportBatch) -> QuerySet[Rejection]:
    return batch.rejections.all()


def note_totals(project: Project) -> dict[str, int]:
    """Current notes and their patients."""
    notes = Note.objects.filter(project=project, is_current=True)
    return notes.aggregate(notes=Count("pk"), patients=Count("patient", distinct=True))
