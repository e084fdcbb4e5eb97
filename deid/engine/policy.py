"""The versioned rules of a run: thresholds, and the organisation's own terms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from deid.engine.lexicon import DATA
from deid.engine.output_basis import bases
from deid.engine.spans import CATEGORIES
from evidence.digests import digest_of

SAFE_HARBOR = "safe_harbor_strict"


@cache
def output_profiles() -> dict[tuple[str, bool], str]:
    """The id of the legal profile of each output, by (``output``, ``date_shift``)."""
    return {(basis.output, basis.date_shift): basis.profile for basis in bases()}


@dataclass(frozen=True, slots=True)
class Term:
    """A text that the organisation always hides, such as a hospital's name that leaked once."""

    text: str
    category: str

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise ValueError(f"Unknown category {self.category!r}; use one of the 18 codes.")
        if not any(c.isalnum() for c in self.text):
            raise ValueError("A term needs at least one letter or digit.")


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a de-identification policy.

    ``thresholds`` gives the lowest score that is replaced, by category, with ``default`` for the
    rest. ``terms`` are always replaced. ``allow_terms`` are never replaced unless a structured
    field or a term names them. ``output`` is ``tags`` or ``surrogates``; ``date_shift`` moves
    dates instead of tagging them, with surrogates only. Moved dates are not Safe Harbor: such a
    policy never keeps that profile.
    """

    id: str
    version: str
    thresholds: Mapping[str, float] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    allow_terms: tuple[str, ...] = ()
    profile: str = SAFE_HARBOR
    output: str = "tags"
    date_shift: bool = False

    def __post_init__(self) -> None:
        if (self.output, self.date_shift) not in output_profiles():
            raise ValueError("output is tags or surrogates; date_shift goes with surrogates only.")
        if self.date_shift and self.profile == SAFE_HARBOR:
            object.__setattr__(self, "profile", self.profile_of_output)
        for category, value in self.thresholds.items():
            if category not in (*CATEGORIES, "default"):
                raise ValueError(f"Unknown category {category!r} among the thresholds.")
            if not 0 <= value <= 1:
                raise ValueError(f"The threshold of {category} must lie between 0 and 1.")

    @property
    def profile_of_output(self) -> str:
        """The id of the legal profile that this output has, see ``data/output_profiles.json``."""
        return output_profiles()[self.output, self.date_shift]

    def threshold(self, category: str) -> float:
        """The lowest score that is replaced in this category."""
        return self.thresholds.get(category, self.thresholds.get("default", 0.5))

    def with_terms(
        self,
        terms: Sequence[Term | Mapping[str, str]],
        *,
        allow_terms: Sequence[str] = (),
        version: str | None = None,
    ) -> "Policy":
        """A new version with further terms; its version number counts up unless one is given."""
        more = tuple(t if isinstance(t, Term) else Term(t["text"], t["category"]) for t in terms)
        return replace(
            self,
            version=version or _next_version(self.version),
            terms=tuple(dict.fromkeys(self.terms + more)),
            allow_terms=tuple(dict.fromkeys((*self.allow_terms, *allow_terms))),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, in the form that ``from_dict`` reads and the digest covers."""
        # Left out where they hold the default: a policy of before they existed keeps its digest.
        written = {} if self.output == "tags" else {"output": self.output}
        shifted = {"date_shift": True} if self.date_shift else {}
        return {
            "id": self.id,
            "version": self.version,
            "profile": self.profile,
            "thresholds": dict(self.thresholds),
            "terms": [{"text": t.text, "category": t.category} for t in self.terms],
            "allow_terms": list(self.allow_terms),
            **written,
            **shifted,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read ``to_dict``'s form. Raises ``ValueError`` for an unknown category or field."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"Unknown policy fields: {', '.join(sorted(unknown))}.")
        return cls(
            id=data["id"],
            version=data["version"],
            profile=data.get("profile", SAFE_HARBOR),
            thresholds=dict(data.get("thresholds", {})),
            terms=tuple(Term(t["text"], t["category"]) for t in data.get("terms", ())),
            allow_terms=tuple(data.get("allow_terms", ())),
            output=data.get("output", "tags"),
            date_shift=data.get("date_shift", False),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of this version."""
        return digest_of(self.to_dict())


def _next_version(version: str) -> str:
    head, _, last = version.rpartition(".")
    if not last.isdigit():
        return f"{version}.1"
    return f"{head}.{int(last) + 1}" if head else str(int(last) + 1)


def default_policy() -> Policy:
    """The policy that ships with the engine."""
    return Policy.from_dict(json.loads((DATA / "default_policy.json").read_text("utf-8")))


def load_policy(path: Path) -> Policy:
    """A policy from a JSON file. Raises ``ValueError`` if the file holds none."""
    try:
        return Policy.from_dict(json.loads(path.read_text("utf-8")))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"The policy file lacks or misuses the field {problem}.") from problem
