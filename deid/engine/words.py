"""The words of one text, each with the slots that its word type belongs to.

A slot is a list of positions: where one rule can begin, or where a trigger of it stands. The slots
of a word type are worked out once and kept, so that a word of a note costs one look-up.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress
from typing import NamedTuple

from deid.engine.anchors import Head, fold
from deid.engine.digits import LONGEST, DigitShapes

_WORD = re.compile(r"([^\W\d_]+)")
_DIGITS = re.compile(r"\d+")
#: What makes one word of two, or nothing, at the end of a text.
_JOINS = ("-", "'", "")
#: Word types kept; a corpus of any size stays within this memory.
_MOST_TYPES = 30_000

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


_NO_TYPE = WordType((), (), (), False)


class WordIndex:
    """From a word to its type."""

    def __init__(
        self, slots: Iterable[tuple[int, Iterable[Head]]], tests: Iterable[WordTest] = ()
    ) -> None:
        self._whole: dict[str, set[tuple[int, bool]]] = {}
        self._begun: dict[str, set[int]] = {}
        self._whole_cased: dict[str, set[tuple[int, bool]]] = {}
        self._begun_cased: dict[str, set[int]] = {}
        self._lengths: set[int] = set()
        self._types = _Types(self._type)
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
            self._lengths.add(len(head.run))

    def of(self, words: Sequence[str]) -> list[WordType | None]:
        """The type of each word, ``None`` for those without a slot or a capital."""
        if len(self._types) > _MOST_TYPES:
            self._types.clear()
        return list(map(self._types.__getitem__, words))

    def _type(self, word: str) -> WordType | None:
        always: set[int] = set()
        followed: set[int] = set()
        folded = (fold(word), self._whole, self._begun)
        for form, whole, begun in (folded, (word, self._whole_cased, self._begun_cased)):
            for length in self._lengths:
                if length <= len(form):
                    always.update(begun.get(form[:length], ()))
            for run in _whole_runs(form):
                for slot, before_capital in whole.get(run, ()):
                    (followed if before_capital else always).add(slot)
        capital = word[0].isupper()
        failed: set[int] = set()
        for test in self._tests:
            if capital or not test.only_capital:
                (always if test.passes(word) else failed).add(test.slot)
        if not (always or followed or failed or capital):
            return None
        return WordType(
            tuple(sorted(always)),
            tuple(sorted(followed - always)),
            tuple(sorted(failed - always)),
            capital,
        )


def _whole_runs(form: str) -> list[str]:
    """The runs that end a word here: at its end, or before a letter that is not ASCII."""
    if form.isascii():
        return [form]
    return [form[:n] for n in range(1, len(form) + 1) if not form[n : n + 1].isascii()] + [form]


class _Types(dict[str, WordType | None]):
    """Types by word, worked out when a word is first met."""

    def __init__(self, work_out: Callable[[str], WordType | None]) -> None:
        self._work_out = work_out

    def __missing__(self, word: str) -> WordType | None:
        found = self[word] = self._work_out(word)
        return found


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

    def __init__(self, text: str, index: WordIndex, digits: DigitIndex) -> None:
        self.text = text
        self._index, self._digit_index = index, digits
        self._digit_runs: dict[int, list[int]] = {}
        self._places: dict[str, list[int]] = {}

    @cached_property
    def _parts(self) -> list[str]:
        """What is between the words and the words in turn."""
        return _WORD.split(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where the words start."""
        return list(accumulate(map(len, self._parts)))[0:-1:2]

    @cached_property
    def _by_slot(self) -> tuple[dict[int, list[int]], list[int]]:
        slots: defaultdict[int, list[int]] = defaultdict(list)
        capitals: list[int] = []
        waiting: _Slots = ()
        last = before = -1
        text, starts, words = self.text, self.starts, self._parts[1::2]
        types = self._index.of(words)
        for number in compress(range(len(types)), types):
            always, followed, compound, capital = types[number] or _NO_TYPE
            start = starts[number]
            if capital:
                capitals.append(start)
                if waiting and last == number - 1:
                    for slot in waiting:
                        slots[slot].append(before)
            for slot in always:
                slots[slot].append(start)
            if compound:
                end = start + len(words[number])
                if text[end : end + 1] in _JOINS:
                    for slot in compound:
                        slots[slot].append(start)
            waiting, before, last = followed, start, number
        return slots, capitals

    @cached_property
    def slots(self) -> dict[int, list[int]]:
        """Where the words of each slot start."""
        return self._by_slot[0]

    @cached_property
    def capitals(self) -> list[int]:
        """Where capitalised words start."""
        return self._by_slot[1]

    @cached_property
    def _digits_by_slot(self) -> tuple[dict[int, list[int]], list[int], int]:
        text, of = self.text, self._digit_index.of
        slots: defaultdict[int, list[int]] = defaultdict(list)
        starts: list[int] = []
        longest = 0
        for match in _DIGITS.finditer(text):
            start, end = match.span()
            length = end - start
            if length > longest:
                longest = length
            starts.append(start)
            for slot in of(min(length, LONGEST), text[end : end + 1]):
                slots[slot].append(start)
        return slots, starts, longest

    @cached_property
    def digit_slots(self) -> dict[int, list[int]]:
        """Where the runs of digits of each slot start."""
        return self._digits_by_slot[0]

    @cached_property
    def digits(self) -> list[int]:
        """Where runs of digits start."""
        return self._digits_by_slot[1]

    @cached_property
    def all_digits(self) -> list[int]:
        """Where digits stand."""
        runs = _DIGITS.finditer(self.text)
        return [place for match in runs for place in range(*match.span())]

    @cached_property
    def longest_digits(self) -> int:
        """The most digits in a row."""
        return self._digits_by_slot[2]

    def digit_runs(self, least: int) -> list[int]:
        """Where runs of so many digits or more start."""
        if least not in self._digit_runs:
            text = self.text
            runs = [d for d in self.digits if text[d : d + least].isdecimal()]
            # A slice at the end of the text may be shorter.
            self._digit_runs[least] = [d for d in runs if d + least <= len(text)]
        return self._digit_runs[least]

    def places(self, part: str) -> list[int]:
        """Where a part of the folded text stands."""
        found = self._places.get(part)
        if found is None:
            found = self._places[part] = places(self.folded, part)
        return found

    @cached_property
    def longest(self) -> int:
        """The most characters in a row without white space."""
        return max(map(len, self.text.split()), default=0)

    @cached_property
    def folded(self) -> str:
        """The text in lower case, as long as the text."""
        return fold(self.text)


def places(text: str, part: str) -> list[int]:
    """Where a part stands in a text, overlapping ones too."""
    found = []
    at = text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return found
