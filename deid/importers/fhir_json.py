"""The resources of FHIR files, one at a time: Bulk NDJSON, a Bundle of any size, one resource."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

import ijson

from deid.importers.decoding import MAX_CHARACTERS, TextPieces, Utf8Stream, read_head
from deid.importers.model import ImportProblem, Rejected
from deid.importers.parts import Part, parts

ENDINGS = (".json", ".ndjson", ".jsonl")
_BUNDLE = re.compile(rb'"resourceType"\s*:\s*"Bundle"')
#: No resource nests as deep as this; a file that does is made to exhaust a reader.
MAX_DEPTH = 100

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A resource, the line or the entry where it stands, and its address within its Bundle."""

    line: int
    resource: Resource
    full_url: str = ""


class FhirResources:
    """Every resource of an upload, again from its beginning with each iteration."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.warnings: list[str] = []

    def __iter__(self) -> Iterator[Found | Rejected]:
        for part in parts(self._stream, ENDINGS):
            if isinstance(part, Rejected):
                yield part
            else:
                for item in self._of_part(part):
                    yield in_part(item, part.number) if isinstance(item, Rejected) else item

    def _of_part(self, part: Part) -> Iterator[Found | Rejected]:
        stream = cast(BinaryIO, _Rewound(part.stream))
        head = stream.peek_head()  # type: ignore[attr-defined]
        if _is_ndjson(head):
            pieces = TextPieces(stream)
            yield from _lines(pieces)
            self._warn(pieces.warnings)
            return
        plain = Utf8Stream(stream)
        buffered = cast(BinaryIO, io.BufferedReader(plain, 1 << 16))
        if _BUNDLE.search(head.replace(b"\0", b"")):
            yield from _bundle_entries(buffered)
        else:
            yield from _single(buffered)
        self._warn(plain.warnings)

    def _warn(self, found: list[str]) -> None:
        self.warnings += [w for w in found if w not in self.warnings]


class _Rewound(io.RawIOBase):
    """A stream whose beginning was looked at."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._head = read_head(stream)

    def peek_head(self) -> bytes:
        return self._head

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        data = self._head[: len(view)] or self._stream.read(len(view))
        self._head = self._head[len(view) :]
        view[: len(data)] = data
        return len(data)


def in_part(item: Rejected, number: int) -> Rejected:
    """Say in which file of an archive a record was left out."""
    if not number:
        return item
    return replace(item, reason=f"File {number}: {item.reason}")


def _is_ndjson(head: bytes) -> bool:
    """Whether lines are resources: one of the first that are whole is, or the first is long."""
    text = head.replace(b"\0", b"").decode("utf-8-sig", "replace")
    lines = text.split("\n")
    if lines[0].strip() in ("{", "[", ""):  # one object over many lines
        return False
    for line in lines[:50]:
        if line.lstrip().startswith("{") and '"resourceType"' in line:
            try:
                return isinstance(json.loads(line), dict)
            except (ValueError, RecursionError):
                continue
    first = lines[0].strip()
    return len(first) > 2 and first.startswith("{") and not _BUNDLE.search(head)


def _lines(pieces: TextPieces) -> Iterator[Found | Rejected]:
    for number, line in enumerate(pieces.capped_lines(), start=1):
        if line is None:
            yield Rejected(
                number, "line_too_long", "The line is longer than 20 million characters."
            )
            continue
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except RecursionError:
            yield Rejected(number, "too_deep", "The resource is nested too deeply.")
            continue
        except ValueError:
            yield Rejected(number, "broken_json", "The line is not valid JSON.")
            continue
        yield from _checked(number, value)


def _checked(line: int, value: object, full_url: str = "") -> Iterator[Found | Rejected]:
    """The resource, or the resources of a Bundle that stands on one line."""
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        yield Rejected(line, "not_a_resource", "The record is no FHIR resource.")
    elif _too_deep(value):
        yield Rejected(line, "too_deep", "The resource is nested too deeply.")
    elif value["resourceType"] == "Bundle":
        entries = value.get("entry")
        for entry in entries if isinstance(entries, list) else []:
            yield from _entry(line, entry)
    else:
        yield Found(line, value, full_url)


def _entry(line: int, entry: object) -> Iterator[Found | Rejected]:
    if not isinstance(entry, dict):
        yield Rejected(line, "not_a_resource", "The entry holds no FHIR resource.")
    elif "resource" in entry:  # an entry may be a request or a response alone
        url = entry.get("fullUrl")
        yield from _checked(line, entry["resource"], url if isinstance(url, str) else "")


def _too_deep(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            for child in (
                item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            )
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


class _Measured:
    """Refuses an entry that would have to be held whole and is larger than any note."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._since = 0

    def entry_ended(self) -> None:
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._since += len(data)
        if self._since > 2 * MAX_CHARACTERS:
            raise ImportProblem(
                "resource_too_large",
                "An entry of the Bundle is larger than 40 MB.",
                "Export it as Bulk NDJSON, where one such entry alone is left out.",
            )
        return data


def _bundle_entries(stream: BinaryIO) -> Iterator[Found | Rejected]:
    """The entries of one Bundle as they stream by; lines are the entries' numbers."""
    measured = _Measured(stream)
    entries = ijson.items(measured, "entry.item", use_float=True, multiple_values=True)
    number = 0
    while True:
        try:
            entry = next(entries, None)
        except (ijson.JSONError, ValueError, RecursionError):
            raise ImportProblem(
                "broken_json",
                f"The Bundle is no valid JSON behind entry {number}.",
                "It may have been cut off: export it again; nothing was imported.",
            ) from None
        if entry is None:
            return
        number += 1
        measured.entry_ended()
        yield from _entry(number, entry)


def _single(stream: BinaryIO) -> Iterator[Found | Rejected]:
    """One resource in a file of its own, or a JSON list of resources."""
    data = stream.read(MAX_CHARACTERS + 1)
    if len(data) > MAX_CHARACTERS:
        raise ImportProblem(
            "resource_too_large",
            "The file is one resource of more than 20 MB.",
            "Export it as a Bundle or as Bulk NDJSON; nothing was imported.",
        )
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        yield Rejected(1, "broken_json", "The file is not valid JSON.")
        return
    values = value if isinstance(value, list) else [value]
    for number, item in enumerate(values, start=1):
        yield from _checked(number, item)
