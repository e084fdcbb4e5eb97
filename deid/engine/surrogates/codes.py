"""Numbers and codes: letters for letters, digits for digits, punctuation as it stands."""

import re

from deid.engine import lexicon
from deid.engine.surrogates.originals import Originals, numbered, squeezed
from deid.engine.surrogates.stream import Stream

#: No vowels: letters drawn at random must not make a word.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_TOKEN = re.compile(r"[^\W_]+")
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
_TRIES = 50


class CodeSurrogates:
    """Fake codes of one patient. The same number in another spelling gets the same fake."""

    def __init__(self, key: bytes, originals: Originals) -> None:
        self._stream = Stream(key, "codes")
        self._originals = originals
        self._of: dict[tuple[str, bool], str] = {}
        self._used: set[str] = set()

    def write(self, surface: str, kind: str = "") -> str | None:
        """The fake in the shape of the surface; ``None`` where nothing can be drawn.

        ``kind`` is the category: a social security number gets an area that is never issued.
        """
        parts = _parts(surface)
        original = "".join(surface[a:b] for a, b in parts)
        is_ssn = kind == "SSN"
        number = squeezed(original) if is_ssn else numbered(original)
        if not number or len(squeezed(original)) != len(original):
            return None
        hex_only = bool(_MAC.fullmatch(surface))
        shape = re.sub(r"\d", "0", re.sub(r"[^\W\d_]", "a", number))
        found = self._of.get((number, is_ssn))
        if found is None:
            found = self._draw(number, shape, is_ssn, hex_only)
            if found is None:
                return None
            self._of[number, is_ssn] = found
        return _placed(surface, parts, found)

    def _draw(self, number: str, shape: str, is_ssn: bool, hex_only: bool) -> str | None:
        for _ in range(_TRIES):
            fake = "".join(self._char(c, place, hex_only) for place, c in enumerate(shape))
            if is_ssn and len(fake) == 9 and fake.isdigit():
                # Areas from 900 are never issued, and with a group below 50 no taxpayer has it.
                fake = f"9{fake[1:3]}{self._stream.below(50):02}{fake[5:]}"
            own = numbered(fake) == numbered(number) or self._originals.has(fake)
            if not own and numbered(fake) not in self._used:
                self._used.add(numbered(fake))
                return fake
        return None

    def _char(self, shape: str, place: int, hex_only: bool) -> str:
        if hex_only:
            return self._stream.choice("0123456789abcdef")
        if shape == "0":
            return str(self._stream.below(9) + 1 if place == 0 else self._stream.below(10))
        return self._stream.choice(_LETTERS).lower() if shape == "a" else shape


def _parts(surface: str) -> list[tuple[int, int]]:
    """The runs of letters and digits that are replaced.

    Plain words beside a number stay: ``Medic 51`` is a number with a word.
    """
    runs = [(m.group(), m.span()) for m in _TOKEN.finditer(surface)]
    numbers = any(c.isdigit() for text, _ in runs for c in text)
    return [
        span
        for text, span in runs
        if not (numbers and len(text) > 3 and not text.isupper() and lexicon.is_english(text))
    ]


def _placed(surface: str, parts: list[tuple[int, int]], fake: str) -> str:
    """The fake's characters in the places, and in the case, of the original's."""
    places = [at for a, b in parts for at in range(a, b)]
    kept = len(places) - len(fake)  # leading zeros of this spelling
    out = list(surface)
    for at, char in zip(places[kept:], fake, strict=True):
        out[at] = char.upper() if surface[at].isupper() else char
    return "".join(out)
