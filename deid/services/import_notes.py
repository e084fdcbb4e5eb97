"""Writing an import's notes: new ones, new versions, and what their source took back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import timezone

from deid.importers import PatientFacts, Record, Rejected
from deid.lookups import note_lookup
from deid.models import ImportBatch, Note, Patient
from evidence.digests import commitment, new_salt


@dataclass
class Prepared:
    """A record with its look-ups, judged against the records before it in the same file."""

    item: Record | Rejected | PatientFacts
    key: str = ""
    note: bytes = b""
    patient: bytes = b""
    content: bytes = b""
    repeated: bool = False


def _record(prepared: Prepared) -> Record:
    assert isinstance(prepared.item, Record)
    return prepared.item


def withdraw(batch: ImportBatch, group: list[Prepared]) -> None:
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


def write_notes(batch: ImportBatch, group: list[Prepared], patients: dict[bytes, Patient]) -> None:
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
