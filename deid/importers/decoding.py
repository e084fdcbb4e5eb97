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


def utf16_of(head: bytes) -> str | None:
    """The UTF-16 codec of a beginning: by its mark, or by the zeros of Western text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:2000]
    half = len(sample) // 2
    if half < 8:
        return None
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    if zeros_odd > half * 0.7 and zeros_even == 0:
        return "utf-16-le"
    if zeros_even > half * 0.7 and zeros_odd == 0:
        return "utf-16-be"
    return None


def check_not_binary(head: bytes) -> None:
    """Raise ``ImportProblem`` for an empty input or one that is no text."""
    if not head.strip():
        raise ImportProblem("empty", "The file is empty.", "Choose a file that holds notes.")
    control = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 27, 28) for byte in head)
    if b"\0" in head or control > len(head) // 50 + 1:
        raise ImportProblem(
            "binary",
            "The file is not text.",
            "Export the notes as CSV, JSONL, FHIR, HL7 or text files; nothing was imported.",
        )


def decoded(data: bytes, charset: str = "") -> tuple[str, bool]:
    """(text, whether it was not the UTF-8 that it should be) of one whole document.

    Raises ``LookupError`` for a charset that does not exist and ``UnicodeDecodeError`` for bytes
    that a named charset other than UTF-8 does not have.
    """
    codec = codecs.lookup(charset).name if charset else utf16_of(data) or "utf-8"
    if codec in ("utf-8", "ascii"):
        try:
            return data.decode("utf-8-sig"), False
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace"), True
    if not codecs.lookup(codec)._is_text_encoding:  # zlib, hex and their like are no charsets
        raise LookupError
    return data.decode(codec), False


class TextPieces:
    """The decoded text of a binary stream in pieces; ``warnings`` fills while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.warnings: list[str] = []
        self._head = read_head(stream)
        utf16 = utf16_of(self._head)
        self._encoding = utf16 or "utf-8-sig"
        if utf16:
            return
        check_not_binary(self._head)
        try:
            codecs.getincrementaldecoder(self._encoding)().decode(self._head)
        except UnicodeDecodeError:
            self._fall_back()

    def _fall_back(self) -> None:
        if self._encoding.startswith("utf-16"):
            raise ImportProblem(
                "encoding",
                "The file begins as UTF-16, but it is damaged.",
                "Save it as UTF-8 and import it again; nothing was imported.",
            )
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

    def capped_lines(self) -> Iterator[str | None]:
        """Lines with their ends, split at ``\\n`` only; ``None`` for one beyond all measure."""
        held, length, skipping = io.StringIO(), 0, False
        for piece in self:
            start = 0
            while (cut := piece.find("\n", start)) >= 0:
                held.write(piece[start : cut + 1])
                yield None if skipping else held.getvalue()
                held, length, skipping = io.StringIO(), 0, False
                start = cut + 1
            length += len(piece) - start
            skipping = skipping or length > MAX_CHARACTERS
            if skipping:
                held = io.StringIO()
            else:
                held.write(piece[start:])
        if length:
            yield None if skipping else held.getvalue()

    def lines(self) -> Iterator[str]:
        """The same; raises on a line beyond all measure."""
        for line in self.capped_lines():
            if line is None:
                raise ImportProblem(
                    "line_too_long",
                    "A line is longer than 20 million characters.",
                    "Check that the file has one record a line.",
                )
            yield line


class Utf8Stream(io.RawIOBase):
    """A text input of any known encoding, read as UTF-8 bytes without a byte-order mark."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        pieces = TextPieces(stream)
        self.warnings = pieces.warnings
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece.encode("utf-8", "replace")
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
