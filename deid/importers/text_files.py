"""Text files, one note a file: a folder, a zip archive, or a single file.

A sidecar ``metadata.csv`` with a column ``file`` (or the file's name as id) may add patient, type,
author and date. File names are PHI: they are never in an error or a warning.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from deid.importers.archives import ENTRY_ERRORS, entry_problem, open_archive
from deid.importers.decoding import TextPieces
from deid.importers.model import ImportProblem, Rejected
from deid.importers.sidecar import Sidecar

MAX_NOTE_BYTES = 20_000_000
SIDECAR = "metadata.csv"


class TextRows:
    """A single text file as one row."""

    def __init__(self, stream: BinaryIO, name: str = "note") -> None:
        self._text, self.warnings = _read_text(stream)
        self._name = name
        self.columns: tuple[str, ...] = ("file", "text")

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        yield 1, {"file": self._name, "text": self._text}


class FolderRows:
    """The ``.txt`` files of a folder and the folders in it, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        sidecar = folder / SIDECAR
        self.warnings: list[str] = []
        self._extra = Sidecar()
        if sidecar.is_file() and not sidecar.is_symlink():
            with sidecar.open("rb") as stream:
                self._extra.read(stream, self.warnings)
        self._files = sorted(
            p for p in folder.rglob("*") if p.suffix.lower() == ".txt" and p.is_file()
        )
        if not self._files:
            raise _no_text_files("folder")
        self.columns: tuple[str, ...] = ("file", *self._extra.columns, "text")

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        for number, path in enumerate(self._files, start=1):
            name = path.relative_to(self._root).as_posix()
            if path.is_symlink() or not path.resolve().is_relative_to(self._root.resolve()):
                yield Rejected(number, "symlink", "The file is a link and was left out.")
            elif path.stat().st_size > MAX_NOTE_BYTES:
                yield Rejected(number, "too_large", "The file is larger than 20 MB.")
            else:
                with path.open("rb") as stream:
                    yield _row(number, name, stream, self._extra, self.warnings)


class ZipRows:
    """The ``.txt`` entries of a zip archive, read without unpacking anything to disk.

    The stream must be seekable, since a zip archive's directory is at its end.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._archive, entries = open_archive(stream)
        self.warnings: list[str] = []
        self._entries = [e for e in entries if not e.is_dir() and _is_note(e.filename)]
        self._extra = Sidecar()
        self._read_sidecar(entries)
        if not self._entries:
            raise _no_text_files("archive")
        self.columns: tuple[str, ...] = ("file", *self._extra.columns, "text")

    def _read_sidecar(self, entries: list[zipfile.ZipInfo]) -> None:
        for entry in entries:
            if entry.filename == SIDECAR and entry_problem(entry, MAX_NOTE_BYTES) is None:
                with self._archive.open(entry) as stream:
                    self._extra.read(stream, self.warnings)  # type: ignore[arg-type]
                return

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        for number, entry in enumerate(self._entries, start=1):
            problem = entry_problem(entry, MAX_NOTE_BYTES)
            if problem is not None:
                yield Rejected(number, *problem)
                continue
            try:
                with self._archive.open(entry) as stream:
                    yield _row(
                        number,
                        entry.filename,
                        stream,  # type: ignore[arg-type]
                        self._extra,
                        self.warnings,
                    )
            except ENTRY_ERRORS:
                yield Rejected(
                    number, "broken_entry", "The entry is damaged or locked by a password."
                )


def _is_note(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() == ".txt" and "__MACOSX" not in name


def _row(
    number: int,
    name: str,
    stream: BinaryIO,
    extra: Sidecar,
    warnings: list[str],
) -> tuple[int, dict[str, str]] | Rejected:
    try:
        text, found = _read_text(stream)
    except ImportProblem as problem:
        return Rejected(number, problem.code, problem.message)
    warnings += [w for w in found if w not in warnings]
    return number, {"file": name, **extra.of(name), "text": text}


def _read_text(stream: BinaryIO) -> tuple[str, list[str]]:
    """The text of one note; the size is counted while reading, whatever a header claims."""
    pieces = TextPieces(stream)
    parts, length = [], 0
    for part in pieces:
        length += len(part)
        if length > MAX_NOTE_BYTES:
            raise ImportProblem(
                "too_large", "The file is larger than 20 MB.", "Split it into single notes."
            )
        parts.append(part)
    return "".join(parts), pieces.warnings


def _no_text_files(where: str) -> ImportProblem:
    return ImportProblem(
        "no_text_files",
        f"The {where} holds no file whose name ends in .txt.",
        "Put one note into each .txt file; nothing was imported.",
    )
