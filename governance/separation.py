"""Who took part in a version, so that nobody judges their own work. The database holds it again."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet

from accounts.errors import SeparationOfDuties
from accounts.models import User
from audit.services import record_refusal
from deid.models import ImportBatch
from governance.lineage import versions_of
from jobs.models import Job
from training.models import Evaluation, ModelVersion


def parts_in(version: ModelVersion) -> dict[uuid.UUID, list[str]]:
    """What each person did for this version, in words: {user id: ["trained this model", ...]}."""
    parts: dict[uuid.UUID, list[str]] = {}

    def add(user_id: uuid.UUID, deed: str) -> None:
        deeds = parts.setdefault(user_id, [])
        if deed not in deeds:
            deeds.append(deed)

    for importer in ImportBatch.objects.filter(project=version.project_id).values_list(
        "created_by", flat=True
    ):
        add(importer, "imported the notes")
    batches = ImportBatch.objects.filter(project=version.project_id).values("pk")
    for person in _askers(group_id__in=batches):
        add(person, "imported the notes")
    for made in versions_of(version):
        run, dataset = made.training_run, made.training_run.dataset
        this = "this model" if made == version else f"version {made.number}, which this continues"
        add(dataset.run.operator_id, "ran the de-identification")
        add(dataset.created_by_id, "built the dataset")
        add(run.started_by_id, f"trained {this}")
        # Who resumed it took part as much as who started it.
        for person in _askers(group_id=dataset.run_id):
            add(person, "ran the de-identification")
        for person in _askers(group_id=run.pk):
            add(person, f"trained {this}")
    return parts


def _askers(**of: Any) -> QuerySet[Job, uuid.UUID]:
    return Job.objects.filter(**of).order_by().values_list("requested_by", flat=True).distinct()


def part_of(user: User, version: ModelVersion, evaluation: Evaluation | None = None) -> str:
    """What the person did for the version, or an empty string."""
    deeds = list(parts_in(version).get(user.pk, []))
    if evaluation and user.pk in {evaluation.started_by_id, *_askers(group_id=evaluation.pk)}:
        deeds.append("evaluated it")
    return " and ".join(deeds)


def refuse_makers(
    user: User, version: ModelVersion, *, verb: str, evaluation: Evaluation | None = None
) -> None:
    """Raise when the person took part in making the version."""
    part = part_of(user, version, evaluation)
    if part:
        refuse(user, version, f"You {part}, so you cannot {verb}. Somebody else has to.")


def refuse(user: User, version: ModelVersion, sentence: str) -> None:
    record_refusal(
        "access.denied",
        actor=user,
        project_id=version.project_id,
        subject=version,
        reason="separation-of-duties",
    )
    raise SeparationOfDuties(sentence)
