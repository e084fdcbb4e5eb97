"""Guessing from column names, and from their lengths, which column holds what."""

import re
from collections.abc import Sequence

from deid.importers.model import Mapping

_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "note_text", "notetext", "note", "body", "content", "report", "report_text",
        "document", "narrative", "clinical_note", "full_text", "dialogue", "section_text",
    ),
    "external_id": (
        "note_id", "noteid", "id", "document_id", "doc_id", "external_id", "row_id", "report_id",
        "encounter_id", "file",
    ),
    "patient_key": (
        "patient_id", "patientid", "patient_key", "patient", "subject_id", "pat_id", "mrn",
        "medical_record_number", "person_id",
    ),
    "note_type": ("note_type", "notetype", "type", "document_type", "category", "kind"),
    "specialty": ("specialty", "speciality", "department", "service", "dept"),
    "author": ("author", "provider", "clinician", "author_name", "signed_by", "physician"),
    "note_date": (
        "note_date", "date", "note_datetime", "charttime", "chartdate", "datetime", "created",
        "service_date", "encounter_date", "timestamp",
    ),
    "summary": (
        "summary", "note_summary", "clinician_summary", "reference_summary", "gold_summary",
    ),
}  # fmt: skip

_KNOWN: tuple[tuple[str, str], ...] = (
    (r"(?:patient|pt|relative|mother|father|spouse|husband|wife|contact|guardian|next_of_kin|nok"
     r"|guarantor|employer|child|daughter|son|partner|doctor|provider|pcp)_?(?:first_|last_|full_)?"
     r"name|(?:first|last|middle|full|given|family|maiden)_?name|surname|name|next_of_kin|nok"
     r"|employer|relatives?|pcp|author|provider|clinician|signed_by|physician|nickname|alias"
     r"|mother|father|spouse|guardian|emergency_contact", "NAME"),
    (r"(?:patient_)?(?:dob|date_of_birth|birth_?date|dod|date_of_death|death_date)", "DATE_AGE"),
    (r"(?:.*_)?fax(?:_number|_no)?", "FAX"),
    (r"(?:.*_)?(?:phone|telephone|tel|mobile|cell)(?:_number|_no)?s?", "PHONE"),
    (r"(?:.*_)?e_?mails?(?:_address)?", "EMAIL"),
    (r"(?:patient_)?(?:ssn|social_security(?:_number|_no)?)", "SSN"),
    (r"(?:patient_)?(?:mrn|medical_record_(?:number|no)|chart_(?:number|no)|record_number)s?",
     "MRN"),
    (r"(?:health_)?(?:plan|insurance|member|policy|subscriber|beneficiary|medicare|medicaid|group)"
     r"_?(?:id|number|no)", "HEALTH_PLAN"),
    (r"(?:.*_)?(?:account|acct)(?:_number|_no|_id)?s?", "ACCOUNT"),
    (r"(?:.*_)?(?:licen[cs]e|npi|dea|passport)(?:_number|_no)?", "LICENSE"),
    (r"(?:vin|plate|license_plate|vehicle_id)", "VEHICLE"),
    (r"(?:device|serial|implant)_?(?:id|number|no|serial)|udi", "DEVICE"),
    (r"(?:.*_)?(?:address|street|city|town|county|zip|zip_?code|postal_?code|postcode|facility"
     r"|hospital|site|clinic)(?:_line)?_?\d?", "LOCATION"),
    (r"(?:accession|specimen|encounter|visit|csn|order)_?(?:id|number|no)|csn|user_?name|login",
     "OTHER_ID"),
)  # fmt: skip


def normal(column: str) -> str:
    """A column's name in lower case with single underscores."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def known_category(column: str) -> str | None:
    """The category of a structured identifier, by the column's name."""
    name = normal(column)
    for pattern, category in _KNOWN:
        if re.fullmatch(pattern, name):
            return category
    return None


def suggest(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> Mapping | None:
    """A mapping by name; without a text column by name, the one whose values are longest."""
    by_name = {normal(column): column for column in reversed(columns)}
    chosen = {
        target: next((by_name[n] for n in names if n in by_name), None)
        for target, names in _NAMES.items()
    }
    text = chosen.pop("text") or _longest(columns, rows)
    if text is None:
        return None
    known = {
        column: category
        for column in columns
        if column != text and (category := known_category(column)) is not None
    }
    return Mapping(text=text, known=known, **{k: v for k, v in chosen.items() if v != text})


def _longest(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str | None:
    lengths = {c: max((len(row.get(c, "")) for row in rows), default=0) for c in columns}
    best = max(lengths, key=lambda c: lengths[c], default=None)
    return best if best is not None and lengths[best] >= 80 else None
