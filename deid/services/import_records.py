"""The import job: records come from the upload as a stream and are committed in batches."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput
from audit.services import record as audit
from deid.importers import STRUCTURED, Mapping, PatientFacts, Record, Rejected, Scratch, read_records
from deid.lookups import (
    content_lookup,
    known_lookup,
    lone_patient_lookup,
    note_lookup,
    patient_lookup,
)
from deid.models import ImportBatch, KnownIdentifier, Note, Patient, Rejection
from deid.services.import_authority import admitted_by
from deid.services.import_files import open_batch, read_errors
from deid.services.import_manifest import seal_batch
from evidence.digests import commitment, new_salt
from jobs.lease import Lease, LeaseLost
from projects.models import Project

# One commit per 200 records: a kill repeats less than a second of work, and the cost of a commit
# is spread over enough rows not to matter.
COMMIT_EVERY = 200
# A column with more values than this is no type but a name, a number or a text.
MAX_TYPES = 100
# A single letter as a known name would be hidden in every note.
SHORTEST_VALUE = 2


def run_import(lease: Lease) -> None:
    """Read the whole file; called again after a kill, it goes on from the last commit."""
    batch = ImportBatch.objects.select_related("project").get(pk=lease.job.subject_id)
    if batch.state != ImportBatch.State.IMPORTING:
        return
    total = _survey(batch)
    with read_errors(), open_batch(batch) as stream, Scratch() as seen:
        records = _records(batch, stream)
        position = 0
        while group := list(islice(records, COMMIT_EVERY)):
            position += len(group)
            prepared = [_prepare(batch, item, seen) for item in group]
            if position > batch.position:
                skip = max(0, batch.position - (position - len(group)))
                _commit(batch, prepared[skip:], position)
                lease.progress(position, total, unit="records", phase="importing")
    _finish(batch)


def _records(batch: ImportBatch, stream: BinaryIO) -> Iterator[Record | Rejected | PatientFacts]:
    return read_records(
        stream, batch.kind, Mapping.from_dict(batch.mapping), admitted_by(batch.authority)
    )


def _survey(batch: ImportBatch) -> int:
    """Count the records and refuse a file that breaks or a type column that is none.

    Nothing is written before the whole file has been read once, so a broken one changes nothing.
    """
    count, types, specialties = 0, set(), set()
    with read_errors(), open_batch(batch) as stream:
        for item in _records(batch, stream):
            count += 1
            if isinstance(item, Record) and batch.kind not in STRUCTURED:
                types.add(item.note_type)
                specialties.add(item.specialty)
                if len(types) > MAX_TYPES or len(specialties) > MAX_TYPES:
                    raise InvalidInput(
                        f"A column chosen as note type or specialty holds more than {MAX_TYPES} "
                        "different values, so it is probably none. Nothing was imported; upload "
                        "the file again and choose another column.",
                        code="not-a-type",
                    )
    if not count:
        raise InvalidInput(
            "The file holds no records. Nothing was imported; choose another file.",
            code="no-records",
        )
    return count


@dataclass
class Prepared:
    """A record with its look-ups, judged against the records before it in the same file."""

    item: Record | Rejected | PatientFacts
    key: str = ""
    note: bytes = b""
    patient: bytes = b""
    content: bytes = b""
    repeated: bool = False


def _prepare(
    batch: ImportBatch, item: Record | Rejected | PatientFacts, seen: Scratch
) -> Prepared:
    project = batch.project_id
    if isinstance(item, PatientFacts):
        key = item.patient_key
        return Prepared(item, key, patient=patient_lookup(project, key))
    if isinstance(item, Rejected):
        return Prepared(item)
    key = "" if "no_patient" in item.warnings else item.patient_key
    content = content_lookup(
        project,
        [
            item.text, item.summary, key, item.author, item.note_date, item.note_type,
            item.specialty,
        ],
    )  # fmt: skip
    # A note without an id of its own is found again by what it says, and never by its line: line
    # 2 of another file is another note.
    note = content if "no_id" in item.warnings else note_lookup(project, item.external_id)
    patient = patient_lookup(project, key) if key else lone_patient_lookup(project, note)
    earlier = seen.get("note", note.hex())
    repeated = earlier is not None
    if earlier is None:
        seen.put("note", note.hex(), content)
    elif earlier != content:
        # Taking the later one would make importing the same file twice change something.
        return Prepared(
            Rejected(item.line, "duplicate-id", "Another record above has the same note id.")
        )
    return Prepared(item, key, note, patient, content, repeated)


@transaction.atomic
def _commit(batch: ImportBatch, group: list[Prepared], position: int) -> None:
    """Write one group and the position in one transaction."""
    # Two imports of a project take turns, or both would add a note that they have in common.
    Project.objects.select_for_update(no_key=True).get(pk=batch.project_id)
    expected = batch.position
    # Locked and read again: the counts go on from what is committed.
    batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update())
    if batch.position != expected or batch.state != ImportBatch.State.IMPORTING:
        raise LeaseLost  # another worker took this import over while this one slept
    rejected = [p.item for p in group if isinstance(p.item, Rejected)]
    Rejection.objects.bulk_create(
        Rejection(batch=batch, line=r.line, code=r.reason_code[:40], reason=r.reason[:200])
        for r in rejected
    )
    told = [p for p in group if not isinstance(p.item, Rejected)]
    accepted = [p for p in told if isinstance(p.item, Record)]
    patients = _patients(batch, told)
    _withdraw(batch, group)
    _notes(batch, accepted, patients)
    _known(batch, told, patients)
    batch.rejected += len(rejected)
    batch.without_patient += sum(1 for p in accepted if not p.key)
    batch.position = position
    batch.save()


def _record(prepared: Prepared) -> Record:
    assert isinstance(prepared.item, Record)
    return prepared.item


def _withdraw(batch: ImportBatch, group: list[Prepared]) -> None:
    """Notes that their source replaced or took back count no more; what used them keeps them."""
    ids: set[str] = set()
    for prepared in group:
        if isinstance(prepared.item, Rejected) and prepared.item.withdraws:
            ids.add(prepared.item.withdraws)
        elif isinstance(prepared.item, Record):
            ids.update(prepared.item.replaces)
    if ids:
        batch.withdrawn += Note.objects.filter(
            project_id=batch.project_id,
            is_current=True,
            external_lookup__in=[note_lookup(batch.project_id, i) for i in ids],
        ).update(is_current=False, replaced_at=timezone.now())


def _patients(batch: ImportBatch, group: list[Prepared]) -> dict[bytes, Patient]:
    """The patients of a group by look-up; new ones are made."""
    wanted = {p.patient: p.key for p in group}
    found = Patient.objects.filter(project_id=batch.project_id, lookup__in=list(wanted))
    patients = {bytes(patient.lookup): patient for patient in found}
    new = [
        Patient(project_id=batch.project_id, key=key, lookup=lookup)
        for lookup, key in wanted.items()
        if lookup not in patients
    ]
    Patient.objects.bulk_create(new)
    return patients | {bytes(patient.lookup): patient for patient in new}


def _notes(batch: ImportBatch, group: list[Prepared], patients: dict[bytes, Patient]) -> None:
    """New notes and new versions; the same content again changes nothing."""
    current = {
        bytes(external): (pk, bytes(content))
        for pk, external, content in Note.objects.filter(
            project_id=batch.project_id,
            is_current=True,
            external_lookup__in=[p.note for p in group],
        ).values_list("pk", "external_lookup", "content_lookup")
    }
    withdrawn = _withdrawn_before(batch, [p.note for p in group if p.note not in current])
    new: list[Note] = []
    replaced: list[uuid.UUID] = []
    for prepared in group:
        pk, content = current.get(prepared.note, (None, b""))
        same = content == prepared.content or (prepared.note, prepared.content) in withdrawn
        if prepared.repeated or same:
            batch.unchanged += 1
            continue
        if pk is None:
            batch.added += 1
        else:
            batch.updated += 1
            replaced.append(pk)
        new.append(_new_note(batch, prepared, patients[prepared.patient]))
    Note.objects.filter(pk__in=replaced).update(is_current=False, replaced_at=timezone.now())
    Note.objects.bulk_create(new)


def _withdrawn_before(batch: ImportBatch, without_current: list[bytes]) -> set[tuple[bytes, bytes]]:
    """Versions of notes that their source took back: an older file does not bring them again."""
    found = Note.objects.filter(
        project_id=batch.project_id, is_current=False, external_lookup__in=without_current
    )
    return {
        (bytes(external), bytes(content))
        for external, content in found.values_list("external_lookup", "content_lookup")
    }


def _new_note(batch: ImportBatch, prepared: Prepared, patient: Patient) -> Note:
    item, salt = _record(prepared), new_salt()
    return Note(
        project_id=batch.project_id,
        patient=patient,
        batch=batch,
        external_id=item.external_id,
        external_lookup=prepared.note,
        content_lookup=prepared.content,
        raw_text=item.text,
        raw_summary=item.summary or None,
        author=item.author or None,
        note_date=item.note_date or None,
        note_type=item.note_type[:60],
        specialty=item.specialty[:60],
        length=len(item.text) + len(item.summary),
        salt=salt,
        commitment=commitment(item.text.encode(), salt),
    )


def _known(batch: ImportBatch, group: list[Prepared], patients: dict[bytes, Patient]) -> None:
    """What structured columns say of a patient; a value already known stays one row."""
    wanted: dict[tuple[uuid.UUID, bytes], KnownIdentifier] = {}
    for prepared in group:
        patient = patients[prepared.patient]
        assert not isinstance(prepared.item, Rejected)
        for category, value in prepared.item.known:
            if sum(c.isalnum() for c in value) < SHORTEST_VALUE:
                continue
            lookup = known_lookup(patient.pk, category, value)
            wanted[patient.pk, lookup] = KnownIdentifier(
                patient=patient,
                category=category,
                value=value,
                lookup=lookup,
                source="import",
                added_by_id=batch.created_by_id,
            )
    KnownIdentifier.objects.bulk_create(wanted.values(), ignore_conflicts=True)


@transaction.atomic
def _finish(batch: ImportBatch) -> None:
    batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update())
    seal_batch(batch, complete=True)
    audit(
        "phi.import",
        actor=batch.created_by,
        project_id=batch.project_id,
        subject=batch,
        reason="finished",
        details={
            "digest": batch.digest,
            "added": batch.added,
            "updated": batch.updated,
            "unchanged": batch.unchanged,
            "rejected": batch.rejected,
            "withdrawn": batch.withdrawn,
        },
    )
