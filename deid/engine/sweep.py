"""The last look at the output: known identifiers and shapes that are never harmless."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from deid.engine.families import contacts, network, numbers
from deid.engine.matching import RuleSet
from deid.engine.merge import merge
from deid.engine.normalize import plain
from deid.engine.render import render, source_offset
from deid.engine.spans import AppliedSpan, Span

RECOGNIZER = "sweep"
_HARD = {"ssn_shape", "ssn_labelled", "email", "phone_shape", "url", "bare_domain"}
_RULES = RuleSet([r for f in (numbers, contacts, network) for r in f.RULES if r.id in _HARD])
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
    found = _RULES.find(plain(output))
    return [_RULES.rules[n].span(RECOGNIZER, start, end) for n, start, end in found]


def _is_free(span: Span, applied: Sequence[AppliedSpan]) -> bool:
    """Whether a span of the output touches none of the tags."""
    behind = bisect_right(applied, span.start, key=lambda s: s.output_end)
    return behind == len(applied) or span.end <= applied[behind].output_start
