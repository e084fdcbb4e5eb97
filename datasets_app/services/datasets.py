"""Dataset versions: every usable example of an attested run, split by patient and frozen."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from datasets_app.models import Attestation, DatasetPatient, DatasetVersion
from datasets_app.selectors import gold_patients
from datasets_app.services.attestations import signed_sample
from datasets_app.services.examples import Candidate, jsonl, select_examples
from datasets_app.services.parents import expert_parents
from datasets_app.tasks.summarisation import SCHEMA_VERSION, TASK_ID
from datasets_app.tasks.thresholds import thresholds_of
from deid.models import Run
from deid.sampling import draw
from deid.services.release import require_release
from evidence.gates import Gate, GateResult, judge
from evidence.manifests import Manifest, Parent
from projects.models import Project
from projects.permissions import require
from vault import artefacts


@transaction.atomic
def freeze_dataset(
    *, project: Project, actor: User, run: Run, seed: int, validation_fraction: float = 0.1
) -> DatasetVersion:
    """Freeze a version. Patients of gold sets stay out; no patient is in both splits."""
    require(actor, project, Permission.BUILD_DATASET)
    if not 0 < validation_fraction <= 0.5:
        raise InvalidInput("The share for validation lies above 0 and up to one half.")
    # Locked: numbers count without a gap, and no gold set may be frozen in between.
    Project.objects.select_for_update().get(pk=project.pk)
    attestation = _attestation(project, run)
    require_release(run, kept="Nothing was frozen.")
    chosen = select_examples(run, without_patients=gold_patients(project))
    splits = split_by_patient(chosen.candidates, seed, validation_fraction)
    version = DatasetVersion(
        project=project,
        number=project.datasets.count() + 1,
        task=TASK_ID,
        run=run,
        attestation=attestation,
        seed=seed,
        train_count=len(splits["train"]),
        validation_count=len(splits["validation"]),
        patient_count=len({c.patient_id for c in chosen.candidates}),
        excluded=chosen.excluded,
        train_artefact=_store(splits["train"]),
        validation_artefact=_store(splits["validation"]),
        gate=size_gate(len(chosen.candidates)).to_dict(),
        created_by=actor,
    )
    manifest = _manifest(version, splits, validation_fraction)
    version.manifest, version.digest = manifest.to_dict(), manifest.digest
    version.save(force_insert=True)
    DatasetPatient.objects.bulk_create(
        DatasetPatient(dataset=version, patient_id=patient, split=split)
        for split, members in splits.items()
        for patient in sorted({member.patient_id for member in members})
    )
    record(
        "dataset.freeze",
        actor=actor,
        action="C",
        project_id=project.pk,
        subject=version,
        details={
            "dataset": version.number,
            "train": version.train_count,
            "validation": version.validation_count,
            "digest": version.digest,
        },
    )
    return version


def _attestation(project: Project, run: Run) -> Attestation:
    signed_sample(run)
    found = Attestation.objects.filter(run=run, run__project=project).select_related("signature")
    attestation = found.first()
    if attestation is None:
        raise WrongState(
            "The compliance officer has not attested this run yet. Nothing was frozen; "
            "ask for the attestation first."
        )
    return attestation


def split_by_patient(
    candidates: list[Candidate], seed: int, validation_fraction: float
) -> dict[str, list[Candidate]]:
    """Whole patients go to one split; the same seed over the same patients splits alike."""
    patients = sorted({str(candidate.patient_id) for candidate in candidates})
    if len(patients) < 2:
        raise InvalidInput(
            f"A split by patient needs usable notes of two patients or more; there are "
            f"{len(patients)}. Nothing was frozen."
        )
    count = min(len(patients) - 1, max(1, round(validation_fraction * len(patients))))
    held_out = {UUID(patient) for patient in draw(patients, count, seed)}
    return {
        "train": [c for c in candidates if c.patient_id not in held_out],
        "validation": [c for c in candidates if c.patient_id in held_out],
    }


def size_gate(usable: int) -> GateResult:
    """The guide's smallest dataset for the task. A count has no sampling error."""
    limits = thresholds_of(TASK_ID)
    gate = Gate(
        id="dataset_size",
        label="Usable examples in the dataset",
        direction="at_least",
        limit=limits.min_examples,
        unit="examples",
        source=limits.source,
        decides_on="value",
    )
    return judge(gate, float(usable))


def _store(members: list[Candidate]) -> str:
    return artefacts.put_bytes(jsonl(dict(member.example) for member in members))


def _manifest(
    version: DatasetVersion, splits: dict[str, list[Candidate]], validation_fraction: float
) -> Manifest:
    run, project = version.run, version.project
    sample = signed_sample(run)
    return Manifest(
        kind="dataset_version",
        subject=str(version.pk),
        created_at=timezone.now().isoformat(),
        body={
            "number": version.number,
            "task": TASK_ID,
            "schema_version": SCHEMA_VERSION,
            "seed": version.seed,
            "validation_fraction": validation_fraction,
            "examples": {split: len(members) for split, members in splits.items()},
            "patients": {
                split: len({m.patient_id for m in members}) for split, members in splits.items()
            },
            "excluded": version.excluded,
            "artefacts": {
                "train": version.train_artefact,
                "validation": version.validation_artefact,
            },
            "gate": version.gate,
        },
        parents=(
            Parent("deid_run", run.digest),
            Parent("qa_sample", sample.digest),
            Parent("attestation", version.attestation.signature.manifest_digest),
            *expert_parents(run),
            *(Parent("gold_set", gold.digest) for gold in project.gold_sets.all()),
        ),
    )
