"""The last look at the output: known identifiers and shapes that are never harmless."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from deid.engine.families import contacts, network, numbers
from deid.engine.merge import merge
from deid.engine.normalize import plain
from deid.engine.render import render, source_offset
from deid.engine.spans import AppliedSpan, Span

RECOGNIZER = "sweep"
_HARD = {"ssn_shape", "ssn_labelled", "email", "phone_shape", "url", "bare_domain"}
_RULES = [r for f in (numbers, contacts, network) for r in f.RULES if r.id in _HARD]
#: A replacement can bring two halves together, once or twice; a third time never happened.
_ROUNDS = 3


def swept(
    text: str, spans: Sequence[Span], find_known: Callable[[str], list[Span]]
) -> tuple[str, list[AppliedSpan]]:
    """Render the spans, and again with whatever the sweep finds left in the output."""
    current = list(spans)
    output, applied = render(text, current)
    for _ in range(_ROUNDS):
        left = [s for s in (*find_known(output), *_hard_shapes(output)) if _is_free(s, applied)]
        if not left:
            break
        found = [
            replace(
                span,
                start=source_offset(applied, span.start),
                end=source_offset(applied, span.end - 1) + 1,
                recognizer=RECOGNIZER,
                certain=True,
            )
            for span in left
        ]
        current = merge([*current, *found], text)
        output, applied = render(text, current)
    return output, applied


def _hard_shapes(output: str) -> list[Span]:
    readable = plain(output)
    return [
        Span(start, end, rule.category, rule.subtype, rule.score, RECOGNIZER, rule.id, True)
        for rule in _RULES
        for start, end in rule.find(readable)
    ]


def _is_free(span: Span, applied: Sequence[AppliedSpan]) -> bool:
    return all(span.end <= s.output_start or span.start >= s.output_end for s in applied)
