"""From a flag in a run's output to the texts that have to be hidden in the raw notes.

A flag may begin or end inside a word (`4711` in `MRN4711`), and it may reach over a tag (`[NAME]
Hale`), which stands in no raw note. Hidden are whole words of the raw text, for only these are
found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deid.engine.offsets import moved

Span = Mapping[str, Any]


def leaked_values(raw: str, output: str, spans: Sequence[Span], start: int, end: int) -> list[str]:
    """The texts behind `output[start:end]`, each with at least two letters or digits.

    `spans` are the run's, with offsets in `raw` and in `output`, in order. The last one is the
    whole in whole words, with what stands behind the tags that it touches.
    """
    found: list[str] = []
    touches_tag = any(s["output_start"] < end and start < s["output_end"] for s in spans)
    for low, high in _readable(spans, start, end):
        found += [output[low:high], _whole_words(output, spans, low, high)]
    if touches_tag:
        written = [(s["output_start"], s["output_end"]) for s in spans]
        stood = [(s["start"], s["end"]) for s in spans]
        low, high = moved(start, written, stood), moved(end, written, stood, at_end=True)
        found.append(_whole_words(raw, (), low, high))
    tidy = (" ".join(value.split()).strip(" ,;:.()[]\"'") for value in found)
    return list(dict.fromkeys(value for value in tidy if sum(c.isalnum() for c in value) > 1))


def overlapping(output: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a text stands in the output so that it overlaps `output[start:end]`."""
    place = output.find(text) if text.strip() else -1
    while place >= 0:
        if place < end and start < place + len(text):
            return place, place + len(text)
        place = output.find(text, place + 1)
    return None


def whole_value(raw: str, output: str, spans: Sequence[Span], start: int, end: int) -> str:
    """The text behind `output[start:end]` as one, in whole words; empty where nothing is to hide.

    For a passage whose parts alone ("was in the") identify nobody.
    """
    found = leaked_values(raw, output, spans, start, end)
    return found[-1] if found else ""


def _readable(spans: Sequence[Span], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What of a part of the output stands outside the tags."""
    for span in spans:
        if span["output_end"] <= start or span["output_start"] >= end:
            continue
        if start < span["output_start"]:
            yield start, span["output_start"]
        start = span["output_end"]
    if start < end:
        yield start, end


def _whole_words(output: str, spans: Sequence[Span], start: int, end: int) -> str:
    """The part, widened to the ends of its words but never into a tag."""
    floor = max((s["output_end"] for s in spans if s["output_end"] <= start), default=0)
    roof = min((s["output_start"] for s in spans if s["output_start"] >= end), default=len(output))
    if start < end and output[start].isalnum():
        while start > floor and output[start - 1].isalnum():
            start -= 1
    if start < end and output[end - 1].isalnum():
        while end < roof and output[end].isalnum():
            end += 1
    return output[start:end]
