"""Reading attestations, gold sets and dataset versions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from datasets_app.models import Attestation, DatasetPatient, DatasetVersion, GoldItem, GoldSet
from deid.models import Run
from projects.models import Project


def gold_patients(project: Project) -> set[UUID]:
    """Patients of every gold set of the project: no dataset may hold them."""
    items = GoldItem.objects.filter(gold_set__project=project)
    return set(items.values_list("patient_id", flat=True))


def attestations(project: Project) -> QuerySet[Attestation]:
    return (
        Attestation.objects.filter(run__project=project)
        .select_related("run", "sample__run", "signature", "attested_by")
        .order_by("-run__number")
    )


def attested_run(project: Project) -> Run | None:
    """The latest attested run: what datasets and gold sets are made from."""
    return (
        Run.objects.filter(project=project, attestation__isnull=False)
        .select_related("project", "attestation__signature")
        .order_by("-number")
        .first()
    )


def runs_to_attest(project: Project) -> QuerySet[Run]:
    """Signed-off runs that wait for the compliance officer."""
    return Run.objects.filter(
        project=project, state=Run.State.SIGNED_OFF, attestation__isnull=True
    ).order_by("-number")


def datasets(project: Project) -> QuerySet[DatasetVersion]:
    return project.datasets.select_related("run", "created_by")


def dataset_of(project: Project, dataset_id: uuid.UUID) -> DatasetVersion | None:
    """A version of this project; an id from elsewhere finds nothing."""
    found = datasets(project).select_related("attestation__signature", "attestation__sample")
    return found.filter(pk=dataset_id).first()


def gold_sets(project: Project) -> QuerySet[GoldSet]:
    found = project.gold_sets.select_related("run", "created_by")
    # A count groups, and a grouped query forgets the model's own order.
    return found.annotate(patient_count=Count("items__patient", distinct=True)).order_by("-number")


def gold_set_of(project: Project, gold_set_id: uuid.UUID) -> GoldSet | None:
    return gold_sets(project).filter(pk=gold_set_id).first()


@dataclass(frozen=True)
class SplitReport:
    """Patients in each split, and in more than one of train, validation and gold."""

    train: int
    validation: int
    gold: int
    overlap_splits: int
    overlap_gold: int


def split_report(dataset: DatasetVersion) -> SplitReport:
    """Counted from the membership rows, not from what the split intended."""
    members = DatasetPatient.objects.filter(dataset=dataset)
    gold = GoldItem.objects.filter(gold_set__project_id=dataset.project_id)
    in_gold = Q(patient__in=gold.values("patient"))
    counted = members.aggregate(
        train=Count("pk", filter=Q(split="train")),
        validation=Count("pk", filter=Q(split="validation")),
        patients=Count("patient", distinct=True),
        overlap_gold=Count("patient", filter=in_gold, distinct=True),
    )
    both = counted["train"] + counted["validation"] - counted["patients"]
    return SplitReport(
        train=counted["train"],
        validation=counted["validation"],
        gold=gold.values("patient").distinct().count(),
        overlap_splits=both,
        overlap_gold=counted["overlap_gold"],
    )
