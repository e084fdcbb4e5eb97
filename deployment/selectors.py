"""Reading targets, deployments and keys."""

from __future__ import annotations

from django.db.models import QuerySet

from deployment.models import Deployment, Integration, Target
from governance.models import Submission
from projects.models import Project
from training.models import ModelVersion


def targets_of(project: Project) -> QuerySet[Target]:
    return Target.objects.filter(project=project)


def deployments_of(project: Project) -> QuerySet[Deployment]:
    return (
        Deployment.objects.filter(target__project=project)
        .select_related("target", "model_version", "submission", "started_by")
        .order_by("-started_at")
    )


def integrations_of(project: Project) -> QuerySet[Integration]:
    return Integration.objects.filter(project=project).select_related("created_by")


def approved_versions(project: Project) -> QuerySet[ModelVersion]:
    return ModelVersion.objects.filter(
        project=project, submissions__state=Submission.State.APPROVED
    ).distinct()
