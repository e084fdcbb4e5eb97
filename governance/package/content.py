"""What a documentation package is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from evidence.manifests import Manifest
from evidence.sections import Section


@dataclass(frozen=True)
class Decision:
    """A signed decision: its label, the canonical manifest bytes and the CMS over them (DER)."""

    label: str
    manifest: bytes
    cms: bytes


@dataclass(frozen=True)
class ExpectedSigner:
    """Who must sign the finished file: the field's name, the role, and the person if known.

    `field_name` holds letters, digits and hyphens; `role` is the certificate's role (title),
    `role_label` the words for readers.
    """

    field_name: str
    role: str
    name: str | None = None
    role_label: str = ""

    @property
    def label(self) -> str:
        """The role in words."""
        return self.role_label or self.role.replace("_", " ").capitalize()


@dataclass(frozen=True)
class PackageContent:
    """Everything that `document.render` prints and embeds.

    `model_digests` maps a part ("adapter", "base model", ...) to its SHA-256. `overrides` are
    plain sentences that stand on every page. `manifests` is the graph behind the figures: each
    parent must be among them or in `leaves` (digests of files and of disposed records, by
    kind). `audit_checkpoint` is canonical JSON {"statement": {...}, "seal": hex}.
    `generated_at` is aware.
    """

    package_id: str
    title: str
    organisation: str
    generated_at: datetime
    demonstration: bool
    model_version: str
    model_digests: Mapping[str, str]
    sections: Sequence[Section]
    decisions: Sequence[Decision]
    manifests: Sequence[Manifest]
    audit_checkpoint: bytes
    expected_signers: Sequence[ExpectedSigner]
    ca_certificate_pem: bytes
    overrides: Sequence[str] = ()
    leaves: Mapping[str, str] = field(default_factory=dict)
    project: str = ""
    system_version: str = ""

    def __post_init__(self) -> None:
        if self.generated_at.utcoffset() is None:
            raise ValueError("A package's time needs its offset from UTC.")
        names = [signer.field_name for signer in self.expected_signers]
        if len(set(names)) != len(names) or not all(names):
            raise ValueError("Every expected signer needs a signature field of their own.")
