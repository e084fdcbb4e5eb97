"""Imports and runs in the state a test needs, made through the real services and job code."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.roles import Role
from deid.engine.output_basis import basis_of, with_output
from deid.models import Chunk, ImportBatch, PolicyVersion, Run
from deid.services import current_policy, start_import, start_run, upload_batch
from evidence.canonical import canonical_json
from evidence.digests import commitment, new_salt
from jobs.models import Job
from jobs.services import run_job
from projects.models import Project
from tests.factories.people import make_member, make_project
from vault import files

MAPPING: dict[str, Any] = {
    "text": "text",
    "external_id": "id",
    "patient_key": "patient",
    "note_type": "type",
    "author": "author",
    "summary": "summary",
    "known": {"name": "NAME", "mrn": "MRN"},
}
COLUMNS = ["id", "patient", "type", "author", "name", "mrn", "text", "summary"]


@dataclass(frozen=True)
class Scene:
    """A project with its data engineer."""

    project: Project
    engineer: User


def make_scene(name: str = "") -> Scene:
    project = make_project(name)
    return Scene(project, make_member(project, Role.DATA_ENGINEER))


def note_row(number: int, **changes: str) -> dict[str, str]:
    """A record about patient `PT-1000<number // 2>`: two notes a patient, the name in both."""
    patient = number // 2
    name = f"Quillon Vexmore{'abcdefghij'[patient % 10]}"
    return {
        "id": f"N-{number}",
        "patient": f"PT-{10_000 + patient}",
        "type": ["progress note", "discharge summary"][number % 2],
        "author": "Orsolya Kindwell, MD",
        "name": name,
        "mrn": f"8840{patient:04d}",
        "text": f"Patient {name} was seen. MRN 8840{patient:04d}. Furosemide 40 mg PO daily.",
        "summary": f"{name} has heart failure, on furosemide.",
        **changes,
    }


def csv_of(rows: Sequence[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def make_batch(
    scene: Scene, content: bytes, kind: str = "csv", name: str = "notes.csv"
) -> ImportBatch:
    stored = files.store(io.BytesIO(content))
    return upload_batch(
        project=scene.project, actor=scene.engineer, stored=stored, file_name=name, kind=kind
    )


def import_rows(scene: Scene, rows: Sequence[dict[str, str]]) -> ImportBatch:
    """Upload and import a table; the job runs here, in the code of the worker."""
    return import_bytes(scene, csv_of(rows))


def import_bytes(
    scene: Scene, content: bytes, kind: str = "csv", mapping: dict[str, Any] | None = None
) -> ImportBatch:
    batch = make_batch(scene, content, kind)
    job = start_import(batch=batch, actor=scene.engineer, mapping=mapping or MAPPING)
    run_job(job.pk)
    batch.refresh_from_db()
    return batch


def chunk_jobs(run: Run) -> list[Job]:
    order = {chunk.pk: chunk.number for chunk in Chunk.objects.filter(run=run)}
    jobs = Job.objects.filter(group_id=run.pk, state__in=Job.ACTIVE)
    return sorted(jobs, key=lambda job: order[job.subject_id])


def finish(run: Run) -> Run:
    """Run every queued chunk here, in the code of the worker."""
    for job in chunk_jobs(run):
        run_job(job.pk)
    run.refresh_from_db()
    return run


def make_run(scene: Scene) -> Run:
    return finish(start_run(project=scene.project, actor=scene.engineer))


def write_surrogates(scene: Scene, *, date_shift: bool = False) -> PolicyVersion:
    """The project's next policy version, which writes surrogates."""
    latest = current_policy(scene.project)
    number = latest.number + 1
    basis = basis_of({"output": "surrogates", "date_shift": date_shift})
    content = with_output({**latest.content, "version": str(number)}, basis)
    salt = new_salt()
    return PolicyVersion.objects.create(
        project=scene.project,
        number=number,
        content=content,
        salt=salt,
        commitment=commitment(canonical_json(content), salt),
        created_by=scene.engineer,
    )
