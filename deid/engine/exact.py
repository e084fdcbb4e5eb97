"""Texts that are hidden wherever they stand: the organisation's terms, and what a person confirmed.

No context, allow-list or threshold is asked. Capitals, accents, quotes, and blanks or hyphens
between the words make no difference; only whole words count, so that `Lee` leaves `sleep` alone.
"""

import re
from collections.abc import Iterable, Iterator

from deid.engine.normalize import folded
from deid.engine.phrases import FoldedNote, Phrase, mentions

_BETWEEN_WORDS = re.compile(r"[\s-]+")
_RUN = re.compile(r"[^\W\d_]+|\d+")


class ExactMatcher:
    """Finds given texts of any number: a note is asked for the words that it has."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """``texts`` are pairs of category and text; one without a letter or digit finds nothing."""
        self._by_run: dict[str, list[tuple[str, Phrase]]] = {}
        for category, text in dict.fromkeys(texts):
            words = tuple(part for part in _BETWEEN_WORDS.split(folded(text)) if part)
            run = _RUN.search(" ".join(words))
            if run is not None:
                entry = (category, Phrase(words, "-"))
                self._by_run.setdefault(_key(run.group()), []).append(entry)

    def find(self, note: FoldedNote) -> Iterator[tuple[str, int, int]]:
        """Category and bounds of every mention; they may overlap, and none is left out for it."""
        if not self._by_run:  # as under most policies: the note need not be taken apart
            return
        for run in self._by_run.keys() & note.runs:
            for category, phrase in self._by_run[run]:
                for start, end in mentions(phrase, note.low):
                    yield category, start, end


def _key(run: str) -> str:
    """A run as ``FoldedNote.runs`` has it: digits without leading zeros."""
    return run.lstrip("0") if run.isdecimal() else run
