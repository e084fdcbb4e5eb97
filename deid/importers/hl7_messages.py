"""HL7 v2 messages from a file: ER7 (pipes), with or without MLLP frames and batch envelopes.

Delimiters come from MSH-1 and MSH-2, the character set from MSH-18 (table 0211). Escapes are
resolved after splitting (HL7 v2.9, chapter 2.7).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from deid.importers.decoding import (
    CP1252_WARNING,
    MAX_CHARACTERS,
    Utf8Stream,
    decoded,
    read_head,
    utf16_of,
)
from deid.importers.model import Rejected
from deid.importers.parts import parts

ENDINGS = (".hl7", ".txt", ".dat", ".er7")
_CHUNK = 1 << 16
_MLLP = b"\x0b\x1c"
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?:[^A-Za-z0-9\s]|$)")
_ENVELOPE = (b"FHS", b"BHS", b"BTS", b"FTS")
_CHARSETS = {
    "": "", "ASCII": "", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8",
    "ISO IR6": "", "CP1252": "cp1252", "WINDOWS-1252": "cp1252",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The five characters that a message splits by."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True, repr=False)
class Segment:
    """One segment; ``fields[n]`` is the raw text of field n of the standard's numbering."""

    name: str
    fields: tuple[str, ...]
    by: Delimiters
    charset: str

    def field(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        raw = self.field(number)
        return [r for r in raw.split(self.by.repetition) if r] if raw else []

    def components(self, number: int) -> list[str]:
        """The components of the first repetition, unescaped."""
        return self.split((self.repetitions(number) or [""])[0])

    def split(self, repetition: str) -> list[str]:
        return [self.text(c) for c in repetition.split(self.by.component)]

    def component(self, number: int, position: int) -> str:
        """Component ``position``, counted from 1, of the first repetition."""
        found = self.components(number)
        return found[position - 1] if position <= len(found) else ""

    def text(self, raw: str) -> str:
        """A raw value without its escapes; the null of HL7 (two quotes) is nothing."""
        value = unescape(raw, self.by, self.charset) if self.by.escape in raw else raw
        return "" if value.strip() == '""' else value.replace("\0", "").strip(" ")


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message, the line of its MSH, and whether a character set had to be guessed."""

    line: int
    segments: tuple[Segment, ...]
    fell_back: bool = False

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        return next((s for s in self.segments if s.name == name), None)

    def all(self, *names: str) -> list[Segment]:
        return [s for s in self.segments if s.name in names]


_ESCAPED = re.compile(r"[FSTRE]|H|N|X(?:[0-9A-Fa-f]{2})+|[CM][0-9A-Fa-f]{4,6}|Z[^\\]{0,20}"
                      r"|\.(?:br|ce|fi|nf|sp ?\d{0,3}|(?:in|ti|sk) ?[+-]?\d{0,3})")  # fmt: skip


def unescape(raw: str, by: Delimiters, charset: str = "") -> str:
    """Resolve the escapes of one value; what only looks like one stays as it is."""
    pieces = raw.split(by.escape)
    if len(pieces) == 1:
        return raw
    out, position = [pieces[0]], 1
    while position < len(pieces):
        code = pieces[position]
        if position + 1 < len(pieces) and _ESCAPED.fullmatch(code):
            out += [_meaning(code, by, charset), pieces[position + 1]]
            position += 2
        else:
            out.append(by.escape + code)
            position += 1
    return "".join(out)


def _meaning(code: str, by: Delimiters, charset: str) -> str:
    single = {
        "F": by.field, "S": by.component, "T": by.subcomponent, "R": by.repetition,
        "E": by.escape,
    }  # fmt: skip
    if code in single:
        return single[code]
    if code in (".br", ".ce"):
        return "\n"
    if code.startswith(".sp"):
        return "\n" * min(int(code[3:].strip() or 1), 100)
    if code.startswith((".in", ".ti", ".sk")):
        return " "
    if code.startswith("X"):
        data = bytes.fromhex(code[1:])
        # One escape may hold part of a character only: Latin-1 never fails.
        try:
            return data.decode(charset or "utf-8")
        except (UnicodeDecodeError, LookupError):
            return data.decode("latin-1")
    return ""  # highlighting, fill, changes of character set and local codes


class Hl7Messages:
    """Every message of an upload, again from its beginning with each iteration."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.warnings: list[str] = []

    def __iter__(self) -> Iterator[Message | Rejected]:
        for part in parts(self._stream, ENDINGS):
            if isinstance(part, Rejected):
                yield part
                continue
            for item in _messages(part.stream):
                if isinstance(item, Message) and item.fell_back:
                    self._warn()
                if isinstance(item, Rejected) and part.number:
                    item = replace(item, reason=f"File {part.number}: {item.reason}")
                yield item

    def _warn(self) -> None:
        if CP1252_WARNING not in self.warnings:
            self.warnings.append(CP1252_WARNING)


def _byte_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) split at CR, LF and CRLF alike; ``None`` for a line beyond all measure."""
    number, held, skipping = 1, b"", False
    while data := stream.read(_CHUNK):
        lines = (held + data).splitlines(keepends=True)
        # A CR at the end may be half of a CRLF, and a line without an end goes on.
        held = lines.pop()
        for line in lines:
            yield number, None if skipping else line.rstrip(b"\r\n")
            number, skipping = number + 1, False
        if len(held) > MAX_CHARACTERS:
            held, skipping = b"", True
    if held:
        yield number, None if skipping else held.rstrip(b"\r\n")


def _messages(stream: BinaryIO) -> Iterator[Message | Rejected]:
    """Group the lines of one file by MSH."""
    started, raw, size = 0, list[bytes](), 0
    for number, line in _byte_lines(_as_bytes(stream)):
        if line is None:
            size = MAX_CHARACTERS + 1
            continue
        clean = line.strip(_MLLP).lstrip(b"\xef\xbb\xbf") if number == 1 else line.strip(_MLLP)
        if not clean.strip() or clean[:3] in _ENVELOPE:
            continue
        if clean.startswith(b"MSH"):
            if raw:
                yield _message(started, raw, size)
            started, raw, size = number, [clean], len(clean)
        elif not raw:
            yield Rejected(number, "no_header", "The segment stands before any MSH.")
        elif size <= MAX_CHARACTERS:
            size += len(clean)
            if _SEGMENT.match(clean):
                raw.append(clean)
            else:  # a line break that its sender did not escape: the field goes on
                raw[-1] += b"\n" + clean
    if raw:
        yield _message(started, raw, size)


def _as_bytes(stream: BinaryIO) -> BinaryIO:
    """The stream; one in UTF-16, where a CR is two bytes, as UTF-8."""
    head = read_head(stream, 4_000)
    rest = cast(BinaryIO, _Joined(head, stream))
    return cast(BinaryIO, Utf8Stream(rest)) if utf16_of(head) else rest


class _Joined:
    """A beginning that was read, and the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def _message(line: int, raw: list[bytes], size: int) -> Message | Rejected:
    if size > MAX_CHARACTERS:
        return Rejected(line, "message_too_large", "The message is larger than 20 MB.")
    head = raw[0].decode("latin-1")
    if len(head) < 8 or len(set(head[3:8])) < 5 or any(c.isalnum() for c in head[3:8]):
        return Rejected(line, "broken_msh", "MSH does not name its delimiters.")
    by = Delimiters(*head[3:8])
    charset = _charset(head.split(by.field), by)
    if charset is None:
        return Rejected(line, "encoding", "The character set in MSH-18 is unknown.")
    try:
        texts = [decoded(part, charset) for part in raw]
    except (LookupError, UnicodeDecodeError):
        return Rejected(line, "encoding", "The message is not in the character set of its MSH-18.")
    segments = tuple(_segment(text, by, charset) for text, _ in texts)
    return Message(line, segments, any(fell_back for _, fell_back in texts))


def _charset(header: list[str], by: Delimiters) -> str | None:
    """A Python codec's name, an empty one for the default, or ``None`` for an unknown one."""
    stated = header[17].split(by.repetition)[0].strip().upper() if len(header) > 17 else ""
    if stated in _CHARSETS:
        return _CHARSETS[stated]
    latin = re.fullmatch(r"8859/(\d{1,2})", stated)
    return f"iso8859_{latin[1]}" if latin else None


def _segment(text: str, by: Delimiters, charset: str) -> Segment:
    name, fields = text[:3], text.split(by.field)
    # MSH-1 is the separator itself, so that MSH-2 is the first value behind it.
    numbered = [name, by.field, *fields[1:]] if name == "MSH" else fields
    return Segment(name, tuple(numbered), by, charset)
