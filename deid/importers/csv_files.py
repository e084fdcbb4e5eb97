"""RFC 4180 CSV, streaming: quotes, newlines inside fields, a byte-order mark."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from deid.importers.decoding import MAX_CHARACTERS, TextPieces
from deid.importers.model import ImportProblem, Rejected

_DELIMITERS = (",", ";", "\t", "|")


def _raise_field_limit() -> None:
    """A note is longer than the module's default of 131,072 characters."""
    csv.field_size_limit(MAX_CHARACTERS)


def _delimiter(header: str) -> str:
    """The delimiter that cuts the first line into most columns; a comma when none does."""
    return max(_DELIMITERS, key=lambda d: (header.count(d), d == ","))


class CsvRows:
    """Rows as dictionaries. ``columns`` and ``warnings`` are known once iteration began."""

    def __init__(self, stream: BinaryIO) -> None:
        _raise_field_limit()
        self._pieces = TextPieces(stream)
        self.warnings = self._pieces.warnings
        lines = self._pieces.lines()
        first = next(lines, "")
        self._reader = csv.reader(
            self._chain(first, lines), delimiter=_delimiter(first), strict=True
        )
        self.columns = self._header()

    @staticmethod
    def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
        yield first
        yield from rest

    def _header(self) -> tuple[str, ...]:
        try:
            header = tuple(name.strip() for name in next(self._reader))
        except (csv.Error, StopIteration) as problem:
            raise _broken(self._reader.line_num) from problem
        named = [name for name in header if name]
        if len(set(named)) != len(named):
            raise ImportProblem(
                "duplicate_columns",
                "Two columns of the file have the same name.",
                "Give each column a name of its own and import again; nothing was imported.",
            )
        if not named:
            raise ImportProblem(
                "no_header",
                "The first line of the file names no columns.",
                "Put the column names into the first line.",
            )
        return header

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        while True:
            begun = self._reader.line_num + 1
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as problem:
                raise _broken(begun) from problem
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(self.columns):
                yield Rejected(
                    begun,
                    "too_many_fields",
                    "The row has more fields than the header; a quote may be missing.",
                )
                continue
            cells = row + [""] * (len(self.columns) - len(row))
            yield begun, {c: v for c, v in zip(self.columns, cells, strict=True) if c}


def _broken(line: int) -> ImportProblem:
    return ImportProblem(
        "broken_csv",
        f"The CSV cannot be read from line {line} on: a quote is not closed or stands wrongly.",
        "Export the file again with RFC 4180 quoting; the records before that line are complete.",
    )
