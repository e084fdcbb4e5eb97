"""Notes in, one JSON object a line, in groups of one patient and in bounded memory."""

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from deid.engine.spans import KnownIdentifier

#: A longer line is refused: it is no note, and would have to be held in memory whole.
LONGEST_LINE = 64 * 2**20


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One note of the input. Its ``repr`` shows the line's number only."""

    number: int
    id: str | int
    text: str
    patient: str | None = None
    known: tuple[KnownIdentifier, ...] = ()

    def __repr__(self) -> str:
        return f"Line({self.number})"


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is left out, with the reason; the reason never holds content of the line."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A line with nothing on it."""

    number: int


class BadLineError(ValueError):
    """A line that is no note; the message is the reason."""


def parse_line(number: int, raw: bytes) -> Line:
    """One line of the input.

    Raises ``BadLineError`` with a reason that quotes nothing.
    """
    record = _object(raw)
    note_id, text, patient = record.get("id"), record.get("text"), record.get("patient")
    if not isinstance(note_id, str | int) or isinstance(note_id, bool):
        raise BadLineError("it has no id, which is a string or a whole number")
    if not isinstance(text, str):
        raise BadLineError("it has no text, which is a string")
    if patient is not None and not isinstance(patient, str | int):
        raise BadLineError("its patient is neither a string nor a whole number")
    known = known_identifiers(record.get("known") or [])
    return Line(number, note_id, text, None if patient is None else str(patient), known)


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise BadLineError(f"it is longer than {LONGEST_LINE // 2**20} MB")
    try:
        record = json.loads(raw)
    except UnicodeDecodeError:
        raise BadLineError("it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLineError("it is not JSON") from None
    if not isinstance(record, dict):
        raise BadLineError("it is no JSON object")
    return record


def known_identifiers(given: Any) -> tuple[KnownIdentifier, ...]:
    """``[{"category", "value"}]`` as identifiers. Raises ``BadLineError``."""
    if not isinstance(given, list):
        raise BadLineError("known is no list")
    found = []
    for item in given:
        if not (isinstance(item, dict) and isinstance(item.get("value"), str)):
            raise BadLineError("an entry of known has no category and value")
        try:
            found.append(KnownIdentifier(str(item.get("category")), item["value"]))
        except ValueError:
            raise BadLineError("known has a category that is none of the 18 codes") from None
    return tuple(found)


class Notes:
    """The notes of a seekable stream. A first pass finds which lines belong to one patient."""

    def __init__(self, stream: BinaryIO, known: Mapping[str, tuple[KnownIdentifier, ...]]) -> None:
        self._stream, self._known = stream, known
        self._places: dict[str, array[int]] = {}

    def groups(self) -> Iterator[list[Line] | Bad | Blank]:
        """Each patient's notes together, at the place of the first of them; others alone."""
        self._find_patients()
        for number, place, raw in self._lines():
            if not raw.strip():
                yield Blank(number)
                continue
            try:
                line = parse_line(number, raw)
            except BadLineError as problem:
                yield Bad(number, str(problem))
                continue
            if line.patient is None:
                yield [line]
            elif self._places[line.patient][1] == place:
                yield self._of_patient(line.patient)

    def _find_patients(self) -> None:
        for number, place, raw in self._lines():
            try:
                patient = parse_line(number, raw).patient if b'"patient"' in raw else None
            except BadLineError:
                continue
            if patient is not None:
                self._places.setdefault(patient, array("q")).extend((number, place))

    def _of_patient(self, patient: str) -> list[Line]:
        places, here = self._places[patient], self._stream.tell()
        lines = []
        for at in range(0, len(places), 2):
            self._stream.seek(places[at + 1])
            lines.append(parse_line(places[at], self._stream.readline()))
        self._stream.seek(here)
        return lines

    def known_of(self, lines: list[Line]) -> tuple[KnownIdentifier, ...]:
        """What is known of the patient of these notes."""
        given = self._known.get(lines[0].patient or "", ())
        return tuple(dict.fromkeys((*given, *(k for line in lines for k in line.known))))

    def _lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Number, place and bytes of each line; of one that is too long only its beginning."""
        self._stream.seek(0)
        number = 0
        while True:
            place = self._stream.tell()
            raw = self._stream.readline(LONGEST_LINE + 1)
            if not raw:
                return
            rest = raw
            while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
                rest = self._stream.readline(LONGEST_LINE + 1)
            number += 1
            yield number, place, raw
