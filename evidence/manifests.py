"""Manifests: what an artefact is, and the digests of what it was made from.

Manifests form a graph: from a number in the signed package back to the reviewed note, and from
a leaked note forward to every model that learned from it.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence.canonical import canonical_json
from evidence.digests import sha256_hex

FORMAT = "countersign-manifest/1"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, order=True)
class Parent:
    """What an artefact was made from: its kind and the SHA-256 of its manifest or bytes."""

    kind: str
    digest: str

    def __post_init__(self) -> None:
        if not self.kind:
            raise ValueError("A parent needs a kind.")
        if not _DIGEST.fullmatch(self.digest):
            raise ValueError("A parent's digest must be 64 lower-case hexadecimal digits.")

    def to_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "digest": self.digest}


@dataclass(frozen=True)
class Manifest:
    """One artefact's statement about itself.

    ``kind`` names the sort of artefact (``dataset_version``), ``subject`` its random id,
    ``created_at`` an ISO 8601 time with its offset, ``body`` any JSON object, ``parents`` what
    it was made from (kept sorted: the order in which they were listed means nothing).
    Raises ``ValueError`` if a part is missing, the time has no offset or the body is not JSON.
    """

    kind: str
    subject: str
    created_at: str
    body: dict[str, Any]
    parents: tuple[Parent, ...] = ()

    def __post_init__(self) -> None:
        if not self.kind or not self.subject:
            raise ValueError("A manifest needs a kind and a subject.")
        if _offset_is_missing(self.created_at):
            raise ValueError("A manifest's created_at must be an ISO 8601 time with its offset.")
        if not isinstance(self.body, dict):
            raise ValueError("A manifest's body must be a JSON object.")
        canonical_json(self.body)
        # A copy, because a body that its maker goes on changing would change the digest too.
        object.__setattr__(self, "body", copy.deepcopy(self.body))
        object.__setattr__(self, "parents", tuple(sorted(set(self.parents))))

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "kind": self.kind,
            "subject": self.subject,
            "created_at": self.created_at,
            "body": copy.deepcopy(self.body),
            "parents": [parent.to_dict() for parent in self.parents],
        }

    def canonical(self) -> bytes:
        """The bytes that are digested, shown and signed."""
        return canonical_json(self.to_dict())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return sha256_hex(self.canonical())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Manifest":
        """Reads what ``to_dict`` wrote. Raises ``ValueError`` on another format or other fields.

        Unknown fields are refused: they would be signed material that nobody sees.
        """
        if data.get("format") != FORMAT:
            raise ValueError(f"This is not a manifest of the format {FORMAT}.")
        expected = {"format", "kind", "subject", "created_at", "body", "parents"}
        if set(data) != expected:
            raise ValueError("The manifest lacks a field or has one that does not belong there.")
        parents = tuple(Parent(kind=p["kind"], digest=p["digest"]) for p in data["parents"])
        return cls(data["kind"], data["subject"], data["created_at"], data["body"], parents)


def _offset_is_missing(created_at: str) -> bool:
    try:
        return datetime.fromisoformat(created_at).tzinfo is None
    except ValueError:
        return True
