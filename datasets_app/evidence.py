"""What the documentation package says of attestation, dataset and split."""

from __future__ import annotations

import json
from uuid import UUID

from accounts.roles import ROLE_LABELS, Role
from datasets_app.models import Attestation, DatasetVersion
from datasets_app.selectors import attestations, split_report
from datasets_app.services.attestations import STATEMENT, basis_of
from datasets_app.tasks.thresholds import thresholds_of
from deid.selectors.bound import bound_scope
from evidence.dates import moment
from evidence.sections import (
    Block,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from projects.models import Project


@section_provider("deid")
def collect_attestation(scope: Scope) -> list[Field]:
    project = Project.objects.filter(pk=scope.project_id).first()
    found = attestations(project) if project else Attestation.objects.none()
    # Only of the run that taught the version: another run's statement is no part of it.
    signed = list(found.filter(run=UUID(scope.deid_run_id)) if scope.deid_run_id else found)
    if not signed:
        return []
    bases = sorted({basis_of(attestation.run) for attestation in signed})
    blocks: list[Block] = [Text(f"Statement ({', '.join(bases)}): {STATEMENT}")]
    scopes = [bound_scope(attestation.sample) for attestation in signed]
    blocks += [Text(f"{found_scope.holds_for} {found_scope.over_rounds}") for found_scope in scopes]
    blocks.append(
        Table(
            "Attestations",
            ("Run", "Review round", "Attested by", "Role", "Signed"),
            tuple(_attestation_row(attestation) for attestation in signed),
            signed[0].signature.manifest_digest if len(signed) == 1 else None,
        )
    )
    blocks += [
        Evidence(
            f"Attestation of run {attestation.run.number}",
            attestation.signature.manifest_digest,
            "attestation",
        )
        for attestation in signed
    ]
    blocks += [_flags(attestation) for attestation in signed]
    return [Field("attestation", "No actual knowledge", blocks, "attestation")]


def _flags(attestation: Attestation) -> Block:
    """What was decided on the passages that the run showed, as it stands in what was signed."""
    decided = json.loads(bytes(attestation.signature.manifest))["body"].get("passages")
    run = attestation.run.number
    if decided is None:
        words = "This statement was signed by a version that looked for no such passages."
        return Gap(f"Flags reviewed, run {run}", words)
    return Text(
        f"Flags reviewed, run {run}: {decided['flagged']} passages that may identify by a unique "
        f"characteristic were shown to a person; {decided['harmless']} were found not to identify, "
        "and none waits."
    )


def _attestation_row(attestation: Attestation) -> tuple[str | int, ...]:
    signature = attestation.signature
    return (
        attestation.run.number, attestation.sample.round, signature.signer_name,
        ROLE_LABELS[Role(signature.signer_role)], moment(signature.signed_at),
    )  # fmt: skip


@section_provider("model")
def collect_dataset(scope: Scope) -> list[Field]:
    dataset = (
        DatasetVersion.objects.filter(
            project_id=scope.project_id,
            training_runs__model_version=UUID(scope.model_version_id),
        )
        .select_related("run", "project", "attestation__signature")
        .first()
    )
    if dataset is None:
        return []
    return [
        Field("dataset_version", "Dataset", _dataset(dataset), "dataset"),
        Field("split_report", "Contamination", _contamination(dataset), "contamination"),
    ]


def _dataset(dataset: DatasetVersion) -> list[Block]:
    gate, limits = dataset.gate, thresholds_of(dataset.task)
    low, high = limits.recommended
    excluded = tuple(
        (reason.replace("_", " "), count) for reason, count in sorted(dataset.excluded.items())
    )
    return [
        Text(
            f"Dataset {dataset.number} for note summarisation, from run {dataset.run.number}, "
            f"frozen {moment(dataset.frozen_at)}. Each example is an "
            "instruction and a response; patient key, author and dates are not in it. Labels are "
            "the clinicians' summaries that came with the notes."
        ),
        Figure(
            "Usable examples", dataset.train_count + dataset.validation_count, "examples",
            n=dataset.patient_count, digest=dataset.digest,
        ),
        Text(
            f"Size gate: {gate['status'].upper()}. {gate['explanation']} Recommended: {low:,} to "
            f"{high:,}."
        ),
        Table("Notes left out, by reason", ("Reason", "Notes"), excluded, dataset.digest)
        if excluded
        else Text("No note of the run was left out."),
        Evidence(f"Dataset {dataset.number}", dataset.digest, "dataset_version"),
        Evidence("Training file", dataset.train_artefact, "artefact"),
        Evidence("Validation file", dataset.validation_artefact, "artefact"),
        Gap("Annotator agreement", "Each note has one clinician's summary."),
    ]  # fmt: skip


def _contamination(dataset: DatasetVersion) -> list[Block]:
    report = split_report(dataset)
    return [
        Table(
            "Patients by split",
            ("Split", "Patients", "Examples"),
            (
                ("train", report.train, dataset.train_count),
                ("validation", report.validation, dataset.validation_count),
                ("gold sets of the project", report.gold, None),
            ),
        ),
        Figure("Patients in both train and validation", report.overlap_splits, "patients"),
        Figure("Patients of this dataset in a gold set", report.overlap_gold, "patients"),
        Text(
            f"The split is by patient, with seed {dataset.seed}. Examples with the same "
            "instruction are kept once."
        ),
        Gap("Near-duplicates", "Only identical notes are found; near-duplicates are not searched."),
        Gap("Temporal split", "Dates never leave the notes, so the split is not by time."),
    ]
