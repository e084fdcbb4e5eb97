"""The note types: how each is told, who writes it and on which day of an illness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scene import Draft, Scene
from . import acute, allied, letters, procedures


@dataclass(frozen=True)
class NoteType:
    """`day` counts from the first visit; `author` is a specialty or a staff group."""

    name: str
    write: Callable[[Scene], Draft]
    day: int
    author: str
    treated: bool
    short: bool = False


_ED = NoteType("ED note", acute.ed_note, 0, "emergency medicine", False)
_HP = NoteType("H&P", acute.history_physical, 0, "attending", False, True)
_RAD = NoteType("radiology report", procedures.radiology_report, 0, "radiology", False, True)
_OP = NoteType("operative report", procedures.operative_report, 1, "attending", False)
_NURSE = NoteType("nursing note", allied.nursing_note, 1, "nurse", True)
_PROGRESS = NoteType("progress note", acute.progress_note, 2, "attending", True, True)
_MEDREC = NoteType(
    "medication reconciliation", allied.medication_reconciliation, 2, "pharmacist", True
)
_PATH = NoteType("pathology report", procedures.pathology_report, 3, "pathology", True)
_PT = NoteType("physiotherapy", allied.physiotherapy, 3, "therapist", True)
_SW = NoteType("social work", allied.social_work, 3, "social worker", True)
_DC = NoteType("discharge summary", acute.discharge_summary, 4, "attending", True)
_CONSULT = NoteType("consult letter", letters.consult_letter, 0, "attending", False, True)
_PHONE = NoteType("telephone encounter", letters.telephone_encounter, 10, "nurse", True, True)
_CLINIC = NoteType("clinic letter", letters.clinic_letter, 24, "attending", True, True)

JOURNEYS: dict[str, tuple[NoteType, ...]] = {
    "medical": (_ED, _RAD, _HP, _NURSE, _PROGRESS, _MEDREC, _PT, _SW, _DC, _PHONE, _CLINIC),
    "surgical": (_ED, _RAD, _HP, _OP, _NURSE, _PROGRESS, _PATH, _PT, _DC, _PHONE, _CLINIC),
    "elective": (_CONSULT, _RAD, _HP, _OP, _NURSE, _PROGRESS, _PATH, _PT, _DC, _PHONE, _CLINIC),
    "outpatient": (_CONSULT, _RAD, _PROGRESS, _MEDREC, _PT, _SW, _PHONE, _CLINIC),
}
