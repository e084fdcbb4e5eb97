"""A trace for people: the engine's decisions at the places and in the words of a run's output.

A decision points into the raw note. Here each place becomes one of the output, and a place that
touches a replaced part takes its whole tag in: what is hidden from the reader stays hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deid.engine.offsets import moved
from deid.engine.reasons import reason_of

if TYPE_CHECKING:
    from deid.engine.rivals import Rival
    from deid.engine.signals import Signal
    from deid.engine.trace import Decision
    from deid.models import RunNote

#: Why something that was found still stands in the note.
LEFT = {
    "under_threshold": "Its score is under the threshold of its category.",
    "allowed": "The policy allows these words.",
    "in_tag": "It stands inside a tag that the note came with.",
    "rejected": "The rule looked closer and refused it.",
    "replaced_now": "The run left it. The engine of today would replace it.",
}
CHANGED = "The engine of today decides otherwise here than the run did."
GONE = "The engine of today would leave this. What is told is the run's own record."
ANOTHER_ENGINE = (
    "This was worked out by another version of the engine than the run's, and may differ from what "
    "decided then."
)
EFFECTS = {
    "raises": "For it",
    "lowers": "Against it",
    "decides": "Decided by",
    "extends": "Longer",
    "shortens": "Shorter",
}
BY = {
    "certain": "it is less certain",
    "longer": "it is shorter",
    "score": "its score is lower",
    "first": "it is as strong and was reported later",
}


@dataclass(frozen=True)
class Other:
    """Another finding at the place; `by` says by what it gave way, and is empty if it agrees."""

    category: str
    reason: str
    recognizer: str
    rule: str
    score: float
    by: str = ""

    @property
    def line(self) -> tuple[str, str]:
        named = f"{self.reason} ({_technical(self)})"
        if not self.by:
            return "Also found as", named
        return "Instead of", f"[{self.category}] {named}, because {self.by}"


@dataclass(frozen=True)
class Sign:
    """One thing that counted, with the words of the output where it stands."""

    effect: str
    says: str
    words: str = ""

    @property
    def line(self) -> tuple[str, str]:
        return EFFECTS[self.effect], self.says + (f": {self.words}" if self.words else "")


@dataclass(frozen=True)
class Part:
    """A part of the output: why it was replaced, or why it was found and left.

    `start` and `end` count in the output. `remark` says what else the reader must know.
    """

    start: int
    end: int
    words: str
    category: str
    reason: str
    recognizer: str
    rule: str
    score: float
    threshold: float | None = None
    remark: str = ""
    outcome: str = "replaced"
    signals: tuple[Sign, ...] = ()
    confirmed_by: tuple[Other, ...] = ()
    instead_of: tuple[Other, ...] = ()

    @property
    def technical(self) -> str:
        """For whoever reports a mistake."""
        limit = "" if self.threshold is None else f", threshold {self.threshold:.2f}"
        return _technical(self) + limit

    @property
    def lines(self) -> list[tuple[str, str]]:
        """All that is told of it besides its reason, as pairs of a label and words."""
        told = [sign.line for sign in self.signals]
        told += [other.line for other in (*self.confirmed_by, *self.instead_of)]
        if self.remark:
            told.insert(0, ("Note" if self.outcome == "replaced" else "Left", self.remark))
        return told


def _technical(one: Part | Other) -> str:
    names = ", ".join(name.replace("_", " ") for name in (one.recognizer, one.rule) if name)
    return f"{names}, score {one.score:.2f}"


@dataclass(frozen=True)
class Trace:
    """`replaced` is in the order of the run's own spans, one for each."""

    replaced: tuple[Part, ...]
    left: tuple[Part, ...]
    same_engine: bool
    notes_unread: int

    @property
    def remarks(self) -> list[str]:
        """What the reader must know of the trace as a whole."""
        told = [] if self.same_engine else [ANOTHER_ENGINE]
        if self.notes_unread:
            noun = "note was" if self.notes_unread == 1 else "notes were"
            told.append(
                f"{self.notes_unread} other {noun} too much text to read for this. What is certain "
                "there is not told here."
            )
        return told


def trace_of(
    output: RunNote, decisions: Sequence[Decision], *, same_engine: bool, notes_unread: int
) -> Trace:
    """`same_engine`: whether the engine that decided now is the run's. `notes_unread`: how many
    other notes of the patient were left out."""
    shown = Shown(str(output.text), output.spans, str(output.note_id))
    made = [d for d in decisions if d.outcome == "replaced"]
    return Trace(
        tuple(_replaced(span, made, shown) for span in output.spans),
        tuple(_left(shown, decisions)),
        same_engine,
        notes_unread,
    )


class Shown:
    """The output, and where a place of the raw note is in it."""

    def __init__(self, text: str, spans: Sequence[Mapping[str, Any]], note_id: str) -> None:
        self.text, self.spans, self.note_id = text, spans, note_id

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the output; it begins and ends outside of replaced parts."""
        stood = [(span["start"], span["end"]) for span in self.spans]
        written = [(span["output_start"], span["output_end"]) for span in self.spans]
        return moved(start, stood, written), moved(end, stood, written, at_end=True)

    def words(self, start: int, end: int) -> str:
        low, high = self.place(start, end)
        return " ".join(self.text[low:high].split())

    def hides(self, start: int, end: int) -> bool:
        return any(span["start"] < end and start < span["end"] for span in self.spans)


def _replaced(span: Mapping[str, Any], made: Sequence[Decision], shown: Shown) -> Part:
    """The decision on one part of the run, or the run's own record where there is none now."""
    found = [d for d in made if d.span.start < span["end"] and span["start"] < d.span.end]
    decision = max(found, key=lambda d: _likeness(d, span), default=None)
    place = {"start": span["output_start"], "end": span["output_end"]}
    words = shown.text[span["output_start"] : span["output_end"]]
    if decision is None or decision.span.category != span["category"]:
        return Part(
            **place,
            words=words,
            category=span["category"],
            reason=reason_of(span["recognizer"], span["rule"]),
            recognizer=span["recognizer"],
            rule=span["rule"],
            score=span["score"],
            remark=GONE if decision is None else CHANGED,
        )
    return Part(
        **place,
        words=words,
        **_finding(decision),
        threshold=decision.threshold,
        remark="" if _is_same(decision, span) else CHANGED,
        signals=tuple(_sign(signal, shown) for signal in decision.signals),
        confirmed_by=tuple(_other(rival) for rival in decision.rivals if rival.agrees),
        instead_of=tuple(_other(rival) for rival in decision.rivals if not rival.agrees),
    )


def _likeness(decision: Decision, span: Mapping[str, Any]) -> tuple[bool, int]:
    start, end = max(decision.span.start, span["start"]), min(decision.span.end, span["end"])
    return decision.span.category == span["category"], end - start


def _is_same(decision: Decision, span: Mapping[str, Any]) -> bool:
    now = decision.span
    return (now.start, now.end, now.recognizer, now.rule) == (
        span["start"], span["end"], span["recognizer"], span["rule"],
    )  # fmt: skip


def _finding(decision: Decision) -> dict[str, Any]:
    span = decision.span
    return {
        "category": span.category,
        "reason": decision.reason,
        "recognizer": span.recognizer,
        "rule": span.rule,
        "score": round(span.score, 4),
    }


def _sign(signal: Signal, shown: Shown) -> Sign:
    words = ""
    if signal.start is not None and signal.end is not None:
        words = shown.words(signal.start, signal.end)
    elif signal.notes:
        others = sum(note != shown.note_id for note in signal.notes)
        here = ["in this note"] if others < len(signal.notes) else []
        there = [f"in {others} other note{'s' if others > 1 else ''}"] if others else []
        words = " and ".join(here + there)
    return Sign(signal.effect, signal.says, words)


def _other(rival: Rival) -> Other:
    return Other(
        rival.span.category,
        rival.reason,
        rival.span.recognizer,
        rival.span.rule,
        round(rival.span.score, 4),
        "" if rival.agrees else BY[rival.by.value],
    )


def _left(shown: Shown, decisions: Iterable[Decision]) -> Iterable[Part]:
    """What was found and can still be read; what gave way is told where it gave way."""
    for decision in decisions:
        outcome = "replaced_now" if decision.outcome == "replaced" else decision.outcome.value
        span = decision.span
        if outcome not in LEFT or shown.hides(span.start, span.end):
            continue
        start, end = shown.place(span.start, span.end)
        yield Part(
            start,
            end,
            words=shown.words(span.start, span.end),
            **_finding(decision),
            threshold=decision.threshold,
            remark=LEFT[outcome],
            outcome=outcome,
            signals=tuple(_sign(signal, shown) for signal in decision.signals),
        )
