"""Labelled notes as arrays of word types and classes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deid.engine.tagger.model import CLASSES
from deid.engine.tagger.network import REACH
from deid.engine.tagger.tokens import ends_of, tokenize
from ner_training.augment import Piece

_CLASS = {label: number for number, label in enumerate(CLASSES)}
#: The class of the empty words between notes, which teach nothing.
IGNORED = -100


@dataclass
class Types:
    """Surfaces by number; number 0 is the empty word."""

    numbers: dict[str, int] = field(default_factory=lambda: {"": 0})

    def of(self, surface: str) -> int:
        """The number of a surface, a new one if it is new."""
        return self.numbers.setdefault(surface, len(self.numbers))


def encode(
    notes: Iterable[list[Piece]], types: Types
) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """All notes in one row, ``(n,)`` types and ``(n,)`` classes, with empty words between."""
    gap, blank = [0] * REACH, [IGNORED] * REACH
    numbers: list[int] = list(gap)
    classes: list[int] = list(blank)
    for note in notes:
        text = "".join(part for part, _ in note)
        marks = np.zeros(len(text) + 1, np.int16)
        at = 0
        for part, label in note:
            marks[at : at + len(part)] = _CLASS[label]
            at += len(part)
        tokens = tokenize(text)
        ends = ends_of(tokens)
        numbers += [types.of(t) for t in tokens]
        classes += marks[ends - 1].tolist()
        numbers += gap
        classes += blank
    return np.array(numbers, np.int32), np.array(classes, np.int16)
