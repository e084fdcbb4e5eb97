"""Is an uploaded file a PDF that people can read? Looked at before any row names it."""

from __future__ import annotations

from accounts.errors import InvalidInput
from vault import files
from vault.files import StoredFile

MAX_BYTES = 20 * 1024 * 1024
# A reader finds the head of a PDF within its first kilobyte (ISO 32000-1, annex H, note 13).
_HEAD_WITHIN = 1024


def count_pages(stored: StoredFile) -> int:
    """The number of pages. Raises InvalidInput with a sentence of its own for each defect."""
    if not stored.size:
        raise InvalidInput("The file is empty. Nothing was stored; choose another file.")
    if stored.size > MAX_BYTES:
        raise InvalidInput("The file is larger than 20 MB. Nothing was stored; make it smaller.")
    with files.open_file(stored.file_id) as stream:
        if b"%PDF-" not in stream.read(_HEAD_WITHIN):
            raise InvalidInput("The file is not a PDF. Nothing was stored; choose the PDF.")
        stream.seek(0)
        pages, encrypted = _read(stream)
    if encrypted:
        raise InvalidInput(
            "The PDF is encrypted, so that nobody could read it later. Nothing was stored; save "
            "it without a password."
        )
    if pages < 1:
        raise InvalidInput("The PDF has no pages. Nothing was stored; choose another file.")
    return pages


def _read(stream: object) -> tuple[int, bool]:
    from pyhanko.pdf_utils.reader import PdfFileReader  # takes a second to load

    try:
        reader = PdfFileReader(stream, strict=False)
        if reader.encrypted:
            return 0, True
        return int(reader.root["/Pages"]["/Count"]), False
    except Exception:  # a damaged file can fail anywhere inside the reader
        raise InvalidInput(
            "The PDF is damaged and cannot be read. Nothing was stored; export it again."
        ) from None
