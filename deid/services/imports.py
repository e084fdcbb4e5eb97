"""Imports: an upload, its column mapping, and the job that reads its records."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import CATEGORIES
from deid.importers import Mapping as ColumnMapping
from deid.importers import Preview, preview
from deid.models import ImportBatch
from deid.services.import_discard import note_readable
from deid.services.import_files import open_batch, read_errors
from deid.services.import_manifest import seal_batch
from jobs.models import Job
from jobs.services import cancel_group, enqueue
from projects.models import Project
from projects.permissions import require
from vault import files
from vault.files import EncryptedWriter, StoredFile

IMPORT_JOB = "deid.import"


def upload_batch(
    *, project: Project, actor: User, stored: StoredFile, file_name: str, kind: str
) -> ImportBatch:
    """Take an upload that already lies encrypted; a refused one is deleted again."""
    try:
        return _create_batch(project, actor, stored, file_name, kind)
    except BaseException:
        files.delete(stored.file_id)
        raise


@transaction.atomic
def _create_batch(
    project: Project, actor: User, stored: StoredFile, file_name: str, kind: str
) -> ImportBatch:
    require(actor, project, Permission.IMPORT_NOTES)
    if kind not in ImportBatch.Kind.values:
        raise InvalidInput("This kind of file cannot be imported. Choose CSV, JSONL, zip or text.")
    if not stored.size:
        raise InvalidInput("The file is empty. Nothing was stored; choose another file.")
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)  # numbers count without a gap
    latest = project.imports.first()
    batch = ImportBatch.objects.create(
        project=project,
        number=latest.number + 1 if latest else 1,
        kind=kind,
        file_name=file_name,
        file_id=stored.file_id,
        size=stored.size,
        salt=stored.salt,
        commitment=stored.commitment,
        created_by=actor,
    )
    record(
        "phi.import",
        actor=actor,
        action="C",
        project_id=project.pk,
        subject=batch,
        reason="upload",
        details={"kind": kind, "bytes": stored.size, "commitment": stored.commitment},
    )
    return batch


def upload_texts(
    *, project: Project, actor: User, texts: Sequence[tuple[str, StoredFile]]
) -> ImportBatch:
    """Several text files become one batch: they are packed, encrypted, into one zip."""
    packed = pack((name, files.open_file(stored.file_id)) for name, stored in texts)
    for _, stored in texts:
        files.delete(stored.file_id)
    return upload_batch(
        project=project,
        actor=actor,
        stored=packed,
        file_name=f"{len(texts)} text files",
        kind="zip",
    )


class _Counting:
    """Just enough of a stream for `zipfile`, which asks where it stands and never goes back."""

    def __init__(self, writer: EncryptedWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> int:
        self._writer.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


def pack(sources: Any) -> StoredFile:
    """Zip (name, stream) pairs straight into encrypted storage.

    A name that repeats gets a number in front: two entries of one name would be one note, and
    `zipfile` warns on standard error with the name, which is PHI.
    """
    writer = EncryptedWriter()
    taken: set[str] = set()
    try:
        out = cast(BinaryIO, _Counting(writer))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, stream) in enumerate(sources, start=1):
                free = f"{number}-{name}" if name in taken else name
                taken.add(free)
                with stream, archive.open(free, "w", force_zip64=True) as entry:
                    while data := stream.read(files.CHUNK_BYTES):
                        entry.write(data)
    except BaseException:
        writer.abandon()
        raise
    return writer.finish()


def preview_batch(*, batch: ImportBatch, actor: User) -> Preview:
    """Columns, first rows and a suggested mapping, read again from encrypted storage."""
    require(actor, batch.project, Permission.IMPORT_NOTES)
    if batch.state == ImportBatch.State.DISCARDED:
        raise WrongState("This upload was discarded. Upload the file again.")
    try:
        with read_errors(), open_batch(batch) as stream:
            found = preview(stream, batch.kind)
    except InvalidInput:
        note_readable(batch=batch, readable=False)
        raise
    with transaction.atomic():
        note_readable(batch=batch, readable=True)
        record(
            "phi.read",
            actor=actor,
            action="R",
            project_id=batch.project_id,
            subject=batch,
            purpose="import preview",
            details={"rows": len(found.rows)},
        )
    return found


@transaction.atomic
def start_import(*, batch: ImportBatch, actor: User, mapping: Mapping[str, Any]) -> Job:
    """Queue the reading of the records under this column mapping."""
    require(actor, batch.project, Permission.IMPORT_NOTES)
    chosen = _checked(mapping)
    # The project's row is locked as a run's start does: a run sees an import whole or not at all.
    Project.objects.select_for_update(no_key=True).get(pk=batch.project_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (ImportBatch.State.UPLOADED, ImportBatch.State.FAILED):
        raise WrongState("This import has been started already. Nothing was changed.")
    if batch.position and chosen != batch.mapping:
        raise WrongState(
            "Part of this file is imported under another mapping. What was imported is kept; "
            "resume with that mapping, or upload the file again."
        )
    batch.mapping, batch.state, batch.finished_at = chosen, ImportBatch.State.IMPORTING, None
    batch.save()
    record(
        "phi.import",
        actor=actor,
        project_id=batch.project_id,
        subject=batch,
        reason="resume" if batch.position else "start",
    )
    return _enqueue(batch, actor)


def _checked(mapping: Mapping[str, Any]) -> dict[str, Any]:
    try:
        chosen = ColumnMapping.from_dict(dict(mapping)).to_dict()
    except (TypeError, ValueError):
        raise InvalidInput("The column mapping cannot be read. Choose the columns again.") from None
    if not chosen["text"]:
        raise InvalidInput("No column was chosen as the note's text. Choose one.")
    if not set(chosen["known"].values()) <= set(CATEGORIES):
        raise InvalidInput("A column has an unknown category. Choose one of the 18.")
    return chosen


def resume_import(*, batch: ImportBatch, actor: User) -> Job:
    """Go on with a stopped import from the record that it reached."""
    if batch.mapping is None:
        raise WrongState("This file has no column mapping yet. Choose the columns first.")
    return start_import(batch=batch, actor=actor, mapping=batch.mapping)


def _enqueue(batch: ImportBatch, actor: User) -> Job:
    return enqueue(
        IMPORT_JOB, project=batch.project, subject_id=batch.pk, actor=actor, unit="records"
    )


@transaction.atomic
def keep_partial_import(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Close a stopped import with what it has: its record then says that it is incomplete."""
    require(actor, batch.project, Permission.IMPORT_NOTES)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportBatch.State.FAILED:
        raise WrongState("Only an import that stopped can be closed as it is.")
    seal_batch(batch, complete=False)
    record(
        "phi.import",
        actor=actor,
        project_id=batch.project_id,
        subject=batch,
        reason="closed-incomplete",
        details={"digest": batch.digest},
    )
    return batch


@transaction.atomic
def cancel_import(*, batch: ImportBatch, actor: User) -> int:
    """Stop an import at its next commit; what was imported stays until it is resumed or closed."""
    require(actor, batch.project, Permission.IMPORT_NOTES)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportBatch.State.IMPORTING:
        raise WrongState("This import is not running, so there is nothing to cancel.")
    return cancel_group(group_id=batch.pk, actor=actor)


def import_ended(job: Job) -> None:
    """The queue's news: an import that did not finish waits to be resumed or closed."""
    if job.state == Job.State.DONE:
        return
    batch = ImportBatch.objects.select_for_update().get(pk=job.subject_id)
    if batch.state != ImportBatch.State.IMPORTING:
        return
    batch.state, batch.finished_at = ImportBatch.State.FAILED, timezone.now()
    batch.save(update_fields=["state", "finished_at"])
    if job.state == Job.State.FAILED:  # a cancel stands in the trail as what it is
        record(
            "phi.import",
            actor=job.requested_by,
            outcome="failure",
            project_id=batch.project_id,
            subject=batch,
            reason=job.error_code,
        )
