"""``explain``: for each note why its parts were replaced, and what was found and left."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from deid.engine.command.lines import Bad, Line, Notes
from deid.engine.command.output import InOrder
from deid.engine.command.transform import Report
from deid.engine.policy import Policy
from deid.engine.rivals import Advantage, Rival
from deid.engine.signals import Signal
from deid.engine.spans import NoteText, Span
from deid.engine.trace import Decision, Outcome, explain_patient

_MARKS = {"raises": "+", "lowers": "-", "decides": "!", "extends": "<>", "shortens": "><"}
_LEFT = {
    Outcome.UNDER_THRESHOLD: "its score is under the threshold",
    Outcome.ALLOWED: "the policy allows these words",
    Outcome.IN_TAG: "it stands inside a tag that the note came with",
    Outcome.REJECTED: "the rule's own judge refused it",
}
_BY = {
    Advantage.CERTAIN: "which is not certain",
    Advantage.LONGER: "which is shorter",
    Advantage.SCORE: "whose score is lower",
    Advantage.FIRST: "which is as strong and was reported later",
}


class NoSuchNoteError(Exception):
    """No line has the id that was asked for."""


def explain(notes: Notes, policy: Policy, *, wanted: str | None, as_json: bool) -> int:
    """Write the trace of each note, or of the one wanted; gives how many lines were left out.

    Raises ``NoSuchNoteError``. Words of the notes are written, but for ``as_json``.
    """
    report, found = Report(), False
    with InOrder(sys.stdout) as output:
        for group in notes.groups():
            if not isinstance(group, list):
                if isinstance(group, Bad):
                    report.left_out(group.number, group.reason)
                output.put(group.number, "")
                continue
            for line, decisions in _traces(group, notes, policy, wanted):
                shown = wanted in (None, str(line.id))
                found = found or shown
                text = _as_json(line, decisions) if as_json else _as_text(line, decisions)
                output.put(line.number, text if shown else "")
    if wanted is not None and not found:
        raise NoSuchNoteError
    sys.stdout.flush()
    return report.lines


def _traces(
    group: list[Line], notes: Notes, policy: Policy, wanted: str | None
) -> Iterator[tuple[Line, list[Decision]]]:
    if wanted is not None and all(str(line.id) != wanted for line in group):
        yield from ((line, []) for line in group)
        return
    texts = [NoteText(str(line.id), line.text) for line in group]
    traces = explain_patient(texts, notes.known_of(group), policy, only=wanted)
    yield from zip(group, traces, strict=True)


def _as_json(line: Line, decisions: list[Decision]) -> str:
    found: dict[str, Any] = {"id": line.id, "decisions": [d.to_dict() for d in decisions]}
    return json.dumps(found)


def _as_text(line: Line, decisions: list[Decision]) -> str:
    replaced = [d for d in decisions if d.outcome is Outcome.REPLACED]
    left = [d for d in decisions if d.outcome in _LEFT]
    lines = [f"Note {line.id}: {len(replaced)} replaced, {len(left)} found and left"]
    for decision in replaced:
        lines += ["", *_decision(decision, line.text)]
        lines += [_signal(signal, line.text) for signal in decision.signals]
        lines += [_rival(rival) for rival in decision.rivals]
    for decision in left:
        lines += ["", *_decision(decision, line.text), f"    left: {_LEFT[decision.outcome]}"]
    return "\n".join([*lines, ""])


def _decision(decision: Decision, text: str) -> Iterator[str]:
    span = decision.span
    words = " ".join(text[span.start : span.end].split())
    yield f"  {span.start}-{span.end} [{span.category}] {words}"
    yield f"    {decision.reason} ({_rule(span)}, threshold {decision.threshold:.2f})"


def _rule(span: Span) -> str:
    names = f"{span.recognizer}, {span.rule}" if span.rule else span.recognizer
    return f"{names}, score {span.score:.2f}"


def _signal(signal: Signal, text: str) -> str:
    words = " ".join(text[signal.start : signal.end].split()) if signal.start is not None else ""
    notes = ", ".join(signal.notes)
    more = f": {words or 'note ' * bool(notes) + notes}" if words or notes else ""
    return f"    {_MARKS[signal.effect]} {signal.says}{more}"


def _rival(rival: Rival) -> str:
    told = f"{rival.reason} ({_rule(rival.span)})"
    if rival.agrees:
        return f"    = also {told}"
    return f"    / instead of [{rival.span.category}] {told}, {_BY[rival.by]}"
