"""What every zip archive is checked for before anything of it is read."""

import lzma
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from deid.importers.model import ImportProblem

#: Guards against archives that unpack to far more than they hold. The directory of an archive is
#: the one thing of an import that is held whole, so the number of its files bounds the memory.
MAX_FILES = 200_000
MAX_RATIO = 200
MAX_TOTAL_BYTES = 20_000_000_000
ENTRY_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
)


def bomb() -> ImportProblem:
    return ImportProblem(
        "zip_bomb",
        "The archive would unpack to far more than a set of notes holds.",
        "Import it in smaller parts; nothing was imported.",
    )


def open_archive(stream: BinaryIO) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """An archive and its entries. Raises ``ImportProblem`` for a broken one and for a bomb."""
    try:
        archive = zipfile.ZipFile(stream)
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise ImportProblem(
            "broken_zip",
            "The zip archive cannot be opened.",
            "Make the archive again and import it; nothing was imported.",
        ) from problem
    unpacked = sum(e.file_size for e in entries)
    packed = sum(e.compress_size for e in entries) or 1
    inflates = unpacked > 10_000_000 and unpacked / packed > MAX_RATIO
    if len(entries) > MAX_FILES or unpacked > MAX_TOTAL_BYTES or inflates:
        raise bomb()
    return archive, entries


def entry_problem(entry: zipfile.ZipInfo, most_bytes: int) -> tuple[str, str] | None:
    """Why an entry must not be read, if it must not."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]:
        return "unsafe_path", "The entry's path leaves the archive."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "symlink", "The entry is a link and was left out."
    if entry.file_size > most_bytes:
        return "too_large", f"The entry is larger than {most_bytes // 1_000_000:,} MB."
    return None
