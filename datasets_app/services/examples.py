"""From a run's outputs to examples. Only what may leave is taken: no key, author, date or id."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from datasets_app.tasks.summarisation import Example, build_example
from deid.models import Run, RunNote
from deid.selectors.notes import split_output
from deid.selectors.reviews import leaky_run_notes
from evidence.digests import sha256_hex

NO_SUMMARY = "no summary"
GOLD_PATIENT = "patient in a gold set"
LEAK_FOUND = "a reviewer found an identifier in it"
MALFORMED = "summary not in four sections"
DUPLICATE = "same note as another example"


@dataclass(frozen=True)
class Candidate:
    """A usable example and the patient (random id) whose note it came from."""

    run_note: RunNote
    patient_id: UUID
    example: Example


@dataclass(frozen=True)
class Selection:
    """Usable examples, and how many notes were left out for which reason."""

    candidates: list[Candidate]
    excluded: dict[str, int]


def select_examples(run: Run, *, without_patients: Iterable[UUID] = ()) -> Selection:
    """Every usable note of a run, in an order that says nothing of patients or dates."""
    barred, excluded = set(without_patients), Counter[str]()
    leaky = set(leaky_run_notes(run).values_list("pk", flat=True))
    found: dict[str, Candidate] = {}
    for run_note in run_notes(run):
        judged = _judge(run_note, barred, leaky)
        if isinstance(judged, str):
            excluded[judged] += 1
            continue
        key = sha256_hex(judged.example["instruction"].encode())
        if key in found:
            excluded[DUPLICATE] += 1
        else:
            found[key] = judged
    return Selection([found[key] for key in sorted(found)], dict(sorted(excluded.items())))


def run_notes(run: Run) -> Iterator[RunNote]:
    # By id, since ids are random: the first of two duplicates must not depend on the import.
    rows = RunNote.objects.filter(run=run).select_related("note").order_by("note_id")
    return rows.defer("spans", "note__raw_text", "note__raw_summary").iterator(chunk_size=500)


def _judge(run_note: RunNote, barred: set[UUID], leaky: set[UUID]) -> Candidate | str:
    patient_id = run_note.note.patient_id
    if patient_id in barred:
        return GOLD_PATIENT
    if run_note.summary_start is None:
        return NO_SUMMARY
    if run_note.pk in leaky:
        return LEAK_FOUND
    text, summary = split_output(run_note)
    try:
        return Candidate(run_note, patient_id, build_example(text, summary or ""))
    except ValueError:
        return MALFORMED


def jsonl(rows: Iterable[object]) -> bytes:
    """One JSON object a line, UTF-8."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
