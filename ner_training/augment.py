"""What happens to text on its way into a record: cases, joined lines, lost marks, slips."""

import random
import re

Piece = tuple[str, str]
Rng = random.Random

_LOOKALIKE = {"0": "O", "1": "l", "l": "1", "O": "0", "5": "S", "i": "1", "B": "8"}
_CLOSED = (".", ":", "?", "!", "\n")


def augmented(rng: Rng, lines: list[list[Piece]]) -> list[Piece]:
    """The lines as one note in one of the ways that notes come."""
    roll = rng.random()
    if roll < 0.55:
        cased = lines
    elif roll < 0.75:
        cased = [_mapped(line, str.lower) for line in lines]
    elif roll < 0.82:
        cased = [_mapped(line, str.upper) for line in lines]
    elif roll < 0.92:
        cased = [_mapped(line, str.upper) if rng.random() < 0.25 else line for line in lines]
    else:
        cased = [
            _identifiers(line, rng.choice((str.lower, str.upper, str.title))) for line in lines
        ]
    if rng.random() < 0.08:
        cased = [_without_marks(line) for line in cased]
    note = _joined(rng, cased)
    if rng.random() < 0.15:
        note = [(_slips(rng, text, 0.012), label) for text, label in note]
    return [(_accents(rng, text), label) for text, label in note]


def _mapped(line: list[Piece], change: object) -> list[Piece]:
    return [(change(text), label) for text, label in line]  # type: ignore[operator]


def _identifiers(line: list[Piece], change: object) -> list[Piece]:
    return [(change(t) if label not in ("O",) else t, label) for t, label in line]  # type: ignore[operator]


def _without_marks(line: list[Piece]) -> list[Piece]:
    return [
        (re.sub(r"[.,;:](?=\s|$)", "", text) if label == "O" else text, label)
        for text, label in line
    ]


def _joined(rng: Rng, lines: list[list[Piece]]) -> list[Piece]:
    style = rng.choices(("\n", " ", "\n\n", "mixed", "   "), (5, 4, 1.5, 4, 0.3))[0]
    note: list[Piece] = []
    for line in lines:
        if note:
            gap = rng.choice(("\n", " ", " ", "\n\n")) if style == "mixed" else style
            last = note[-1][0]
            if gap == " " and not last.endswith(_CLOSED) and rng.random() < 0.6:
                gap = rng.choice((". ", ". ", " ", "  ", "; ", " - ", " | "))
            note.append((gap, "O"))
        elif rng.random() < 0.05:
            note.append((rng.choice(("- ", "* ", "1. ", "> ", "• ")), "O"))
        note += line
    return note


def _slips(rng: Rng, text: str, rate: float) -> str:
    chars = list(text)
    for i, char in enumerate(chars):
        if char.isalnum() and rng.random() < rate:
            kind = rng.random()
            if kind < 0.3:
                chars[i] = ""
            elif kind < 0.55:
                chars[i] = char * 2
            elif kind < 0.8 and i + 1 < len(chars):
                chars[i], chars[i + 1] = chars[i + 1], char
            else:
                chars[i] = _LOOKALIKE.get(char, char)
    return "".join(chars)


_PLAIN = str.maketrans(
    "áàâäãåéèêëíìîïóòôöõøúùûüñçýšžčćřńłśęąğıő", "aaaaaaeeeeiiiioooooouuuuncyszccrnlseagio"
)


def _accents(rng: Rng, text: str) -> str:
    if text.isascii() or rng.random() < 0.5:
        return text
    return text.translate(_PLAIN)
