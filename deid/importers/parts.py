"""The files in an upload: the upload itself, what it packs with gzip, or the entries of a zip."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from deid.importers.archives import (
    ENTRY_ERRORS,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    bomb,
    entry_problem,
    open_archive,
)
from deid.importers.model import ImportProblem, Rejected

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: Below this an odd ratio does no harm.
_HARMLESS_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an upload. ``number`` is 0 unless it is an entry of an archive."""

    number: int
    stream: BinaryIO


class _Guarded(io.RawIOBase):
    """Bytes as they unpack: damage becomes a clear problem, and a bomb is seen while it grows."""

    def __init__(self, unpacked: BinaryIO, packed: BinaryIO | None, what: str) -> None:
        super().__init__()
        self._unpacked, self._packed, self._what, self._read = unpacked, packed, what, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        try:
            data = self._unpacked.read(len(view))
        except ENTRY_ERRORS:
            raise ImportProblem(
                "broken_archive",
                f"{self._what} is damaged, was cut off, or is locked by a password.",
                "Pack it again and import it; nothing was imported.",
            ) from None
        self._read += len(data)
        if self._packed is not None and self._inflates(self._packed):
            raise bomb()
        view[: len(data)] = data
        return len(data)

    def _inflates(self, packed: BinaryIO) -> bool:
        return self._read > _HARMLESS_BYTES and (
            self._read > MAX_TOTAL_BYTES or self._read > MAX_RATIO * packed.tell()
        )


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream itself or, when it is gzip, what it unpacks to. The stream must be seekable."""
    start = stream.tell()
    head = stream.read(2)
    stream.seek(start)
    if head != _GZIP:
        return stream
    opened = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    guarded = _Guarded(opened, stream, "The compressed file")
    return cast(BinaryIO, io.BufferedReader(guarded, 1 << 16))


def is_zip(stream: BinaryIO) -> bool:
    start = stream.tell()
    head = stream.read(4)
    stream.seek(start)
    return head == _ZIP


def parts(stream: BinaryIO, endings: tuple[str, ...]) -> Iterator[Part | Rejected]:
    """Each file of the upload from its beginning; of a zip, those with one of the endings."""
    stream.seek(0)
    if not is_zip(stream):
        yield Part(0, unpacked(stream))
        return
    archive, entries = open_archive(stream)
    wanted = [e for e in entries if _wanted(e, endings)]
    if not wanted:
        raise ImportProblem(
            "no_files",
            "The archive holds no file of this kind.",
            f"Pack files ending in {', '.join(endings)}; nothing was imported.",
        )
    for number, entry in enumerate(wanted, start=1):
        problem = entry_problem(entry, MAX_TOTAL_BYTES)
        if problem is not None:
            yield Rejected(number, *problem)
            continue
        yield _entry(archive, entry, number)


def _wanted(entry: zipfile.ZipInfo, endings: tuple[str, ...]) -> bool:
    path = PurePosixPath(entry.filename)
    if entry.is_dir() or "__MACOSX" in path.parts:
        return False
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(endings)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, number: int) -> Part | Rejected:
    try:
        stream = cast(BinaryIO, archive.open(entry))
        inner = unpacked(stream)
    except ENTRY_ERRORS:
        return Rejected(number, "broken_entry", "The entry is damaged or locked by a password.")
    if inner is not stream:
        return Part(number, inner)
    guarded = io.BufferedReader(_Guarded(stream, None, "A file of the archive"), 1 << 16)
    return Part(number, cast(BinaryIO, guarded))
