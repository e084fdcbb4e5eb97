"""Writing tags in the place of spans, with exact offsets on both sides."""

from bisect import bisect_right
from collections.abc import Sequence

from deid.engine.spans import AppliedSpan, Span


def render(text: str, spans: Sequence[Span]) -> tuple[str, list[AppliedSpan]]:
    """Replace disjoint spans, given in order, by their tags.

    Returns the output text and the spans with the offsets of their tags in it. Putting
    ``text[start:end]`` back at ``[output_start, output_end)`` gives the text again.
    """
    parts: list[str] = []
    applied: list[AppliedSpan] = []
    at = length = 0
    for span in spans:
        tag = span.tag()
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
    """The input offset of an output offset that lies outside every tag."""
    before = bisect_right(applied, offset, key=lambda span: span.output_end)
    return offset + (applied[before - 1].end - applied[before - 1].output_end if before else 0)
