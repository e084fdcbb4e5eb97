"""Who took part in a version, so that nobody judges their own work. The database holds it again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.errors import SeparationOfDuties
from accounts.models import User
from audit.services import record_refusal
from deid.models import ImportBatch
from jobs.models import Job
from training.models import Evaluation, ModelVersion


@dataclass(frozen=True)
class Deeds:
    """Who made what in some projects, read once however many versions are judged by it.

    `importers` are by project, `askers` by what they queued a job for: who resumed something took
    part in it as much as who started it.
    """

    versions: dict[uuid.UUID, ModelVersion]
    importers: dict[uuid.UUID, list[uuid.UUID]]
    askers: dict[uuid.UUID, list[uuid.UUID]]

    @classmethod
    def of(cls, projects: Iterable[uuid.UUID]) -> Deeds:
        found = cls({}, defaultdict(list), defaultdict(list))
        wanted = list(projects)
        jobs = Job.objects.filter(project__in=wanted).order_by()
        for group, person in jobs.values_list("group_id", "requested_by").distinct():
            found.askers[group].append(person)
        batches = ImportBatch.objects.filter(project__in=wanted)
        for batch, project, person in batches.values_list("pk", "project", "created_by"):
            found.importers[project] += [person, *found.askers.get(batch, ())]
        versions = ModelVersion.objects.filter(project__in=wanted)
        for version in versions.select_related("training_run__dataset__run"):
            found.versions[version.pk] = version
        return found

    def lineage(self, version: ModelVersion) -> Iterator[ModelVersion]:
        """The version and every version that it continues."""
        continues: uuid.UUID | None = version.pk
        while continues is not None:
            made = self.versions[continues]
            yield made
            continues = made.training_run.continues_id


def parts_in(version: ModelVersion, deeds: Deeds | None = None) -> dict[uuid.UUID, list[str]]:
    """What each person did for this version, in words: {user id: ["trained this model", ...]}."""
    deeds = deeds or Deeds.of([version.project_id])
    parts: dict[uuid.UUID, list[str]] = {}

    def add(people: Iterable[uuid.UUID], deed: str) -> None:
        for person in people:
            if deed not in parts.setdefault(person, []):
                parts[person].append(deed)

    add(deeds.importers.get(version.project_id, ()), "imported the notes")
    for made in deeds.lineage(version):
        run, dataset = made.training_run, made.training_run.dataset
        this = "this model" if made == version else f"version {made.number}, which this continues"
        operators = [dataset.run.operator_id, *deeds.askers.get(dataset.run_id, ())]
        add(operators, "ran the de-identification")
        add([dataset.created_by_id], "built the dataset")
        add([run.started_by_id, *deeds.askers.get(run.pk, ())], f"trained {this}")
    return parts


def part_of(
    user: User,
    version: ModelVersion,
    evaluation: Evaluation | None = None,
    deeds: Deeds | None = None,
) -> str:
    """What the person did for the version, or an empty string."""
    deeds = deeds or Deeds.of([version.project_id])
    parts = list(parts_in(version, deeds).get(user.pk, []))
    if evaluation and (
        user.pk == evaluation.started_by_id or user.pk in deeds.askers.get(evaluation.pk, ())
    ):
        parts.append("evaluated it")
    return " and ".join(parts)


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
