"""Opening a batch's upload, and what can be wrong with it, in words that quote nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from accounts.errors import InvalidInput
from deid.importers import ImportProblem
from deid.models import ImportBatch
from vault.files import open_file

# A zip's directory lies at its end, so a zip is held in memory; it never touches a disk in plain.
MAX_ZIP_BYTES = 512 * 1024 * 1024


@contextmanager
def open_batch(batch: ImportBatch) -> Iterator[BinaryIO]:
    with open_file(batch.file_id) as stream:
        if batch.kind != ImportBatch.Kind.ZIP:
            yield stream
            return
        if batch.size > MAX_ZIP_BYTES:
            raise InvalidInput(
                "This zip is larger than 512 MB. Nothing was imported; split it into several."
            )
        yield io.BytesIO(stream.read())


@contextmanager
def read_errors() -> Iterator[None]:
    """An unreadable file becomes a refusal."""
    try:
        yield
    except ImportProblem as problem:
        raise InvalidInput(str(problem), code=problem.code) from None
