"""JSON Lines: one object a line; a bad line is rejected and the rest is read."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from deid.importers.decoding import TextPieces
from deid.importers.model import ImportProblem, Rejected


class JsonRows:
    """Objects as flat dictionaries of text; ``columns`` come from the first object."""

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = TextPieces(stream)
        self.warnings = self._pieces.warnings
        self._rows = self._read()
        self._first: tuple[int, dict[str, str]] | None = None
        self._rejected: list[Rejected] = []
        for row in self._rows:
            if isinstance(row, Rejected):
                self._rejected.append(row)
                if len(self._rejected) >= 20:
                    break
            else:
                self._first = row
                break
        if self._first is None:
            raise ImportProblem(
                "not_jsonl",
                "No line at the beginning of the file is a JSON object.",
                "Export one JSON object a line; nothing was imported.",
            )
        self.columns = tuple(self._first[1])

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        yield from self._rejected
        if self._first is not None:
            yield self._first
        yield from self._rows

    def _read(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        for number, line in enumerate(self._pieces.capped_lines(), start=1):
            if line is None:
                yield Rejected(
                    number, "line_too_long", "The line is longer than 20 million characters."
                )
                continue
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                yield Rejected(number, "broken_json", "The line is not valid JSON.")
                continue
            if not isinstance(value, dict):
                yield Rejected(number, "not_an_object", "The line is JSON, but not an object.")
                continue
            yield number, {str(key): _as_text(item) for key, item in value.items()}


class NotText(str):
    """What was no text in the file: good as an id or a date, but not as a note."""

    __slots__ = ()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # A lone surrogate is valid JSON, but it can be neither stored nor encoded.
        return value.encode("utf-8", "replace").decode("utf-8")
    return NotText(json.dumps(value, ensure_ascii=False))
