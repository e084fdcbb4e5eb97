"""From bytes to text, streaming, with an encoding decided from the beginning of the input."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from deid.importers.model import ImportProblem

_PROBE = 1 << 16
_CHUNK = 1 << 16
#: A single line or cell above this is no clinical note.
MAX_CHARACTERS = 20_000_000

CP1252_WARNING = "The file is not UTF-8; it was read as Windows-1252. Check accents and quotes."


def read_head(stream: BinaryIO, size: int = _PROBE) -> bytes:
    """Up to ``size`` bytes, however small the pieces are that the stream gives."""
    pieces, left = [], size
    while left > 0:
        piece = stream.read(left)
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def check_not_binary(head: bytes) -> None:
    """Raise ``ImportProblem`` for an empty input, UTF-16 or one that is no text."""
    if not head.strip():
        raise ImportProblem("empty", "The file is empty.", "Choose a file that holds notes.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportProblem(
            "encoding",
            "The file is encoded as UTF-16.",
            "Save it as UTF-8 and import it again; nothing was imported.",
        )
    control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    if b"\0" in head or control > len(head) // 50 + 1:
        raise ImportProblem(
            "binary",
            "The file is not text.",
            "Export the notes as CSV, JSONL, or text files and import again; nothing was imported.",
        )


class TextPieces:
    """The decoded text of a binary stream in pieces; ``warnings`` fills while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.warnings: list[str] = []
        self._head = read_head(stream)
        check_not_binary(self._head)
        self._encoding = "utf-8-sig"
        try:
            codecs.getincrementaldecoder(self._encoding)().decode(self._head)
        except UnicodeDecodeError:
            self._fall_back()

    def _fall_back(self) -> None:
        self._encoding = "cp1252"
        if CP1252_WARNING not in self.warnings:
            self.warnings.append(CP1252_WARNING)

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)(
            "replace" if self._encoding == "cp1252" else "strict"
        )
        piece, done = self._head, False
        while not done:
            following = self._stream.read(_CHUNK)
            done = not following
            state = decoder.getstate()
            try:
                text = decoder.decode(piece, final=done)
            except UnicodeDecodeError:
                self._fall_back()
                decoder = codecs.getincrementaldecoder("cp1252")("replace")
                text = decoder.decode(state[0] + piece, final=done)
            yield text
            piece = following

    def lines(self) -> Iterator[str]:
        """Lines with their ends, split at ``\\n`` only; raises on a line beyond all measure."""
        held = io.StringIO()
        for piece in self:
            start = 0
            while (cut := piece.find("\n", start)) >= 0:
                held.write(piece[start : cut + 1])
                yield held.getvalue()
                held = io.StringIO()
                start = cut + 1
            held.write(piece[start:])
            if held.tell() > MAX_CHARACTERS:
                raise ImportProblem(
                    "line_too_long",
                    "A line is longer than 20 million characters.",
                    "Check that the file has one record a line.",
                )
        if held.tell():
            yield held.getvalue()
