"""Marked text: identifiers and clinical facts are marked where they are written.

A note is composed as one string in which private-use characters enclose every marked
surface. `render` takes the marks out again and answers with exact character offsets, so
that no later search is needed to know where an identifier stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_OPEN, _BAR, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_BAR}]*){_BAR}([^{_CLOSE}]*){_CLOSE}")

LABELS = (
    "NAME", "LOCATION", "DATE_AGE", "PHONE", "FAX", "EMAIL", "SSN", "MRN", "HEALTH_PLAN",
    "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "URL", "IP", "BIOMETRIC", "PHOTO", "OTHER_ID",
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """One marked surface: `start` and `end` are character offsets, `tag` its label or kind."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True)
class Rendered:
    """Plain text with the identifiers to remove and the facts to keep."""

    text: str
    spans: tuple[Mark, ...]
    keep: tuple[Mark, ...]


def phi(label: str, surface: str) -> str:
    """Mark `surface` as an identifier of category `label`."""
    if label not in LABELS:
        raise ValueError(f"{label} is not one of the 18 category codes.")
    return f"{_OPEN}P{label}{_BAR}{surface}{_CLOSE}"


def keep(kind: str, surface: str) -> str:
    """Mark `surface` as a clinical fact that has to survive de-identification."""
    return f"{_OPEN}K{kind}{_BAR}{surface}{_CLOSE}"


def render(marked: str) -> Rendered:
    """Take the marks out of `marked` and note where each surface stands."""
    parts: list[str] = []
    spans: list[Mark] = []
    kept: list[Mark] = []
    length = position = 0
    for match in _MARK.finditer(marked):
        plain = marked[position : match.start()]
        code, surface = match.groups()
        start = length + len(plain)
        length = start + len(surface)
        parts += [plain, surface]
        position = match.end()
        (spans if code[0] == "P" else kept).append(Mark(start, length, code[1:]))
    parts.append(marked[position:])
    return Rendered("".join(parts), tuple(spans), tuple(kept))


def plain(marked: str) -> str:
    """The text without its marks."""
    return _MARK.sub(lambda match: match.group(2), marked)


def outside(marked: str, change: Callable[[str], str]) -> str:
    """Apply `change` to the text between the marks, never to a marked surface."""
    parts: list[str] = []
    position = 0
    for match in _MARK.finditer(marked):
        parts += [change(marked[position : match.start()]), match.group(0)]
        position = match.end()
    parts.append(change(marked[position:]))
    return "".join(parts)


def surfaces(marked: str, change: Callable[[str, str], str]) -> str:
    """Apply `change(code, surface)` to marked surfaces; `code` starts with P or K."""

    def replace(match: re.Match[str]) -> str:
        code, surface = match.groups()
        return f"{_OPEN}{code}{_BAR}{change(code, surface)}{_CLOSE}"

    return _MARK.sub(replace, marked)
