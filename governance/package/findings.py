"""What the verifier says about a package."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from evidence.pki.report import SignatureReport

VALID, INVALID, INCOMPLETE = 0, 1, 3


@dataclass(frozen=True)
class SignedField:
    """One signature found in the file: where, whether it holds, and what it says."""

    where: str
    report: SignatureReport


@dataclass
class Findings:
    """The verdict on one package. `problems` and `waiting_for` are plain sentences."""

    problems: list[str] = field(default_factory=list)
    waiting_for: list[str] = field(default_factory=list)
    signatures: list[SignedField] = field(default_factory=list)
    decisions: list[SignedField] = field(default_factory=list)
    package: str = ""
    title: str = ""
    demonstration: bool = False
    overrides: list[str] = field(default_factory=list)
    authority: str = ""
    pinned: bool = False

    @property
    def status(self) -> int:
        """Exit status: 0 valid and complete, 1 invalid, 3 valid so far but not yet complete."""
        if self.problems:
            return INVALID
        return INCOMPLETE if self.waiting_for else VALID

    @property
    def verdict(self) -> str:
        """One word for the status."""
        return {VALID: "valid", INVALID: "invalid", INCOMPLETE: "incomplete"}[self.status]

    def to_dict(self) -> dict[str, Any]:
        """Return the findings as plain JSON."""
        return {
            "verdict": self.verdict,
            "problems": self.problems,
            "waiting_for": self.waiting_for,
            "issuer_pinned": self.pinned,
            "issuer_sha256": self.authority,
            "package": self.package,
            "title": self.title,
            "demonstration": self.demonstration,
            "overrides": self.overrides,
            "signatures": [_signed(item) for item in self.signatures],
            "decisions": [_signed(item) for item in self.decisions],
        }


def _signed(item: SignedField) -> dict[str, Any]:
    report = asdict(item.report)
    signed_at = item.report.signed_at
    report["signed_at"] = signed_at.isoformat() if signed_at else None
    report["problems"] = list(item.report.problems)
    return {"where": item.where, **report}
