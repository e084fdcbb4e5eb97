"""The gateway's routing table: one sealed file, replaced atomically.

    {"snapshot": {"version", "aliases": {alias: route}, "keys": [key]}, "seal": base64}

The seal is the installation's signature over the canonical JSON of `snapshot`. A file without a
valid seal is refused whole: whoever can write to the data folder cannot redirect an alias.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deployment.backends.choice import DEFAULT
from evidence.canonical import canonical_json
from evidence.pki.verify import verify_seal

FILE_NAME = "snapshot.json"
_KEY_PREFIX = "cs_"
_KEY_BYTES = 32


class SnapshotError(Exception):
    """The snapshot is missing, unreadable or not sealed by this installation."""


@dataclass(frozen=True, slots=True)
class Route:
    """What answers for an alias.

    `adapter_path` is relative to the data folder, so that a restarted model server can load the
    adapter again; `label` is the advisory sentence shown with every answer; `backend` is the
    target's, by name.
    """

    model_version_id: str
    adapter_name: str
    adapter_digest: str
    adapter_path: str
    base_digest: str
    label: str
    max_tokens: int
    backend: str = DEFAULT  # files from before targets had a choice name none


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An integration's key by its SHA-256 and the aliases it may ask; without any it asks none."""

    integration_id: str
    sha256: str
    active: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`version` only grows: a running gateway refuses an older one put back."""

    version: int
    aliases: Mapping[str, Route] = field(default_factory=dict)
    keys: tuple[ApiKey, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "version": self.version,
            "aliases": {alias: asdict(route) for alias, route in self.aliases.items()},
            "keys": [{**asdict(key), "aliases": list(key.aliases)} for key in self.keys],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Snapshot:
        """Raises `KeyError`, `TypeError` or `ValueError` for anything else than `to_dict` gives."""
        return cls(
            version=int(values["version"]),
            aliases={str(a): Route(**route) for a, route in values["aliases"].items()},
            keys=tuple(ApiKey(**{**k, "aliases": tuple(k["aliases"])}) for k in values["keys"]),
        )


def new_api_key() -> tuple[str, str]:
    """A random 256-bit key to show once, and its SHA-256 to keep.

    A plain hash is enough, since nobody can guess 256 random bits.
    """
    key = _KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    return key, digest_api_key(key)


def digest_api_key(key: str) -> str:
    """SHA-256 of a presented key."""
    return hashlib.sha256(key.encode()).hexdigest()


def write_snapshot(folder: str | Path, snapshot: Snapshot, seal: Callable[[bytes], bytes]) -> Path:
    """Seal and write the snapshot as `folder`/snapshot.json, mode 600, atomically.

    Args:
        folder: `COUNTERSIGN_DATA`/gateway; made with mode 700 if absent.
        seal: `Authority.seal`.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = snapshot.to_dict()
    sealed = base64.b64encode(seal(canonical_json(values))).decode()
    path = folder / FILE_NAME
    partial = folder / f".{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({"snapshot": values, "seal": sealed}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return path


def read_snapshot(folder: str | Path, certificate_pem: bytes) -> Snapshot:
    """Read and verify the snapshot.

    Args:
        certificate_pem: the installation's root certificate (`Authority.ca_certificate_pem`).

    Raises:
        SnapshotError: missing, unreadable, or the seal is not this installation's.
    """
    try:
        stored = json.loads((Path(folder) / FILE_NAME).read_text(encoding="utf-8"))
        values, seal = stored["snapshot"], base64.b64decode(stored["seal"], validate=True)
        data = canonical_json(values)
    except FileNotFoundError:
        raise SnapshotError("Nothing has been deployed yet.") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise SnapshotError("The routing snapshot cannot be read. Deploy again.") from None
    if not verify_seal(data, seal, certificate_pem):
        raise SnapshotError(
            "The routing snapshot is not sealed by this installation. Deploy again."
        )
    try:
        return Snapshot.from_dict(values)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SnapshotError("The routing snapshot has another format. Deploy again.") from None
