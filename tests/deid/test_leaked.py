"""What must be hidden so that a flagged leak cannot be read again."""

from __future__ import annotations

from typing import Any

import pytest

from deid.engine import Deidentifier, KnownIdentifier, NoteText
from deid.leaked import leaked_values, whole_value


def replaced(raw: str, *names: str) -> tuple[str, list[dict[str, Any]]]:
    """The raw text with these parts under [NAME], and the spans as a run stores them."""
    spans: list[dict[str, Any]] = []
    output, at = "", 0
    for name in names:
        start = raw.index(name, at)
        output += raw[at:start]
        span = {"start": start, "end": start + len(name), "output_start": len(output)}
        output += "[NAME]"
        spans.append({**span, "output_end": len(output)})
        at = start + len(name)
    return output + raw[at:], spans


@pytest.mark.parametrize(
    ("raw", "hidden", "flag", "values"),
    [
        ("Seen by Vexley today.", [], "Vexley", ["Vexley"]),
        ("Record MRN4711 open.", [], "4711", ["4711", "MRN4711"]),
        ("Seen by Jon Vexley.", ["Jon"], "[NAME] Vexley", ["Vexley", "Jon Vexley"]),
        ("Seen by Vexley J.", ["Vexley"], "[NAME] J", ["Vexley J"]),
        ("Vexley Hospital", ["Vex"], "[NAME]ley", ["ley", "Vexley"]),
        ("(Oak  Hill),", [], "(Oak  Hill)", ["Oak Hill"]),
        ("Seen by Jon Vexley, MD.", ["Jon", "Vexley"], "[NAME], MD", ["MD", "Vexley, MD"]),
        ("grade J", [], "J", []),
    ],
)
def test_whole_words_of_the_raw_text_are_hidden(
    raw: str, hidden: list[str], flag: str, values: list[str]
) -> None:
    output, spans = replaced(raw, *hidden)
    start = output.rindex(flag)
    assert leaked_values(raw, output, spans, start, start + len(flag)) == values


@pytest.mark.parametrize(
    ("raw", "hidden", "flag"),
    [
        ("Takes lisinopril from Graves.", [], "lisinopril"),
        ("Record MRN4711 open.", [], "4711"),
        ("Seen by Jon Graves disease.", ["Jon"], "[NAME] Graves"),
        ("She will go.", [], "will"),
    ],
)
def test_what_was_flagged_is_not_readable_in_the_next_run(
    raw: str, hidden: list[str], flag: str
) -> None:
    output, spans = replaced(raw, *hidden)
    start = output.index(flag)
    values = leaked_values(raw, output, spans, start, start + len(flag))
    known = [KnownIdentifier("NAME", value, confirmed=True) for value in values]
    text = Deidentifier().process_patient([NoteText("n", raw)], known)[0].text
    assert flag.removeprefix("[NAME] ") not in text


@pytest.mark.parametrize(
    ("flag", "whole"),
    [
        ("Seen", "Seen"),
        ("een b", "Seen by"),
        ("by [NAME]", "by Jon Vexley"),
        ("[NA", "Jon Vexley"),
        ("AME] in cl", "Jon Vexley in clinic"),
        ("y [NAME] i", "by Jon Vexley in"),
        ("[NAME] in clinic [NAME]", "Jon Vexley in clinic Oak Hill"),
        (".", ""),
    ],
)
def test_the_whole_behind_a_passage_takes_words_and_tags_whole(flag: str, whole: str) -> None:
    raw = "Seen by Jon Vexley in clinic Oak Hill."
    output, spans = replaced(raw, "Jon Vexley", "Oak Hill")
    start = output.index(flag)
    assert whole_value(raw, output, spans, start, start + len(flag)) == whole
