"""The sample notes and what is true of them. The player knows no other notes."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "sample_data"
DIVIDER = "\n\nSUMMARY\n"
# What a clinician would miss if a placeholder stood in its place.
CLINICAL = {"dose", "drug", "lab", "vital", "diagnosis"}


class NotSampleDataError(Exception):
    """A note that is not one of the sample notes: nobody plays a clinician on it."""


@dataclass(frozen=True)
class SampleNote:
    """A sample note: the record as it is imported, its gold spans, what must survive."""

    note_id: str
    patient_id: str
    note_type: str
    text: str
    record: str
    spans: tuple[dict[str, Any], ...]
    keep: tuple[dict[str, Any], ...]
    gold_item: bool

    @property
    def length(self) -> int:
        """Characters of note and summary, as the application counts them."""
        return len(self.record) - len(DIVIDER)


@dataclass(frozen=True)
class Finding:
    """A part of the shown text: a leak with its category, or an over-redaction without."""

    start: int
    end: int
    category: str = ""
    surface: str = ""


def load() -> list[SampleNote]:
    with (FOLDER / "notes.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["note_id"]: row for row in csv.DictReader(stream)}
    lines = (FOLDER / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [_note(rows[gold["note_id"]], gold) for gold in map(json.loads, lines)]


def _note(row: dict[str, str], gold: dict[str, Any]) -> SampleNote:
    return SampleNote(
        note_id=row["note_id"],
        patient_id=row["patient_id"],
        note_type=row["note_type"],
        text=row["text"],
        record=row["text"] + DIVIDER + row["summary"],
        spans=tuple(gold["spans"]),
        keep=tuple(gold["keep"]),
        gold_item=bool(gold.get("gold_item")),
    )


def patients_per_surface(notes: list[SampleNote]) -> Counter[str]:
    """How many patients' notes hold a surface: one held by many belongs to the organisation."""
    seen = {
        (note.patient_id, note.text[span["start"] : span["end"]].casefold())
        for note in notes
        for span in note.spans
    }
    return Counter(surface for _, surface in seen)


def find_note(shown: dict[str, Any], notes: list[SampleNote]) -> tuple[SampleNote, list[slice]]:
    """The sample note behind a shown text, and what each replaced part stood for in it."""
    pattern, literals = _pattern(shown)
    longest = sorted(literals, key=len)[-3:]
    for note in notes:
        if all(literal in note.record for literal in longest):
            match = pattern.fullmatch(note.record)
            if match:
                groups = range(1, len(shown["spans"]) + 1)
                return note, [slice(match.start(g), match.end(g)) for g in groups]
    raise NotSampleDataError(
        "A note to review is not one of the sample notes. The demonstration plays people on "
        "sample_data/ only; let clinicians review these."
    )


def _pattern(shown: dict[str, Any]) -> tuple[re.Pattern[str], list[str]]:
    text, place, parts, literals = shown["text"], 0, [], []
    for span in sorted(shown["spans"], key=lambda span: span["start"]):
        literals.append(text[place : span["start"]])
        parts += [re.escape(literals[-1]), "(.+?)"]
        place = span["end"]
    literals.append(text[place:])
    parts.append(re.escape(literals[-1]))
    return re.compile("".join(parts), re.DOTALL), literals


def judge(
    shown: dict[str, Any], notes: list[SampleNote]
) -> tuple[SampleNote, list[Finding], list[Finding]]:
    """What an attentive clinician finds: identifiers still readable, facts replaced."""
    note, replaced = find_note(shown, notes)
    spans = sorted(shown["spans"], key=lambda span: span["start"])
    shift = _Shift(replaced, spans)
    leaks = [
        Finding(shift.shown(start), shift.shown(end - 1) + 1, span["label"], note.text[start:end])
        for span in note.spans
        for start, end in shift.readable(note.text, span["start"], span["end"])
    ]
    destroyed = [
        Finding(span["start"], span["end"])
        for span, raw in zip(spans, replaced, strict=True)
        if _destroys(note, raw)
    ]
    return note, leaks, destroyed


def _destroys(note: SampleNote, raw: slice) -> bool:
    overlaps_identifier = any(s["start"] < raw.stop and raw.start < s["end"] for s in note.spans)
    return not overlaps_identifier and any(
        fact["kind"] in CLINICAL and fact["start"] < raw.stop and raw.start < fact["end"]
        for fact in note.keep
    )


class _Shift:
    """From places in the raw text to places in the shown text, around the replaced parts."""

    def __init__(self, replaced: list[slice], spans: list[dict[str, Any]]) -> None:
        self.pairs = list(zip(replaced, spans, strict=True))

    def covered(self, place: int) -> bool:
        return any(raw.start <= place < raw.stop for raw, _ in self.pairs)

    def shown(self, place: int) -> int:
        offset = 0
        for raw, span in self.pairs:
            if raw.stop > place:
                break
            offset = span["end"] - raw.stop
        return place + offset

    def readable(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of an identifier that are still readable and hold a letter or digit."""
        parts: list[tuple[int, int]] = []
        for place in range(start, end):
            if self.covered(place):
                continue
            if parts and parts[-1][1] == place:
                parts[-1] = (parts[-1][0], place + 1)
            else:
                parts.append((place, place + 1))
        return [(a, b) for a, b in parts if any(c.isalnum() for c in text[a:b])]
