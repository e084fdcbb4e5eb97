"""What must never come back as a surrogate: the patient's own identifiers."""

import re
from collections.abc import Iterable
from functools import lru_cache

from deid.engine.normalize import folded

_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=8_192)
def _parts(word: str) -> tuple[str, ...]:
    """The folded words of a name of the lists; they are asked for again and again."""
    return tuple(_WORD.findall(folded(word)))


def squeezed(text: str) -> str:
    """Letters and digits only, folded: ``(555) 010-4477`` and ``5550104477`` are the same."""
    return "".join(c for c in folded(text) if c.isalnum())


def numbered(text: str) -> str:
    """As ``squeezed``, without leading zeros: ``00482913`` and ``482913`` are the same number."""
    plain = squeezed(text)
    return plain.lstrip("0") or plain


class Originals:
    """The patient's identifiers as words and as codes."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._whole: set[str] = set()

    def add(self, surfaces: Iterable[str]) -> None:
        """Learn written identifiers of any category."""
        for surface in surfaces:
            self._whole.add(numbered(surface))
            self._words.update(w for w in _WORD.findall(folded(surface)) if len(w) > 1)

    def has_word(self, word: str) -> bool:
        """Whether a name or a place of the patient has this word; parts count."""
        return any(part in self._words for part in _parts(word))

    def has(self, surface: str) -> bool:
        """Whether the whole of it is an identifier of the patient, however it is written."""
        return numbered(surface) in self._whole
