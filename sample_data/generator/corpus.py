"""Put the corpus together and write it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .markup import Rendered, render
from .notes import JOURNEYS, NoteType
from .people import Patient, make_patient
from .scene import Author, Scene, Story, Summary, make_story, physician, pick
from .style import abbreviate, dictate, slips
from .vocabulary import staff

PATIENTS = 122
GOLD_ITEMS = 12

COLUMNS = (
    "note_id", "patient_id", "note_type", "specialty", "author", "note_date", "patient_name",
    "date_of_birth", "mrn", "phone", "address", "email", "relatives", "text",
    "summary",
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """One finished note."""

    note_id: str
    note_type: str
    scene: Scene
    rendered: Rendered
    summary: Summary
    gold_item: bool

    @property
    def patient(self) -> Patient:
        return self.scene.patient

    def row(self) -> dict[str, str]:
        """The note as a row of an EHR export."""
        patient = self.patient
        return {
            "note_id": self.note_id,
            "patient_id": patient.key,
            "note_type": self.note_type,
            "specialty": self.scene.author.specialty,
            "author": self.scene.author.field,
            "note_date": self.scene.date.isoformat(),
            "patient_name": patient.name,
            "date_of_birth": patient.born.isoformat(),
            "mrn": patient.mrn,
            "phone": patient.phone,
            "address": patient.address,
            "email": patient.email,
            "relatives": "; ".join(relative.field for relative in patient.relatives),
            "text": self.rendered.text,
            "summary": "\n".join(map(": ".join, self.summary.to_dict().items())),
        }

    def gold(self) -> dict[str, object]:
        """What is true of the note: identifiers, facts to keep, summary."""
        record: dict[str, object] = {
            "note_id": self.note_id,
            "patient_id": self.patient.key,
            "spans": [
                {"start": mark.start, "end": mark.end, "label": mark.tag}
                for mark in self.rendered.spans
            ],
            "keep": [
                {"start": mark.start, "end": mark.end, "kind": mark.tag}
                for mark in self.rendered.keep
                # Letters after a name are marked for style's sake; losing them harms nobody.
                if mark.tag != "credential"
            ],
            "summary": self.summary.to_dict(),
        }
        if self.gold_item:
            record["gold_item"] = True
        return record


def _author(rng: Random, kind: str, story: Story) -> Author:
    groups = {
        "nurse": (staff.NURSES, "nursing"),
        "therapist": (staff.THERAPISTS, "physical therapy"),
        "social worker": (staff.SOCIAL_WORKERS, "social work"),
        "pharmacist": (staff.PHARMACISTS, "pharmacy"),
    }
    if kind == "attending":
        return story.attending
    if kind in groups:
        return pick(rng, *groups[kind])
    return physician(rng, kind)


def _types(rng: Random, patient: Patient, wants_short: bool) -> list[NoteType]:
    pool = JOURNEYS[patient.condition.journey]
    chosen = set(rng.sample(range(len(pool)), rng.choice((3, 3, 4, 4, 4))))
    if wants_short and not any(pool[index].short for index in chosen):
        chosen.add(next(index for index, kind in enumerate(pool) if kind.short))
    return [pool[index] for index in sorted(chosen)]


def _disfigure(marked: str, rng: Random, patient: Patient, kind: NoteType) -> str:
    marked = abbreviate(marked, rng) if rng.random() < 0.35 else marked
    marked = slips(marked, rng) if rng.random() < 0.25 else marked
    tables = kind.name in {"medication reconciliation", "discharge summary", "radiology report"}
    return dictate(marked, patient) if not tables and rng.random() < 0.16 else marked


# Plain words for an illness or a device that bears the surname of the very patient.
_PLAIN_WORDS = {
    "Parkinson": ("Parkinson disease", "idiopathic parkinsonism"),
    "Graves": ("Graves disease", "autoimmune hyperthyroidism"),
    "Foley": ("Foley", "urinary"),
}


def _without_surname(summary: Summary, patient: Patient) -> Summary:
    if patient.family not in _PLAIN_WORDS:
        return summary
    old, new = _PLAIN_WORDS[patient.family]
    return Summary(
        summary.complaint.replace(old, new),
        summary.history.replace(old, new),
        summary.assessment.replace(old, new),
        summary.plan.replace(old, new),
    )


def _notes_of(seed: int, number: int, first_turn: int, gold: bool) -> Iterator[Note]:
    patient = make_patient(seed, number)
    story = make_story(seed, patient)
    rng = Random(f"{seed}:notes:{number}")
    kinds = _types(rng, patient, gold)
    brief_at = rng.choice([at for at, kind in enumerate(kinds) if kind.short]) if gold else -1
    # A clinic's course is told in weeks, a ward's in days.
    pace = 7 if patient.condition.journey == "outpatient" else 1
    for index, kind in enumerate(kinds):
        brief = index == brief_at
        scene = Scene(
            rng=rng,
            story=story,
            day=kind.day * pace,
            author=_author(rng, kind.author, story),
            treated=kind.treated,
            brief=brief,
            turn=first_turn + index,
            index=index,
        )
        draft = kind.write(scene)
        marked = draft.marked if brief else _disfigure(draft.marked, rng, patient, kind)
        note_id = f"N{number + 1:03d}-{index + 1}"
        yield Note(
            note_id,
            kind.name,
            scene,
            render(marked),
            _without_surname(draft.summary, patient),
            brief,
        )


def make_corpus(seed: int) -> list[Note]:
    """All notes, ordered by patient and day."""
    notes: list[Note] = []
    gold_left = GOLD_ITEMS
    for number in range(PATIENTS):
        # Every ninth patient gives a gold item, so that they spread over the illnesses.
        wants_gold = number % 9 == 4 and gold_left > 0
        found = list(_notes_of(seed, number, len(notes), wants_gold))
        gold_left -= any(note.gold_item for note in found)
        notes += found
    return notes


def write_corpus(seed: int, out: Path) -> list[Note]:
    """Write `notes.csv` and `gold.jsonl` into `out`; the same seed gives the same bytes."""
    notes = make_corpus(seed)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "notes.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(note.row() for note in notes)
    lines = [json.dumps(note.gold(), ensure_ascii=False) for note in notes]
    (out / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return notes
