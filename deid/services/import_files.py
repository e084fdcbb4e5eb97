"""Opening a batch's upload, and what can be wrong with it, in words that quote nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from accounts.errors import InvalidInput
from deid.importers import ImportProblem
from deid.models import ImportBatch
from vault.files import open_file


@contextmanager
def open_batch(batch: ImportBatch) -> Iterator[BinaryIO]:
    """The upload as a seekable stream: it is decrypted chunk by chunk, also a zip."""
    with open_file(batch.file_id) as stream:
        yield stream


@contextmanager
def read_errors() -> Iterator[None]:
    """An unreadable file becomes a refusal."""
    try:
        yield
    except ImportProblem as problem:
        raise InvalidInput(str(problem), code=problem.code) from None
