"""Corpora: one JSON a line, ``{"id", "text", "spans": [{"start", "end", "label"}]}``."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Gold spans of this label are neither required nor punished.
IGNORE = "IGNORE"
DEV, UNREAD = "dev", "unread"
PARTS = (DEV, UNREAD)
#: Characters from which a note counts as long.
LONG_NOTE = 20_000


@dataclass(frozen=True, slots=True)
class Gold:
    """A span that a document's annotation holds: half-open offsets in characters."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its gold spans."""

    id: str
    text: str
    spans: tuple[Gold, ...]

    @property
    def required(self) -> tuple[Gold, ...]:
        """The spans that must be found."""
        return tuple(s for s in self.spans if s.label != IGNORE)


class CorpusError(ValueError):
    """A corpus that cannot be scored; the message names file and line, and quotes nothing."""


def part_of(document_id: str) -> str:
    """``dev`` or ``unread``, by the first hexadecimal digit of the SHA-256 of the id.

    Rules are written on ``dev`` (0-9) alone, so that ``unread`` (a-f) stays a test of them.
    """
    return DEV if hashlib.sha256(document_id.encode()).hexdigest()[0].isdigit() else UNREAD


def load(path: Path) -> list[Document]:
    """All documents of a file. Raises ``CorpusError`` on a line that is no document."""
    documents = []
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise CorpusError(f"{path} cannot be read as UTF-8 text.") from problem
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            documents.append(document_of(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            raise CorpusError(f"{path}, line {number}: it is no document with spans.") from None
    if not documents:
        raise CorpusError(f"{path} holds no document.")
    return documents


def document_of(record: dict[str, Any]) -> Document:
    """The document of a record. Raises ``ValueError`` where a span does not lie in its text."""
    text = record["text"]
    spans = tuple(Gold(s["start"], s["end"], s["label"]) for s in record["spans"])
    if not all(0 <= s.start < s.end <= len(text) for s in spans):
        raise ValueError("a span does not lie in its text")
    return Document(str(record["id"]), text, spans)


def long_notes(texts: Sequence[str], at_least: int = LONG_NOTE) -> list[str]:
    """The texts joined to notes of ``at_least`` characters, from the first on.

    The rest that does not fill a note is left out; what is too short for one is repeated.
    """
    notes, held, length = [], [], 0
    for text in texts:
        held.append(text)
        length += len(text) + 2
        if length >= at_least + 2:
            notes.append("\n\n".join(held))
            held, length = [], 0
    if notes:
        return notes
    times = -(-(at_least + 2) // max(length, 1))
    return ["\n\n".join(held * times)]
