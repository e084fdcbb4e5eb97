"""Literal phrases looked for in a folded note, without compiling a pattern for each patient."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from deid.engine.normalize import folded
from deid.engine.words import places

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_SEPARATORS = re.compile(r"[\W_]+")


class FoldedNote:
    """A note's text with what the look-ups for known values ask of it, each worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = folded(text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every run of letters."""
        return frozenset(_WORD.findall(self.low))

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every run of letters, and of digits without leading zeros."""
        return self.words | {digits.lstrip("0") for digits in _DIGITS.findall(self.low)}

    @cached_property
    def squeezed(self) -> str:
        """Letters and digits with everything between them left out."""
        return _SEPARATORS.sub("", self.low)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a folded text with any of ``gap``'s characters between them, at least one."""

    words: tuple[str, ...]
    gap: str = ""

    def end_at(self, low: str, start: int) -> int | None:
        """The end of the phrase that begins here with its first word, if the rest follows."""
        end = start + len(self.words[0])
        for word in self.words[1:]:
            begin = end
            while begin < len(low) and (low[begin].isspace() or low[begin] in self.gap):
                begin += 1
            if begin == end or not low.startswith(word, begin):
                return None
            end = begin + len(word)
        return end

    @property
    def rank(self) -> tuple[int, tuple[str, ...]]:
        """Longer phrases come first."""
        return -sum(map(len, self.words)) - len(self.words), self.words


class Phrases:
    """Phrases of one category; at each place the longest that fits, none within another."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = sorted(set(phrases), key=lambda phrase: phrase.rank)
        self._first = [_first_run(phrase.words[0]) for phrase in self._phrases]

    def find(self, note: FoldedNote) -> list[tuple[int, int]]:
        """Bounds of the mentions, which begin and end with whole words."""
        ends: dict[int, int] = {}
        for first, phrase in zip(self._first, self._phrases, strict=True):
            if first is None or first in note.words:
                for start, end in mentions(phrase, note.low):
                    ends.setdefault(start, end)
        found, last = [], 0
        for start in sorted(ends):
            if start >= last:
                last = ends[start]
                found.append((start, last))
        return found


def _first_run(word: str) -> str | None:
    """The letters that a word begins with: a note without them has not the word either."""
    match = _WORD.match(word)
    return match.group() if match is not None else None


def mentions(phrase: Phrase, low: str) -> Sequence[tuple[int, int]]:
    """Bounds of every mention of one phrase as whole words of a folded text.

    A phrase that begins or ends with a sign, such as ``#12``, needs no end of a word there.
    """
    first, last = phrase.words[0], phrase.words[-1]
    opens, closes = first[0].isalnum(), last[-1].isalnum()
    found = []
    for start in places(low, first):
        if opens and start > 0 and low[start - 1].isalnum():
            continue
        end = phrase.end_at(low, start)
        if end is not None and not (closes and low[end : end + 1].isalnum()):
            found.append((start, end))
    return found
