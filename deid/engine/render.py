"""Writing tags or surrogates in the place of spans, with exact offsets on both sides."""

from collections.abc import Sequence

from deid.engine.offsets import moved
from deid.engine.spans import AppliedSpan, Span


def render(
    text: str, spans: Sequence[Span], written: Sequence[str] | None = None
) -> tuple[str, list[AppliedSpan]]:
    """Replace disjoint spans, given in order, by their tags or by what is ``written`` for each.

    Returns the output text and the spans with the offsets of their replacements in it. Putting
    ``text[start:end]`` back at ``[output_start, output_end)`` gives the text again.
    """
    parts: list[str] = []
    applied: list[AppliedSpan] = []
    at = length = 0
    for number, span in enumerate(spans):
        tag = span.tag() if written is None else written[number]
        parts += [text[at : span.start], tag]
        length += span.start - at
        applied.append(
            AppliedSpan(
                start=span.start,
                end=span.end,
                category=span.category,
                subtype=span.subtype,
                score=span.score,
                recognizer=span.recognizer,
                rule=span.rule,
                certain=span.certain,
                output_start=length,
                output_end=length + len(tag),
                applied_tag=tag,
            )
        )
        length += len(tag)
        at = span.end
    parts.append(text[at:])
    return "".join(parts), applied


def source_offset(applied: Sequence[AppliedSpan], offset: int) -> int:
    """The input offset of an output offset that lies outside every replacement."""
    written = [(span.output_start, span.output_end) for span in applied]
    return moved(offset, written, [(span.start, span.end) for span in applied])
