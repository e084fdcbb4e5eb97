"""The routing table in memory: read again when the file changes, kept when it cannot be."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from deployment.gateway.openai import RefusalError
from deployment.gateway.snapshot import (
    FILE_NAME,
    ApiKey,
    Route,
    Snapshot,
    SnapshotError,
    digest_api_key,
    read_snapshot,
)


class RoutingTable:
    """The last good snapshot.

    A file that is unsealed, tampered with, or older than the one in use is refused: the gateway
    goes on with what it has and says so in `/health` and on standard error.

    Args:
        folder: `COUNTERSIGN_DATA`/gateway.
        certificate: the installation's root certificate; it may appear later.
    """

    def __init__(self, folder: Path, certificate: Path) -> None:
        self._folder = folder
        self._certificate = certificate
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._snapshot: Snapshot | None = None
        self._by_digest: dict[str, ApiKey] = {}
        self.problem: str | None = None

    @property
    def version(self) -> int | None:
        """Version in use, None while there is none."""
        return self._snapshot.version if self._snapshot else None

    def refresh(self) -> None:
        """Read the file again if it changed; one `stat` when it did not. Never raises."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        with self._lock:
            if stamp == self._seen:
                return
            try:
                self._adopt(read_snapshot(self._folder, self._certificate.read_bytes()))
            except SnapshotError as error:
                self._refuse(str(error))
            except OSError:
                self._refuse("The installation's certificate cannot be read.")
                return  # the certificate may appear while the file stays the same
            self._seen = stamp

    def authenticate(self, header: str | None) -> ApiKey:
        """The key of an `Authorization: Bearer` header; raises `RefusalError` 401 or 503."""
        if self._snapshot is None:
            raise RefusalError(503, "not_configured", "Nothing is deployed yet. Try again later.")
        scheme, _, presented = (header or "").partition(" ")
        key = None
        if scheme.lower() == "bearer" and presented:
            # A look-up by hash tells nothing useful: the hash of a guess is not of its choosing.
            key = self._by_digest.get(digest_api_key(presented.strip()))
        if key is None or not key.active:
            raise RefusalError(
                401, "invalid_api_key", "The API key is missing, unknown or revoked."
            )
        return key

    def routes_for(self, key: ApiKey) -> dict[str, Route]:
        """The aliases this key may ask."""
        routes = self._snapshot.aliases if self._snapshot else {}
        return {alias: route for alias, route in routes.items() if alias in key.aliases}

    def _adopt(self, snapshot: Snapshot) -> None:
        if self._snapshot is not None and snapshot.version < self._snapshot.version:
            self._refuse("The routing snapshot is older than the one in use. Deploy again.")
            return
        self._by_digest = {key.sha256: key for key in snapshot.keys}
        self._snapshot = snapshot
        self.problem = None

    def _refuse(self, problem: str) -> None:
        if problem != self.problem:
            sys.stderr.write(f"gateway: {problem}\n")
        self.problem = problem

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = (self._folder / FILE_NAME).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size
