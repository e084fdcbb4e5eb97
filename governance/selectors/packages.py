"""Reading documentation packages."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet

from governance.models import Package, PackageSignature
from projects.models import Project


def packages(project: Project) -> QuerySet[Package]:
    return (
        Package.objects.filter(project=project)
        .select_related("project", "submission__model_version", "created_by")
        .prefetch_related(
            Prefetch("signatures", PackageSignature.objects.select_related("expected"))
        )
    )


def package_of(project: Project, package_id: uuid.UUID) -> Package | None:
    """A package of this project; an id from elsewhere finds nothing."""
    return packages(project).filter(pk=package_id).first()
