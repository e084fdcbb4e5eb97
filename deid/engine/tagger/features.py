"""What the network sees of a word: rows of one table, whose sum is the word's vector.

The same for every occurrence of a surface, so it is worked out once a surface and then cached.
"""

import zlib
from collections.abc import Mapping
from functools import lru_cache

from deid.engine.normalize import folded
from deid.engine.tagger.tokens import core_of

#: Row 0 is zero. Then blanks, shape, length, list memberships, hashed parts of words, words.
SPACES = 1
SHAPES = SPACES + 3
LENGTHS = SHAPES + 12
FLAGS = LENGTHS + 12
FLAG_COUNT = 32
PARTS = FLAGS + FLAG_COUNT
PART_COUNT = 20_000
UNKNOWN = PARTS + PART_COUNT
WORDS = UNKNOWN + 1
#: The most rows that a surface has; shorter ones are filled with row 0.
WIDTH = 40

_LOWER, _TITLE, _UPPER, _LETTER, _MIXED, _YEAR, _LINE, _MARK, _OTHER = range(9)
_SUFFIXES = ("s", "es", "ed", "d", "ing", "ly", "er")


def shape_of(core: str) -> int:
    """One of twelve kinds of token; digits by their number."""
    if core.isalpha():
        if len(core) == 1 and core.isupper():
            return _LETTER
        if core.islower():
            return _LOWER
        if core.isupper():
            return _UPPER
        return _TITLE if core[0].isupper() and core[1:].islower() else _MIXED
    if core.isdigit():
        if len(core) == 4 and core[:2] in ("19", "20"):
            return _YEAR
        return 9 if len(core) < 3 else 10 if len(core) < 5 else 11
    return _LINE if core == "\n" else _MARK if core.isascii() else _OTHER


@lru_cache(maxsize=1 << 15)
def _row_of_part(part: str) -> int:
    return PARTS + zlib.crc32(part.encode()) % PART_COUNT


class FeatureMap:
    """From surfaces to rows, by the words and lists that the weights were trained with."""

    def __init__(self, words: Mapping[str, int], lists: Mapping[str, int], plain_bit: int) -> None:
        """``lists`` gives the bits of each word's lists; ``plain_bit`` is that of a dictionary."""
        self._words, self._lists, self._plain = words, lists, plain_bit

    @property
    def size(self) -> int:
        """Rows that the table needs."""
        return WORDS + len(self._words)

    def rows(self, surface: str) -> list[int]:
        """At most ``WIDTH`` rows; the first is that of the word itself."""
        core = core_of(surface)
        gap = len(surface) - len(core)
        low = folded(core)
        word = self._words.get(low)
        rows = [
            UNKNOWN if word is None else WORDS + word,
            SPACES + (min(gap, 2) if "\t" not in surface else 2),
            SHAPES + shape_of(core),
            LENGTHS + min(len(core), 11),
        ]
        if not core[0].isalpha():
            return rows
        bits = self._bits(low)
        rows += [FLAGS + i for i in range(FLAG_COUNT) if bits >> i & 1]
        marked = f"^{low}$"
        parts = {marked[:2], marked[:3], marked[:4], marked[-3:], marked[-4:], marked[-5:]}
        parts |= {marked[i : i + 3] for i in range(1, len(marked) - 3)}
        rows += sorted(map(_row_of_part, parts))
        return rows[:WIDTH]

    def _bits(self, low: str) -> int:
        bits = self._lists.get(low, 0)
        if not bits & self._plain and len(low) > 4:
            for suffix in _SUFFIXES:
                if low.endswith(suffix):
                    stem = low[: -len(suffix)]
                    if (self._lists.get(stem, 0) | self._lists.get(stem + "e", 0)) & self._plain:
                        return bits | self._plain
        return bits
