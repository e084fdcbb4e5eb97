"""What a policy writes in the place of identifiers, and which method of the law that is.

The words stand in a data file, so that command, pages, manifest and package say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from deid.engine.lexicon import DATA

TAGS, SURROGATES = "tags", "surrogates"


@dataclass(frozen=True, slots=True)
class OutputBasis:
    """One kind of output with its legal method."""

    output: str
    date_shift: bool
    profile: str
    name: str
    statement: str
    method: str
    citation: str
    needs_expert: bool

    def to_dict(self) -> dict[str, Any]:
        """What a run's manifest states."""
        return {
            "output": self.output,
            "date_shift": self.date_shift,
            "profile": self.profile,
            "method": self.method,
            "citation": self.citation,
        }


@cache
def bases() -> tuple[OutputBasis, ...]:
    """The kinds of output that a policy can name, in the order in which they are offered."""
    data = json.loads((DATA / "output_profiles.json").read_text("utf-8"))
    return tuple(OutputBasis(**row, **data["profiles"][row["profile"]]) for row in data["outputs"])


def basis_of(content: Mapping[str, Any]) -> OutputBasis:
    """The output of a policy's content. Absent fields mean tags and no shift.

    Raises ``ValueError`` for an output that no policy may name.
    """
    wanted = (content.get("output", TAGS), content.get("date_shift", False))
    for basis in bases():
        if (basis.output, basis.date_shift) == wanted:
            return basis
    raise ValueError("A policy writes tags or surrogates, and shifts dates with surrogates only.")


def with_output(content: Mapping[str, Any], basis: OutputBasis) -> dict[str, Any]:
    """A policy's content with another output; fields that hold their default are left out."""
    kept = {k: v for k, v in content.items() if k not in ("output", "date_shift")}
    changed = {"output": basis.output} if basis.output != TAGS else {}
    shift = {"date_shift": True} if basis.date_shift else {}
    return {**kept, "profile": basis.profile, **changed, **shift}
