"""The chunk job: a few patients, all their notes, one commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from deid.engine import DeidResult, NoteText
from deid.engine import KnownIdentifier as EngineIdentifier
from deid.engine_door import engine_for
from deid.models import (
    Chunk,
    KnownIdentifier,
    Note,
    Patient,
    RunNote,
    SurrogateEntry,
    UniqueFlag,
)
from deid.selectors.notes import DIVIDER, composed, notes_at
from deid.services.run_manifest import finalise_run
from deid.services.surrogates import WORKING, keys_of, map_entries, open_map, write_map
from deid.services.unique import flags_of
from evidence.digests import commitment, new_salt
from jobs.lease import Lease

# A shorter key ("12") stands in every note as a dose or a count and would be hidden there too.
SHORTEST_KEY = 5


def run_chunk(lease: Lease) -> None:
    """De-identify a chunk and commit it whole; called again after a kill it starts it anew."""
    chunk = Chunk.objects.select_related("run__policy").get(pk=lease.job.subject_id)
    if chunk.done_at is None and chunk.run.state in WORKING:
        keys = keys_of(chunk.run, chunk.patients.values_list("pk", flat=True))
        if keys is not None:
            outputs, entries = _deidentify(chunk, lease, keys)
            flags = flags_of(chunk.run, outputs)
            lease.check()
            _commit(chunk, outputs, flags, entries)
    finalise_run(chunk.run_id)


def _deidentify(
    chunk: Chunk, lease: Lease, keys: Mapping[UUID, bytes]
) -> tuple[list[RunNote], list[SurrogateEntry]]:
    lease.progress(0, chunk.note_count, unit="notes", phase="loading the engine")
    engine = engine_for(chunk.run.policy)
    known = Prefetch("known", KnownIdentifier.objects.all())
    patients = {p.pk: p for p in chunk.patients.prefetch_related(known)}
    notes = notes_at(chunk.run).filter(patient__in=patients).order_by("patient", "created_at", "pk")
    kept = open_map(chunk.run)
    outputs: list[RunNote] = []
    entries: list[SurrogateEntry] = []
    for patient_id, group in groupby(notes, key=lambda note: note.patient_id):
        of_patient = list(group)
        key = keys.get(patient_id)
        found = _patient_outputs(chunk, engine, patients[patient_id], of_patient, key)
        outputs += found
        entries += map_entries(kept, of_patient, found) if kept else []
        lease.progress(len(outputs), chunk.note_count, unit="notes", phase="de-identifying")
    return outputs, entries


def _patient_outputs(
    chunk: Chunk, engine: Any, patient: Patient, notes: Sequence[Note], key: bytes | None
) -> list[RunNote]:
    texts = [NoteText(str(note.pk), composed(note)) for note in notes]
    # The year of the run's start: a chunk that is done again next year writes the same.
    year = chunk.run.started_at.year
    results = engine.process_patient(texts, known_of(patient, notes), key=key, year=year)
    return [_output(chunk, note, result) for note, result in zip(notes, results, strict=True)]


def known_of(patient: Patient, notes: Iterable[Note]) -> list[EngineIdentifier]:
    """What structured fields say: stored identifiers, the patient's key, the notes' authors."""
    found = [
        # What a reviewer saw in a note is hidden wherever it stands, whatever the context.
        EngineIdentifier(k.category, k.value, confirmed=k.source == "review")
        for k in patient.known.all()
    ]
    if sum(c.isalnum() for c in patient.key) >= SHORTEST_KEY:
        found.append(EngineIdentifier("MRN", patient.key))
    found += [EngineIdentifier("NAME", note.author) for note in notes if note.author]
    return list(dict.fromkeys(found))


def _output(chunk: Chunk, note: Note, result: DeidResult) -> RunNote:
    salt = new_salt()
    return RunNote(
        run_id=chunk.run_id,
        note=note,
        chunk=chunk,
        text=result.text,
        summary_start=_summary_start(note, result),
        spans=[
            {
                "start": s.start,
                "end": s.end,
                "output_start": s.output_start,
                "output_end": s.output_end,
                "category": s.category,
                "subtype": s.subtype,
                "score": round(float(s.score), 4),
                "recognizer": s.recognizer,
                "rule": s.rule,
                "tag": s.tag(),
            }
            for s in result.spans
        ],
        span_count=len(result.spans),
        salt=salt,
        commitment=commitment(result.text.encode(), salt),
    )


def _summary_start(note: Note, result: DeidResult) -> int | None:
    """Where the summary begins in the output: its place in the input, moved by the spans before."""
    if not note.raw_summary:
        return None
    place = len(note.raw_text) + len(DIVIDER)
    moved = place
    for span in result.spans:
        if span.start < place < span.end:
            return span.output_end
        if span.end <= place:
            moved += (span.output_end - span.output_start) - (span.end - span.start)
    return moved


@transaction.atomic
def _commit(
    chunk: Chunk,
    outputs: Sequence[RunNote],
    flags: Sequence[UniqueFlag],
    entries: Sequence[SurrogateEntry],
) -> None:
    # Locked before it is judged: a redelivered chunk may be finished by two workers.
    locked = Chunk.objects.select_for_update().get(pk=chunk.pk)
    if locked.done_at is not None:
        return
    RunNote.objects.bulk_create(outputs)
    UniqueFlag.objects.bulk_create(flags)
    write_map(chunk.run, entries)
    locked.done_at = timezone.now()
    locked.save(update_fields=["done_at"])
