"""What one reading must look up later, kept out of memory and unreadable to anybody else.

An unnamed SQLite file that the system deletes when it is closed. Keys are keyed digests and values
are encrypted, both under keys that live only as long as this object: after a crash nobody can read
what is left of it.
"""

import hashlib
import sqlite3
from os import urandom
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CACHE_KIB = 4_000


class Scratch:
    """A set and a dictionary of byte strings, in named spaces, of any size."""

    def __init__(self) -> None:
        self._digest_key = urandom(32)
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._nonce = 0
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._db.execute("CREATE TABLE held (key BLOB PRIMARY KEY, value BLOB)")
        # One transaction that never ends: pages go to the file only when the cache is full.
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def _key(self, space: str, key: str) -> bytes:
        whole = f"{space}\0{key}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(whole, digest_size=16, key=self._digest_key).digest()

    def add(self, space: str, key: str) -> bool:
        """Whether the key was new."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO held VALUES (?, NULL)", (self._key(space, key),)
        )
        return done.rowcount == 1

    def has(self, space: str, key: str) -> bool:
        found = self._db.execute("SELECT 1 FROM held WHERE key = ?", (self._key(space, key),))
        return found.fetchone() is not None

    def put(self, space: str, key: str, value: bytes) -> None:
        """Keep a value; a later one under the same key takes its place."""
        self._nonce += 1
        nonce = self._nonce.to_bytes(12, "big")
        sealed = nonce + self._cipher.encrypt(nonce, value, None)
        self._db.execute(
            "INSERT OR REPLACE INTO held VALUES (?, ?)", (self._key(space, key), sealed)
        )

    def get(self, space: str, key: str) -> bytes | None:
        found = self._db.execute(
            "SELECT value FROM held WHERE key = ?", (self._key(space, key),)
        ).fetchone()
        if found is None or found[0] is None:
            return None
        return self._cipher.decrypt(found[0][:12], found[0][12:], None)
