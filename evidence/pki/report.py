"""What a check of one signature found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SignatureReport:
    """The findings about one signature.

    `valid` is true when there are no problems. `signed_at` is the attested time (aware, UTC),
    None where no time stamp could be read. `issuer_fingerprint` is the SHA-256 (hex) of the
    root certificate the signer's certificate was checked against; `issuer_pinned` says whether
    that root was given by the caller or merely came with the signature, in which case only the
    integrity is vouched for. `problems` are plain sentences.
    """

    valid: bool
    signer_name: str = ""
    signer_email: str = ""
    signer_role: str = ""
    signer_id: str = ""
    meaning: str = ""
    signed_at: datetime | None = None
    time_attested_by: str = ""
    problems: tuple[str, ...] = ()
    issuer_fingerprint: str = ""
    issuer_pinned: bool = False
