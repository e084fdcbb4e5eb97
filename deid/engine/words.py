"""The words of one text, each with the slots that its word type belongs to.

A slot is a list of positions: where one rule can begin, or where a trigger of it stands. The slots
of a word type are worked out once and kept, so that a word of a note costs one look-up.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from deid.engine.anchors import Head, fold
from deid.engine.digits import LONGEST, DigitShapes

_WORD = re.compile(r"([^\W\d_]+)")
_DIGITS = re.compile(r"\d+")
#: What makes one word of two, or nothing, at the end of a text.
_JOINS = ("-", "'", "")
#: Word types kept; a corpus of any size stays within this memory.
_MOST_TYPES = 100_000

_Slots = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WordTest:
    """A slot for the words that pass a test, such as being a given name."""

    slot: int
    passes: Callable[[str], bool]
    only_capital: bool


class WordType(NamedTuple):
    """The slots of a word.

    ``always``; ``before_capital`` if the next word has a capital; ``in_compounds`` if the word
    goes on behind a hyphen or an apostrophe.
    """

    always: _Slots
    before_capital: _Slots
    in_compounds: _Slots
    is_capital: bool


class WordIndex:
    """From a word to its type."""

    def __init__(
        self, slots: Iterable[tuple[int, Iterable[Head]]], tests: Iterable[WordTest] = ()
    ) -> None:
        self._whole: dict[str, set[tuple[int, bool]]] = {}
        self._begun: dict[str, set[int]] = {}
        self._whole_cased: dict[str, set[tuple[int, bool]]] = {}
        self._begun_cased: dict[str, set[int]] = {}
        self._types: dict[str, WordType] = {}
        self._tests = tuple(tests)
        for slot, heads in slots:
            for head in heads:
                self._add(slot, head)

    def _add(self, slot: int, head: Head) -> None:
        if head.whole:
            whole = self._whole_cased if head.same_case else self._whole
            whole.setdefault(head.run, set()).add((slot, head.before_capital))
        else:
            begun = self._begun_cased if head.same_case else self._begun
            begun.setdefault(head.run, set()).add(slot)

    def of(self, words: Sequence[str]) -> list[WordType]:
        """The type of each word."""
        types = self._types
        unknown = set(words).difference(types)
        if unknown:
            if len(types) > _MOST_TYPES:
                types.clear()
                unknown = set(words)
            for word in unknown:
                types[word] = self._type(word)
        return [types[word] for word in words]

    def _type(self, word: str) -> WordType:
        always: set[int] = set()
        followed: set[int] = set()
        folded = (fold(word), self._whole, self._begun)
        for form, whole, begun in (folded, (word, self._whole_cased, self._begun_cased)):
            for length in range(1, len(form) + 1):
                run = form[:length]
                always.update(begun.get(run, ()))
                if length == len(form) or not form[length].isascii():
                    for slot, before_capital in whole.get(run, ()):
                        (followed if before_capital else always).add(slot)
        capital = word[0].isupper()
        failed = set()
        for test in self._tests:
            if capital or not test.only_capital:
                (always if test.passes(word) else failed).add(test.slot)
        return WordType(
            tuple(sorted(always)),
            tuple(sorted(followed - always)),
            tuple(sorted(failed - always)),
            capital,
        )


class DigitIndex:
    """From the shape of a run of digits to the slots of the rules that can begin with it."""

    def __init__(self, shapes: Iterable[tuple[int, DigitShapes]]) -> None:
        self._shapes = tuple(shapes)
        self._known: dict[tuple[int, str], _Slots] = {}

    def of(self, length: int, char: str) -> _Slots:
        """The slots for so many digits before this character."""
        key = (length, char)
        slots = self._known.get(key)
        if slots is None:
            if len(self._known) > _MOST_TYPES:
                self._known.clear()
            fitting = (slot for slot, shapes in self._shapes if shapes.fit(length, char))
            slots = self._known[key] = tuple(fitting)
        return slots


class TextWords:
    """One text taken apart: where its words, its digits and the slots of both are."""

    def __init__(self, text: str, index: WordIndex, digits: DigitIndex | None = None) -> None:
        self.text = text
        parts = _WORD.split(text)
        self.words: list[str] = parts[1::2]
        self.starts = list(accumulate(map(len, parts)))[0:-1:2]
        self.slots: dict[int, list[int]] = {}
        self.capitals: list[int] = []
        self.digits: list[int] = []
        self.digit_slots: dict[int, list[int]] = {}
        self._all_digits: list[int] | None = None
        self._digit_runs: dict[int, list[int]] = {}
        self._folded: str | None = None
        self._longest: int | None = None
        self._read(index)
        self._read_digits(digits)

    def _read(self, index: WordIndex) -> None:
        slots, capitals = self.slots, self.capitals
        waiting: _Slots = ()
        before = 0
        types = index.of(self.words)
        for start, word, (always, followed, compound, capital) in zip(
            self.starts, self.words, types, strict=True
        ):
            if capital:
                capitals.append(start)
                for slot in waiting:
                    slots.setdefault(slot, []).append(before)
            for slot in always:
                slots.setdefault(slot, []).append(start)
            if compound and self.text[start + len(word) : start + len(word) + 1] in _JOINS:
                for slot in compound:
                    slots.setdefault(slot, []).append(start)
            waiting, before = followed, start

    def _read_digits(self, index: DigitIndex | None) -> None:
        text, slots = self.text, self.digit_slots
        for match in _DIGITS.finditer(text):
            start, end = match.span()
            self.digits.append(start)
            if index is not None:
                for slot in index.of(min(end - start, LONGEST), text[end : end + 1]):
                    slots.setdefault(slot, []).append(start)

    @property
    def all_digits(self) -> list[int]:
        """Where digits stand."""
        if self._all_digits is None:
            runs = _DIGITS.finditer(self.text)
            self._all_digits = [place for m in runs for place in range(*m.span())]
        return self._all_digits

    def digit_runs(self, least: int) -> list[int]:
        """Where runs of so many digits or more start."""
        if least not in self._digit_runs:
            text = self.text
            runs = [d for d in self.digits if text[d : d + least].isdecimal()]
            # A slice at the end of the text may be shorter.
            self._digit_runs[least] = [d for d in runs if d + least <= len(text)]
        return self._digit_runs[least]

    @property
    def longest(self) -> int:
        """The most characters in a row without white space."""
        if self._longest is None:
            self._longest = max(map(len, self.text.split()), default=0)
        return self._longest

    @property
    def folded(self) -> str:
        """The text in lower case, as long as the text."""
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded


def places(text: str, part: str) -> list[int]:
    """Where a part stands in a text, overlapping ones too."""
    found = []
    at = text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return found
