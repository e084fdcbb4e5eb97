"""Results out in the order of the input, whatever the order in which they come."""

import tempfile
from typing import TextIO

#: What waits for its turn stays in memory up to here, and goes to a nameless file beyond.
_IN_MEMORY = 16 * 2**20


class InOrder:
    """Writes each line when all lines before it were written or skipped.

    Use it as a context manager: what waited lies in a nameless file that goes when it is closed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._due = 1
        self._held: dict[int, tuple[int, int]] = {}
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> "InOrder":
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def put(self, number: int, text: str) -> None:
        """Write the text of a line, counted from 1, when its turn has come; no text is skipped."""
        if number != self._due:
            data = text.encode()
            self._held[number] = (self._spool.seek(0, 2), len(data))
            self._spool.write(data)
            return
        self._write(text)
        while self._due in self._held:
            place, length = self._held.pop(self._due)
            self._spool.seek(place)
            self._write(self._spool.read(length).decode())
        if not self._held:
            self._spool.seek(0)
            self._spool.truncate()

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text + "\n")
        self._due += 1
