"""How a finished note is disfigured: dictation, abbreviations and slips of the pen."""

from __future__ import annotations

import re
from random import Random

from .markup import outside, surfaces
from .people import Patient
from .vocabulary.slips import ABBREVIATIONS, SLIPS

# Lower-case forms of these names would be words of their own, in life as in a note.
_WORDS = {"will", "grace", "june", "mark", "opal", "long"}


def _replace(text: str, pairs: dict[str, str], rng: Random, chance: float) -> str:
    for word, other in pairs.items():
        pieces = re.split(rf"\b{word}\b", text)
        text = pieces[0]
        for piece in pieces[1:]:
            text += (other if rng.random() < chance else word) + piece
    return text


def slips(marked: str, rng: Random) -> str:
    """Misspell some words between the marks."""
    return outside(marked, lambda text: _replace(text, SLIPS, rng, 0.4))


def abbreviate(marked: str, rng: Random) -> str:
    """Shorten some words between the marks."""
    return outside(marked, lambda text: _replace(text, ABBREVIATIONS, rng, 0.6))


def dictate(marked: str, patient: Patient) -> str:
    """Lower case and running on, as a dictation comes back; only the first line stays a heading."""
    head, _, body = marked.partition("\n")
    own = {part.lower() for part in re.split(r"[\s-]+", f"{patient.given} {patient.family}")}

    def lower_names(code: str, surface: str) -> str:
        words = {word.lower() for word in re.split(r"[\s,-]+", surface) if word}
        spoken = words <= own and not words & _WORDS and all(len(word) > 3 for word in words)
        return surface.lower() if code == "PNAME" and spoken else surface

    body = surfaces(outside(body, lambda text: text.lower().replace("\n", " ")), lower_names)
    return f"{head}\n{body}"
