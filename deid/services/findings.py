"""What a reviewer marked in a note, checked against the text before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.errors import InvalidInput
from deid.categories import CATEGORIES
from deid.models import Review, RunNote


@dataclass(frozen=True)
class Findings:
    """Missed identifiers as (start, end, category), destroyed meaning as (start, end)."""

    leaks: tuple[tuple[int, int, str], ...]
    over_redactions: tuple[tuple[int, int], ...]

    @property
    def empty(self) -> bool:
        return not self.leaks and not self.over_redactions


def read_findings(
    run_note: RunNote,
    leaks: Iterable[Mapping[str, Any]],
    over_redactions: Iterable[Mapping[str, Any]],
) -> Findings:
    """Offsets count characters of the run's output. Raises InvalidInput; no text is quoted."""
    text, replaced = run_note.text, [(s["output_start"], s["output_end"]) for s in run_note.spans]
    found = {(*_place(leak, len(text)), _category(leak)) for leak in leaks}
    for start, end, _ in found:
        if not text[start:end].strip():
            raise InvalidInput("A flag stands on blanks only. Nothing was saved; move it.")
        if any(low <= start and end <= high for low, high in replaced):
            raise InvalidInput(
                "A flag stands inside a replaced part, which hides nothing any more. "
                "Nothing was saved; flag what is still readable."
            )
    destroyed = {_place(over, len(text)) for over in over_redactions}
    for start, end in destroyed:
        if not any(low < end and start < high for low, high in replaced):
            raise InvalidInput(
                "An over-redaction must stand on a replaced part. Nothing was saved; "
                "choose the replaced part with J or K and press X."
            )
    return Findings(tuple(sorted(found)), tuple(sorted(destroyed)))


def check_verdict(verdict: str, findings: Findings, comment: str) -> Review.Verdict:
    """The verdict and what was marked must say the same."""
    if verdict not in Review.Verdict.values:
        raise InvalidInput("A verdict is accept, flag or skip. Nothing was saved.")
    chosen = Review.Verdict(verdict)
    if chosen is Review.Verdict.FLAG and findings.empty:
        raise InvalidInput(
            "Nothing is marked in this note. Nothing was saved; mark what is wrong, or accept."
        )
    if chosen is not Review.Verdict.FLAG and not findings.empty:
        raise InvalidInput(
            "Something is marked in this note, so it can only be flagged. Nothing was saved; "
            "flag it, or remove the marks."
        )
    if chosen is Review.Verdict.SKIP and not comment.strip():
        raise InvalidInput("A skipped note needs a reason. Nothing was saved; say why.")
    return chosen


def _place(finding: Mapping[str, Any], length: int) -> tuple[int, int]:
    start, end = finding.get("start"), finding.get("end")
    whole = type(start) is int and type(end) is int  # bool is an int as well
    if not whole or not 0 <= start < end <= length:  # type: ignore[operator]
        raise InvalidInput("A mark lies outside the note. Nothing was saved; mark it again.")
    return start, end  # type: ignore[return-value]


def _category(leak: Mapping[str, Any]) -> str:
    category = leak.get("category")
    if category not in CATEGORIES:
        raise InvalidInput("A flag needs one of the 18 categories. Nothing was saved.")
    return str(category)
