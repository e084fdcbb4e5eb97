"""Clinical note summarisation: the guide's prompt and its four-section answer.

The guide fixes both sides of an example. The instruction is one sentence followed by the note;
the response names four sections in a fixed order. The dataset builder writes examples and gold
prompts with this module. Training, evaluation and replay read the prompts from those files and
never build one, so that a model is asked before each rollout exactly what it was taught.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict

TASK_ID = "note_summarisation"
SCHEMA_VERSION = 1
SECTIONS: tuple[str, ...] = (
    "Chief Complaint",
    "History of Present Illness",
    "Assessment",
    "Plan",
)
INSTRUCTION = (
    "Summarise the following clinical note into a structured format with sections: "
    "Chief Complaint, History of Present Illness, Assessment, and Plan."
)

_HEADING = re.compile(
    r"^[ \t]*(?P<name>" + "|".join(re.escape(name) for name in SECTIONS) + r")[ \t]*:[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_CANONICAL_NAMES = {name.casefold(): name for name in SECTIONS}


class Example(TypedDict):
    """One line of the guide's JSONL export."""

    instruction: str
    response: str


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """A response taken apart. `order` lists the headings as they came, repeats included."""

    sections: dict[str, str]
    order: tuple[str, ...]
    preamble: str


def build_instruction(note_text: str) -> str:
    """The guide's prompt for one de-identified note."""
    return f"{INSTRUCTION}\n\n{note_text.strip()}"


def build_response(sections: dict[str, str]) -> str:
    """Write the four sections in the guide's order, one line each.

    Raises:
        ValueError: a section is absent or empty, or an unknown one is given. Only section
            names stand in the message, never their text.
    """
    unknown = sorted(set(sections) - set(SECTIONS))
    empty = [name for name in SECTIONS if not sections.get(name, "").strip()]
    if unknown or empty:
        raise ValueError(
            f"A summary needs text in each of the four sections. Empty: {', '.join(empty) or '-'}; "
            f"unknown: {len(unknown)}."
        )
    return "\n".join(f"{name}: {_one_line(sections[name])}" for name in SECTIONS)


def build_example(note_text: str, summary: str | dict[str, str]) -> Example:
    """One training example from a de-identified note and its gold summary.

    `summary` is the guide's text or its sections by name; text that does not hold all four
    sections is refused, since one malformed example teaches the model a malformed answer.

    Raises:
        ValueError: the note is empty or the summary breaks the schema (no text in the message).
    """
    if not note_text.strip():
        raise ValueError("The note is empty, so there is nothing to summarise.")
    if isinstance(summary, str):
        problems = validate(summary)
        if problems:
            raise ValueError(" ".join(problems))
        summary = parse_response(summary).sections
    return Example(instruction=build_instruction(note_text), response=build_response(summary))


def parse_response(text: str) -> ParsedResponse:
    """Take a response apart by its headings; never raises, whatever a model wrote.

    A heading counts only at the start of a line. Where one is repeated, its first text stays.
    """
    matches = list(_HEADING.finditer(text))
    sections: dict[str, str] = {}
    order: list[str] = []
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        name = _CANONICAL_NAMES[match.group("name").casefold()]
        order.append(name)
        sections.setdefault(name, text[match.end() : end].strip())
    preamble = text[: matches[0].start()] if matches else text
    return ParsedResponse(sections=sections, order=tuple(order), preamble=preamble.strip())


def validate(text: str) -> list[str]:
    """What is wrong with a response, one sentence each; an empty list means it is well formed."""
    parsed = parse_response(text)
    problems: list[str] = []
    missing = [name for name in SECTIONS if name not in parsed.sections]
    empty = [name for name in SECTIONS if name in parsed.sections and not parsed.sections[name]]
    repeated = sorted({name for name in parsed.order if parsed.order.count(name) > 1})
    if missing:
        problems.append(f"Missing sections: {', '.join(missing)}.")
    if empty:
        problems.append(f"Empty sections: {', '.join(empty)}.")
    if repeated:
        problems.append(f"Sections given more than once: {', '.join(repeated)}.")
    if not missing and not repeated and parsed.order != SECTIONS:
        problems.append(f"Sections must stand in this order: {', '.join(SECTIONS)}.")
    if parsed.preamble:
        problems.append("There is text before the first section.")
    return problems


def _one_line(text: str) -> str:
    return " ".join(text.split())
