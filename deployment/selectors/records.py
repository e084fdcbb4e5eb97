"""Reading targets, deployments and keys."""

from __future__ import annotations

from django.db.models import QuerySet

from deployment.models import Deployment, Integration, Target
from evidence.manifests import Manifest
from evidence.pki.verify import verify_seal
from projects.models import Project
from vault.keys import authority


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


def seal_holds(deployment: Deployment) -> bool:
    """Whether the receipt is the one that the installation sealed when it went live."""
    if deployment.receipt is None or deployment.receipt_seal is None:
        return False
    receipt = Manifest.from_dict(deployment.receipt)
    if receipt.digest != deployment.receipt_digest:
        return False
    return verify_seal(
        receipt.canonical(), bytes(deployment.receipt_seal), authority().ca_certificate_pem
    )
