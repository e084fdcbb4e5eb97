"""Notes whose lines were broken at a fixed width, read as the sentences that they were."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from deid.engine.spans import Span

#: Lines of prose have at least so many characters, and at most.
_SHORTEST, _LONGEST = 48, 140
#: How much shorter than the note's usual width a full line may be, with the word that did not fit.
_RAGGED = 14
#: The end of a full line, what follows it, and the next line up to its own end.
_BREAK = re.compile(
    rf"^[^\n]{{{_SHORTEST},{_LONGEST}}}?(?P<break>[ \t]{{0,8}}\n)"
    r"(?=[ ]{0,3}(?P<next>(?P<word>[A-Za-z0-9(\"']\S*)[^\n]*)(?P<after>\n?[^\n]?))",
    re.MULTILINE,
)
#: What begins an item, a field or a heading, and no rest of a sentence.
_BEGINS_ANEW = re.compile(
    r"\d{1,2}[.)][ \t]|[A-Z][\w/&'.-]*(?:[ ][\w/&'.-]+){0,4}[ \t]?:|[A-Z][A-Z /&-]{3,}\Z"
)


class Unwrapped:
    """A text with its full lines joined by one blank, and the way back to the given text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []
        self._shifts: list[int] = []
        breaks = [*_BREAK.finditer(text)] if "\n" in text else []
        if breaks:
            self._join(text, breaks)

    def _join(self, text: str, breaks: Sequence[re.Match[str]]) -> None:
        lengths = sorted(m.start("break") - m.start() for m in breaks)
        width = lengths[len(lengths) * 4 // 5] - _RAGGED
        pieces: list[str] = []
        done = length = 0
        for match in breaks:
            start, end = match.start("break"), match.start("next")
            full = start - match.start() + len(match.group("word")) > width
            if not full or text[start - 1] == ":" or not _goes_on(match):
                continue
            pieces.append(text[done:start] + " ")
            length += start - done + 1
            done = end
            self._starts.append(length)
            self._shifts.append(done - length)
        self.text = "".join(pieces) + text[done:]

    def placed(self, spans: Sequence[Span]) -> list[Span]:
        """Spans of the joined text with their offsets in the given one."""
        if not self._starts:
            return list(spans)
        found = ((s, *self.place(s.start, s.end)) for s in spans)
        return [replace(s, start=start, end=end) for s, start, end in found]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the joined text lies in the given one."""
        first = self._at(start)
        return first, self._at(end - 1) + 1 if end > start else first

    def _at(self, offset: int) -> int:
        before = bisect_right(self._starts, offset)
        return offset + (self._shifts[before - 1] if before else 0)


def _goes_on(match: re.Match[str]) -> bool:
    """Whether the next line is the rest of a sentence, and no item and no line of an address."""
    following = match.group("next").rstrip()
    number_ends = match.string[match.start("break") - 1].isdigit()
    if _BEGINS_ANEW.match(following) or (number_ends and following[0].isupper()):
        return False
    last = match.group("after") in {"", "\n", "\n\n"} or following[-1] in ".!?;)"
    return len(following) >= _SHORTEST or last
