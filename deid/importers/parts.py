"""The files in an upload: the upload itself, what it packs with gzip, or the entries of a zip."""

import gzip
import io
import zipfile
import zlib
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


class _Counted(io.RawIOBase):
    """Bytes as they unpack, counted against those that were packed."""

    def __init__(self, unpacked: BinaryIO, packed: BinaryIO) -> None:
        super().__init__()
        self._unpacked, self._packed, self._read = unpacked, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        try:
            data = self._unpacked.read(len(view))
        except (OSError, EOFError, zlib.error):
            raise ImportProblem(
                "broken_gzip",
                "The compressed file is damaged or was cut off.",
                "Compress it again and import it; nothing was imported.",
            ) from None
        self._read += len(data)
        if self._read > _HARMLESS_BYTES and (
            self._read > MAX_TOTAL_BYTES or self._read > MAX_RATIO * self._packed.tell()
        ):
            raise bomb()
        view[: len(data)] = data
        return len(data)


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream itself or, when it is gzip, what it unpacks to. The stream must be seekable."""
    start = stream.tell()
    head = stream.read(2)
    stream.seek(start)
    if head != _GZIP:
        return stream
    packed = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    return io.BufferedReader(_Counted(packed, stream), 1 << 16)


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
        yield from _entry(archive, entry, number)


def _wanted(entry: zipfile.ZipInfo, endings: tuple[str, ...]) -> bool:
    path = PurePosixPath(entry.filename)
    if entry.is_dir() or "__MACOSX" in path.parts:
        return False
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(endings)


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, number: int
) -> Iterator[Part | Rejected]:
    try:
        with archive.open(entry) as stream:
            yield Part(number, unpacked(cast(BinaryIO, stream)))
    except ENTRY_ERRORS:
        yield Rejected(number, "broken_entry", "The entry is damaged or locked by a password.")
