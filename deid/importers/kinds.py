"""Which kind a file is, by its name and its beginning, and what a structured one holds."""

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from deid.importers.archives import ENTRY_ERRORS, open_archive
from deid.importers.decoding import read_head
from deid.importers.fhir_json import FhirResources, Found
from deid.importers.hl7_messages import Hl7Messages, Message
from deid.importers.model import ImportProblem, Mapping, Preview, Rejected
from deid.importers.parts import is_zip, unpacked

#: A page shows the counts of this many: a whole file may take minutes.
_COUNTED = 2_000
#: So many files of an archive say what it holds.
_LOOKED_AT = 20
_ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "fhir",
    ".zip": "zip", ".txt": "txt", ".hl7": "hl7", ".er7": "hl7",
}  # fmt: skip
_RESOURCE = re.compile(rb'"resourceType"\s*:\s*"[A-Z]')
_HL7 = re.compile(rb"[\x0b\s]*(?:\xef\xbb\xbf)?[\x0b\s]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")


def kind_of(file_name: str) -> str | None:
    """The kind by the ending of a file name, with or without ``.gz``, or ``None``."""
    return _ENDINGS.get(Path(file_name.lower().removesuffix(".gz")).suffix)


def detected(stream: BinaryIO, kind: str) -> str:
    """The kind by what a seekable stream begins with; the given one where nothing says more.

    NDJSON may be FHIR or plain records, a zip may hold text files or a bulk export, and an
    interface engine writes its messages into a ``.txt``.
    """
    stream.seek(0)
    try:
        if is_zip(stream):
            return _of_archive(stream) or "zip"
        return _of_head(read_head(unpacked(stream))) or kind
    except ImportProblem:
        return kind  # reading it will say what is wrong
    finally:
        stream.seek(0)


def _of_head(head: bytes) -> str | None:
    head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    if _HL7.match(head):
        return "hl7"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "fhir" if start in (b"{", b"[") and _RESOURCE.search(head) else None


def _of_archive(stream: BinaryIO) -> str | None:
    """The kind of most of the first files, so that a file of another kind decides nothing."""
    archive, entries = open_archive(stream)
    kinds: Counter[str | None] = Counter()
    for entry in [e for e in entries if kind_of(e.filename) and not e.is_dir()][:_LOOKED_AT]:
        try:
            with archive.open(entry) as opened:
                kinds[_of_head(read_head(unpacked(opened)))] += 1  # type: ignore[arg-type]
        except ENTRY_ERRORS:
            continue
    return kinds.most_common(1)[0][0] if kinds else None


def preview_structured(stream: BinaryIO, kind: str) -> Preview:
    """Counts by type of the first records. Raises ``ImportProblem`` where there are none."""
    source = FhirResources(stream) if kind == "fhir" else Hl7Messages(stream)
    counts: Counter[str] = Counter()
    total = 0
    for item in islice(source, _COUNTED + 1):
        total += 1
        if total <= _COUNTED:
            counts[_label(item)] += 1
    if not any(label != _UNREADABLE for label in counts):
        raise ImportProblem(
            "no_records",
            "The file has no record that can be read.",
            "Check that it is complete; nothing was imported.",
        )
    return Preview(
        columns=(),
        rows=(),
        suggested_mapping=Mapping(text=""),
        warnings=tuple(source.warnings),
        counts=tuple(counts.most_common()),
        counted_all=total <= _COUNTED,
    )


_UNREADABLE = "Cannot be read"


def _label(item: Found | Message | Rejected) -> str:
    if isinstance(item, Found):
        return str(item.resource["resourceType"])[:60]
    if isinstance(item, Message):
        return "^".join(part[:10] for part in item.header.components(9)[:2] if part) or "MSH"
    return _UNREADABLE
