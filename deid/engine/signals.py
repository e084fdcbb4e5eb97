"""What counted for and against a finding: words beside it, certainty, other notes, dictionaries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deid.engine import known, propagation, sweep
from deid.engine.ner_floors import FLOORS, LABELS, floor_of
from deid.engine.normalize import folded
from deid.engine.overheard import Heard
from deid.engine.spans import Span

#: For each kind of signal what it did to the finding, and in words.
KINDS = {
    "words_before": ("raises", "words before it announce it"),
    "words_behind": ("raises", "words behind it confirm it"),
    "certain": (
        "decides",
        "the rule is certain: it outranks the others, and what it found is looked for in all notes "
        "of the patient",
    ),
    "known": ("decides", "a structured field says so: no threshold and no list is asked"),
    "term": ("decides", "the policy always hides it: no threshold and no list is asked"),
    "elsewhere": ("decides", "it is certain in another place of this patient's notes"),
    "sweep": ("decides", "it could still be read when all else was replaced"),
    "unknown_word": ("raises", "no dictionary has these words, so the model may be less sure"),
    "ordinary_word": ("lowers", "the words are ordinary, so the model must be surer"),
    "clinical_word": ("lowers", "the words are clinical, so the model must be almost certain"),
    "joined": ("extends", "it was joined with findings of its category beside it"),
    "cut": ("shortens", "another finding took a part of it"),
}
#: How much of the words beside a finding is pointed at, in characters.
_BESIDE = 60
_WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that counted. ``start`` and ``end`` are the place in the note where it stands, for
    words beside the finding; ``notes`` the ids of the notes that are certain of it."""

    kind: str
    start: int | None = None
    end: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def effect(self) -> str:
        """``raises``, ``lowers``, ``decides``, ``extends`` or ``shortens``."""
        return KINDS[self.kind][0]

    @property
    def says(self) -> str:
        """The signal as a clause, without words of the note."""
        return KINDS[self.kind][1]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        place = {} if self.start is None else {"start": self.start, "end": self.end}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {"kind": self.kind, "effect": self.effect, "says": self.says, **place, **notes}


class Sources:
    """In which notes of a patient the words of a finding are certain."""

    def __init__(self, notes: Iterable[tuple[str, Heard]]) -> None:
        self._notes: dict[tuple[str, str], dict[str, None]] = {}
        for note_id, heard in notes:
            for span in (*heard.found, *heard.certain):
                for word in _words(heard.text, span) if span.certain else ():
                    self._notes.setdefault((span.category, word), {})[note_id] = None

    def of(self, text: str, span: Span) -> tuple[str, ...]:
        """Ids of the notes, in order; none where the form is too far from what was certain."""
        places = (self._notes.get((span.category, word), {}) for word in _words(text, span))
        return tuple(dict.fromkeys(note for found in places for note in found))


def _words(text: str, span: Span) -> list[str]:
    return _WORD.findall(folded(text[span.start : span.end]))


def signals_of(finding: Span, heard: Heard, sources: Sources) -> tuple[Signal, ...]:
    """What counted for and against a finding of the note."""
    if finding.recognizer == known.RECOGNIZER:
        return (Signal("known"),)
    if finding.recognizer == "policy":
        return (Signal("term"),)
    if finding.recognizer == sweep.RECOGNIZER:
        return (Signal("sweep"),)
    if finding.recognizer == propagation.RECOGNIZER:
        return (Signal("elsewhere", notes=sources.of(heard.text, finding)),)
    certain = (Signal("certain"),) if finding.certain else ()
    return (*_beside(finding, heard), *_by_dictionary(finding, heard.text), *certain)


def _beside(finding: Span, heard: Heard) -> Iterable[Signal]:
    """The words that the rule's pattern took beside the identifier."""
    wanted = (finding.recognizer, finding.rule, (finding.start, finding.end))
    for attempt in heard.attempts:
        if (attempt.recognizer, attempt.rule.id, attempt.bounds) != wanted:
            continue
        begin, end = attempt.taken
        if place := _worded(heard.text, max(begin, finding.start - _BESIDE), finding.start):
            yield Signal("words_before", *place)
        if place := _worded(heard.text, finding.end, min(end, finding.end + _BESIDE)):
            yield Signal("words_behind", *place)
        return


def _worded(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The place without white space at its edges, if a letter or digit stands in it."""
    words = text[start:end] if start < end else ""
    if not any(c.isalnum() for c in words):
        return None
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _by_dictionary(finding: Span, text: str) -> Iterable[Signal]:
    """How the dictionaries moved the probability that a model must reach."""
    label = finding.rule.upper()
    if LABELS.get(label, ("",))[0] != finding.category or finding.category not in (
        "NAME",
        "LOCATION",
    ):
        return
    usual, floor = FLOORS[label], floor_of(label, text[finding.start : finding.end])
    if floor < usual:
        yield Signal("unknown_word")
    elif floor > 2 * usual:
        yield Signal("clinical_word")
    elif floor > usual:
        yield Signal("ordinary_word")
