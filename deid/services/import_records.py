"""The import job: records come from the upload as a stream and are committed in batches."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from django.db import transaction

from accounts.errors import InvalidInput
from audit.services import record as audit
from deid.importers import (
    STRUCTURED,
    Mapping,
    PatientFacts,
    Record,
    Rejected,
    Scratch,
    read_records,
)
from deid.lookups import (
    content_lookup,
    known_lookup,
    lone_patient_lookup,
    note_lookup,
    patient_lookup,
)
from deid.models import ImportBatch, KnownIdentifier, Patient, Rejection
from deid.services.import_authority import admitted_by
from deid.services.import_files import open_batch, read_errors
from deid.services.import_manifest import seal_batch
from deid.services.import_notes import Prepared, withdraw, write_notes
from jobs.lease import Lease, LeaseLost
from projects.models import Project

Item = Record | Rejected | PatientFacts

# One commit per 200 records: a kill repeats less than a second of work, and the cost of a commit
# is spread over enough rows not to matter.
COMMIT_EVERY = 200
# What is held at once: 200 notes of the largest size would be gigabytes.
COMMIT_CHARACTERS = 10_000_000
# A column with more values than this is no type but a name, a number or a text.
MAX_TYPES = 100
# A single letter as a known name would be hidden in every note.
SHORTEST_VALUE = 2


def run_import(lease: Lease) -> None:
    """Read the whole file; called again after a kill, it goes on from the last commit."""
    batch = ImportBatch.objects.select_related("project").get(pk=lease.job.subject_id)
    if batch.state != ImportBatch.State.IMPORTING:
        return
    total = _survey(batch, lease)
    with read_errors(), open_batch(batch) as stream, Scratch() as seen:
        records = _records(batch, stream)
        position = 0
        while group := _next_group(records):
            position += len(group)
            prepared = [_prepare(batch, item, seen) for item in group]
            if position > batch.position:
                skip = max(0, batch.position - (position - len(group)))
                _commit(batch, prepared[skip:], position)
                lease.progress(position, total, unit="records", phase="importing")
    _finish(batch)


def _next_group(records: Iterator[Item]) -> list[Item]:
    """The records of the next commit: few of them where they are long."""
    group: list[Item] = []
    characters = 0
    for item in islice(records, COMMIT_EVERY):
        group.append(item)
        characters += len(item.text) + len(item.summary) if isinstance(item, Record) else 0
        if characters > COMMIT_CHARACTERS:
            break
    return group


def _records(batch: ImportBatch, stream: BinaryIO) -> Iterator[Item]:
    return read_records(
        stream, batch.kind, Mapping.from_dict(batch.mapping), admitted_by(batch.authority)
    )


def _survey(batch: ImportBatch, lease: Lease) -> int:
    """Count the records and refuse a file that breaks or a type column that is none.

    Nothing is written before the whole file has been read once, so a broken one changes nothing.
    """
    count, types, specialties = 0, set(), set()
    with read_errors(), open_batch(batch) as stream:
        for item in _records(batch, stream):
            count += 1
            lease.check()
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


def _prepare(batch: ImportBatch, item: Item, seen: Scratch) -> Prepared:
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
    withdraw(batch, group)
    write_notes(batch, accepted, patients)
    _known(batch, told, patients)
    batch.rejected += len(rejected)
    batch.without_patient += sum(1 for p in accepted if not p.key)
    batch.position = position
    batch.save()


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
