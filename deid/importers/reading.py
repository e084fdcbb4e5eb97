"""The two verbs of an import: look at it, and read it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from deid.importers.csv_files import CsvRows
from deid.importers.fhir import FhirNotes
from deid.importers.hl7 import Hl7Notes
from deid.importers.jsonl_files import JsonRows, NotText
from deid.importers.kinds import preview_structured
from deid.importers.mapping import suggest
from deid.importers.model import (
    FIELDS,
    KINDS,
    STRUCTURED,
    ImportProblem,
    Mapping,
    PatientFacts,
    Preview,
    Record,
    Rejected,
)
from deid.importers.parts import unpacked
from deid.importers.restricted import REASONS, RESTRICTIONS, first_kept_back, restrictions
from deid.importers.scratch import Scratch
from deid.importers.text_files import FolderRows, TextRows, ZipRows

PREVIEW_ROWS = 5
NO_PATIENT_WARNING = (
    "No column names the patient, so every record counts as its own patient: what is known of a "
    "patient cannot hold in that patient's other notes."
)
NO_TEXT_WARNING = "No column could be recognised as the note's text. Choose it."

Rows = CsvRows | JsonRows | TextRows | FolderRows | ZipRows
Item = Record | Rejected | PatientFacts
NOTHING_ADMITTED: frozenset[str] = frozenset()
Source = BinaryIO | Path


def _open(source: Source, kind: str) -> Rows:
    if isinstance(source, Path):
        if not source.is_dir():
            raise ImportProblem(
                "no_folder", "The path is not a folder.", "Name a folder of .txt files."
            )
        return FolderRows(source)
    if kind == "csv":
        return CsvRows(unpacked(source))
    if kind == "jsonl":
        return JsonRows(unpacked(source))
    if kind == "zip":
        return ZipRows(source)
    if kind == "txt":
        return TextRows(source)
    raise ImportProblem(
        "unknown_kind",
        "This kind of file cannot be imported.",
        f"Import one of: {', '.join(KINDS)}.",
    )


def preview(stream: Source, kind: str) -> Preview:
    """Columns, the first five rows and a suggested mapping; of a structured kind, counts.

    The stream must be seekable. Raises ``ImportProblem``.
    """
    if kind in STRUCTURED and not isinstance(stream, Path):
        return preview_structured(stream, kind)
    rows = _open(stream, kind)
    shown: list[dict[str, str]] = []
    rejected = 0
    for row in islice(rows, PREVIEW_ROWS * 4):
        if isinstance(row, Rejected):
            rejected += 1
        elif len(shown) < PREVIEW_ROWS:
            shown.append(row[1])
        else:
            break
    if not shown:
        raise ImportProblem(
            "no_records",
            "The file has no record that can be read.",
            "Check that it has rows below the header; nothing was imported.",
        )
    if kind == "csv" and rows.columns[0].lstrip().startswith("{"):
        raise ImportProblem(
            "jsonl_as_csv",
            "The file holds JSON lines, not a table.",
            "Name it .jsonl, or upload it as JSONL; nothing was imported.",
        )
    mapping = suggest(rows.columns, shown)
    warnings = list(rows.warnings)
    if mapping is None:
        warnings.append(NO_TEXT_WARNING)
    elif mapping.patient_key is None:
        warnings.append(NO_PATIENT_WARNING)
    if rejected:
        warnings.append(f"{rejected} of the first rows cannot be read.")
    return Preview(tuple(c for c in rows.columns if c), tuple(shown), mapping, tuple(warnings))


def read_records(
    stream: Source, kind: str, mapping: Mapping, admitted: frozenset[str] = NOTHING_ADMITTED
) -> Iterator[Item]:
    """Every record of the input, or why it was left out, in order and one at a time.

    ``admitted`` are the restrictions (see ``restricted``) that a recorded authority lifts. The
    stream must be seekable. Raises ``ImportProblem`` when the input as a whole cannot be read, also
    midway (an unclosed quote): the records given before are complete. A second record with the
    same id is rejected.
    """
    found = 0
    for item in _items(stream, kind, mapping, admitted):
        found += not isinstance(item, Rejected) or item.reason_code in _READ_BUT_LEFT_OUT
        yield item
    if not found:
        raise ImportProblem(
            "no_records",
            "The file has no record that can be read.",
            "Check the kind of file, the text column and the rows; nothing was imported.",
        )


#: Records that were read in full: a file that holds only such ones is no broken file.
_READ_BUT_LEFT_OUT = frozenset(
    ("duplicate_id", "superseded", "cancelled", "entered_in_error", *RESTRICTIONS)
)


def _items(stream: Source, kind: str, mapping: Mapping, admitted: frozenset[str]) -> Iterator[Item]:
    if kind in STRUCTURED and not isinstance(stream, Path):
        yield from (FhirNotes if kind == "fhir" else Hl7Notes)(stream, admitted)
        return
    rows = _open(stream, kind)
    _check_mapping(mapping, rows.columns, open_ended=kind == "jsonl")
    with Scratch() as seen:
        for row in rows:
            yield row if isinstance(row, Rejected) else _record(*row, mapping, seen, admitted)


def _check_mapping(mapping: Mapping, columns: tuple[str, ...], *, open_ended: bool) -> None:
    named = [getattr(mapping, field) for field in FIELDS]
    lacking = sum(1 for column in [*named, *mapping.known] if column and column not in columns)
    if mapping.text not in columns and not open_ended:
        raise ImportProblem(
            "no_text_column",
            "The file has no column with the name chosen for the note's text.",
            "Choose the text column again; nothing was imported.",
        )
    if lacking and not open_ended:
        raise ImportProblem(
            "unknown_column",
            f"The file lacks {lacking} of the mapped columns.",
            "Map the columns again; nothing was imported.",
        )


def _record(
    line: int, row: dict[str, str], mapping: Mapping, seen: Scratch, admitted: frozenset[str]
) -> Record | Rejected:
    text = row.get(mapping.text, "")
    if isinstance(text, NotText):
        return Rejected(line, "not_text", "The record's text is a number, list or object.")
    if not text.strip():
        return Rejected(line, "no_text", "The record has no text.")
    if "\0" in text:
        return Rejected(line, "binary", "The record's text holds binary data.")
    words = (_cell(row, mapping.note_type), _cell(row, mapping.specialty))
    kept_back = first_kept_back(restrictions((), words, text), admitted)
    if kept_back is not None:
        return Rejected(line, kept_back, REASONS[kept_back])
    own_id = _cell(row, mapping.external_id)
    if own_id and not seen.add("id", own_id):
        return Rejected(line, "duplicate_id", "An earlier record has the same id.")
    external_id = own_id or str(line)
    patient = _cell(row, mapping.patient_key)
    return Record(
        line=line,
        text=text,
        external_id=external_id,
        patient_key=patient or f"record:{external_id}",
        note_type=_cell(row, mapping.note_type),
        specialty=_cell(row, mapping.specialty),
        author=_cell(row, mapping.author),
        note_date=_cell(row, mapping.note_date),
        summary=_cell(row, mapping.summary),
        known=tuple(
            (category, value)
            for column, category in mapping.known.items()
            if (value := _cell(row, column))
        ),
        warnings=(*(() if own_id else ("no_id",)), *(() if patient else ("no_patient",))),
    )


def _cell(row: dict[str, str], column: str | None) -> str:
    return row.get(column, "").replace("\0", "").strip() if column else ""
