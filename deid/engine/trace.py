"""Why each part of a note was replaced, and why others were not.

A decision holds places in the note and never its words, so that it may be shown to whoever may not
read what is hidden: the caller takes the words from the text that this reader sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deid.engine.ner import NerModel
from deid.engine.normalize import folded
from deid.engine.overheard import Heard, Overheard
from deid.engine.policy import Policy
from deid.engine.reasons import reason_of
from deid.engine.rivals import Contest, Rival, span_dict
from deid.engine.signals import Signal, Sources, signals_of
from deid.engine.spans import KnownIdentifier, NoteText, Span


class Outcome(StrEnum):
    """What became of a finding."""

    REPLACED = "replaced"
    OUTRANKED = "outranked"  #: a stronger finding of another category stands there
    UNDER_THRESHOLD = "under_threshold"
    ALLOWED = "allowed"  #: the policy's allow terms hold these words
    IN_TAG = "in_tag"  #: it stands inside a tag that the note came with
    REJECTED = "rejected"  #: the rule's own judge refused it


@dataclass(frozen=True, slots=True)
class Decision:
    """One finding: what looked for it, what counted for and against it, and what became of it.

    ``span`` has half-open offsets into the note; of what was replaced, those of the whole replaced
    part. ``threshold`` is that of the category; no threshold is asked about a known identifier or
    a term.
    """

    span: Span
    outcome: Outcome
    reason: str
    threshold: float
    signals: tuple[Signal, ...] = ()
    rivals: tuple[Rival, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; offsets and names of rules, no words of the note."""
        return {
            **span_dict(self.span),
            "outcome": self.outcome.value,
            "reason": self.reason,
            "threshold": self.threshold,
            "signals": [signal.to_dict() for signal in self.signals],
            "rivals": [rival.to_dict() for rival in self.rivals],
        }


def explain_patient(
    notes: Sequence[NoteText],
    known: Sequence[KnownIdentifier] = (),
    policy: Policy | None = None,
    *,
    only: str | None = None,
    ner: NerModel | None = None,
) -> list[list[Decision]]:
    """The decisions on each note of one patient, in the order of the notes and of their places.

    The notes of a patient are worked on together, as in ``Deidentifier.process_patient``: what one
    note is certain of is found in the others. With ``only``, the decisions on the note of that id
    alone are worked out, and the others' lists are empty.
    """
    engine = Overheard(policy, ner)
    engine.process_patient(notes, known)
    sources = Sources((note.id, heard) for note, heard in zip(notes, engine.notes, strict=True))
    return [
        _decisions(heard, engine.policy, sources) if only in (None, note.id) else []
        for note, heard in zip(notes, engine.notes, strict=True)
    ]


def explain_note(
    note: NoteText,
    known: Sequence[KnownIdentifier] = (),
    policy: Policy | None = None,
    *,
    others: Sequence[NoteText] = (),
) -> list[Decision]:
    """The decisions on one note; ``others`` are the further notes of its patient."""
    return explain_patient([note, *others], known, policy, only=note.id)[0]


def _decisions(heard: Heard, policy: Policy, sources: Sources) -> list[Decision]:
    assert heard.result is not None
    contest = Contest(heard.kept, heard.result.spans)
    made = [_replaced(part, contest, heard, policy, sources) for part in contest.applied]
    made += [
        _left(span, Outcome.OUTRANKED, heard, policy, sources, rivals=contest.winners(span))
        for span in contest.outranked()
    ]
    allowed = frozenset(folded(term).strip() for term in policy.allow_terms)
    made += [
        _left(span, _why_dropped(span, heard.text, policy, allowed), heard, policy, sources)
        for span in dict.fromkeys(heard.dropped)
    ]
    made += [
        _left(span, Outcome.REJECTED, heard, policy, sources)
        for span in _rejected(heard, policy, contest)
    ]
    return sorted(made, key=lambda d: (d.span.start, d.outcome is not Outcome.REPLACED, d.span.end))


def _replaced(
    part: Span, contest: Contest, heard: Heard, policy: Policy, sources: Sources
) -> Decision:
    leader = contest.leader(part)
    signals = list(signals_of(leader or part, heard, sources))
    if leader is not None and (part.start < leader.start or leader.end < part.end):
        signals.append(Signal("joined"))
    if leader is not None and (leader.start < part.start or part.end < leader.end):
        signals.append(Signal("cut"))
    return Decision(
        span=part,
        outcome=Outcome.REPLACED,
        reason=reason_of(part.recognizer, part.rule),
        threshold=policy.threshold(part.category),
        signals=tuple(signals),
        rivals=contest.rivals(part),
    )


def _left(
    span: Span,
    outcome: Outcome,
    heard: Heard,
    policy: Policy,
    sources: Sources,
    rivals: tuple[Rival, ...] = (),
) -> Decision:
    return Decision(
        span=span,
        outcome=outcome,
        reason=reason_of(span.recognizer, span.rule),
        threshold=policy.threshold(span.category),
        signals=() if outcome is Outcome.REJECTED else signals_of(span, heard, sources),
        rivals=rivals,
    )


def _why_dropped(span: Span, text: str, policy: Policy, allowed: frozenset[str]) -> Outcome:
    """Threshold, allow terms, tags: the order in which the pipeline asks."""
    if span.score < policy.threshold(span.category):
        return Outcome.UNDER_THRESHOLD
    if folded(text[span.start : span.end]).strip() in allowed:
        return Outcome.ALLOWED
    return Outcome.IN_TAG


def _rejected(heard: Heard, policy: Policy, contest: Contest) -> list[Span]:
    """What still stands in the note and a rule's judge refused, one for each place.

    Only of rules whose pattern itself names the identifier: where a judge reads it, as behind a
    title, a refusal has no place.
    """
    refused: dict[tuple[int, int], Span] = {}
    for attempt in heard.attempts:
        if attempt.bounds is not None or attempt.named is None:
            continue
        rule, (start, end) = attempt.rule, attempt.named
        if rule.score < policy.threshold(rule.category) or contest.takes(start, end):
            continue
        span = rule.span(attempt.recognizer, start, end)
        best = refused.get((start, end))
        if best is None or best.score < span.score:
            refused[start, end] = span
    return list(refused.values())
