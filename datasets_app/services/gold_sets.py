"""Gold sets: notes whose summaries are the reference, of patients whom no model learns from."""

from __future__ import annotations

import random
from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from datasets_app.models import DatasetPatient, GoldItem, GoldSet
from datasets_app.selectors import attested_run, gold_patients
from datasets_app.services.attestations import signed_sample
from datasets_app.services.examples import Candidate, jsonl, select_examples
from datasets_app.services.parents import expert_parents
from datasets_app.tasks.summarisation import SCHEMA_VERSION, TASK_ID
from deid.models import Run
from deid.services.release import require_release
from evidence.manifests import Manifest, Parent
from projects.models import Project
from projects.permissions import require
from vault import artefacts


@transaction.atomic
def freeze_gold_set(*, project: Project, actor: User, note_ids: Collection[UUID]) -> GoldSet:
    """Freeze chosen notes of the latest attested run as gold items."""
    require(actor, project, Permission.BUILD_DATASET)
    # Numbers count without a gap, and no dataset may be frozen between the check and the set.
    Project.objects.select_for_update().get(pk=project.pk)
    run = _attested(project)
    require_release(run, kept="Nothing was frozen.")
    chosen = _chosen(run, set(note_ids))
    _refuse_taught_patients(project, chosen)
    ids = [uuid4() for _ in chosen]
    artefact = artefacts.put_bytes(
        jsonl(
            {
                "id": str(item_id),
                "cluster": str(candidate.patient_id),
                "prompt": candidate.example["instruction"],
                "reference": candidate.example["response"],
            }
            for item_id, candidate in zip(ids, chosen, strict=True)
        )
    )
    gold_set = _create(project, run, actor, chosen, artefact)
    GoldItem.objects.bulk_create(
        GoldItem(id=item_id, gold_set=gold_set, run_note=c.run_note, patient_id=c.patient_id)
        for item_id, c in zip(ids, chosen, strict=True)
    )
    record(
        "dataset.freeze",
        actor=actor,
        action="C",
        project_id=project.pk,
        subject=gold_set,
        details={"gold_set": gold_set.number, "items": len(ids), "digest": gold_set.digest},
    )
    return gold_set


def pick_gold_notes(*, project: Project, patients: int, seed: int) -> list[UUID]:
    """Every usable note of `patients` random patients whom no dataset or gold set holds yet."""
    if patients < 1:
        raise InvalidInput("A gold set needs at least one patient. Nothing was frozen.")
    taken = set(gold_patients(project)) | _taught(project)
    free = select_examples(_attested(project), without_patients=taken).candidates
    known = sorted({str(candidate.patient_id) for candidate in free})
    if patients > len(known):
        raise InvalidInput(
            f"Only {len(known)} patients with a usable summary are free. Nothing was frozen; "
            "choose fewer."
        )
    drawn = set(random.Random(seed).sample(known, patients))  # noqa: S311 (no secret is made)
    return [c.run_note.note_id for c in free if str(c.patient_id) in drawn]


def _attested(project: Project) -> Run:
    run = attested_run(project)
    if run is None:
        raise WrongState(
            "No run of this project is attested yet. Nothing was frozen; the compliance officer "
            "attests a signed-off run first."
        )
    return run


def _chosen(run: Run, note_ids: set[UUID]) -> list[Candidate]:
    usable = select_examples(run).candidates
    chosen = [candidate for candidate in usable if candidate.run_note.note_id in note_ids]
    unusable = len(note_ids) - len(chosen)
    if not note_ids or unusable:
        raise InvalidInput(
            f"{unusable} of {len(note_ids)} chosen notes cannot be gold items: they are not in "
            "the attested run, have no summary in four sections, repeat another note or hold a "
            "found identifier. Nothing was frozen."
        )
    return chosen


def _refuse_taught_patients(project: Project, chosen: list[Candidate]) -> None:
    overlap = {c.patient_id for c in chosen} & _taught(project)
    if overlap:
        raise WrongState(
            f"{len(overlap)} of these patients are in a frozen dataset, so a model may have "
            "learnt from them. Nothing was frozen; choose notes of other patients."
        )


def _taught(project: Project) -> set[UUID]:
    members = DatasetPatient.objects.filter(dataset__project=project)
    return set(members.values_list("patient_id", flat=True))


def _create(
    project: Project, run: Run, actor: User, chosen: list[Candidate], artefact: str
) -> GoldSet:
    sample = signed_sample(run)
    gold_set = GoldSet(
        project=project,
        number=project.gold_sets.count() + 1,
        task=TASK_ID,
        run=run,
        item_count=len(chosen),
        artefact=artefact,
        created_by=actor,
    )
    manifest = Manifest(
        kind="gold_set",
        subject=str(gold_set.pk),
        created_at=timezone.now().isoformat(),
        body={
            "number": gold_set.number,
            "task": TASK_ID,
            "schema_version": SCHEMA_VERSION,
            "items": len(chosen),
            "patients": len({candidate.patient_id for candidate in chosen}),
            "artefact": artefact,
        },
        parents=(
            Parent("deid_run", run.digest),
            Parent("qa_sample", sample.digest),
            Parent("attestation", run.attestation.signature.manifest_digest),
            *expert_parents(run),
        ),
    )
    gold_set.manifest, gold_set.digest = manifest.to_dict(), manifest.digest
    gold_set.save(force_insert=True)
    return gold_set
