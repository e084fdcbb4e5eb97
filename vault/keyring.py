"""Field keys and AES-GCM envelopes. Pure: no Django.

Envelope: version byte 1, length of the key id, key id, 12-byte nonce, ciphertext with tag.
The associated data names the row, so a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """A ciphertext did not open: unknown key, changed bytes, or another row's ciphertext."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation. `current` encrypts; every key in `keys` decrypts."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Keyring:
        stored = json.loads(path.read_text())
        keys = {key_id: base64.b64decode(value) for key_id, value in stored["keys"].items()}
        return cls(current=stored["current"], keys=keys)

    def encrypt(self, plaintext: bytes, associated: bytes) -> bytes:
        key_id = self.current.encode()
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plaintext, associated)
        return VERSION + bytes([len(key_id)]) + key_id + nonce + sealed

    def decrypt(self, envelope: bytes, associated: bytes) -> bytes:
        if envelope[:1] != VERSION:
            raise CannotDecrypt("The stored value has an unknown envelope version.")
        end = 2 + envelope[1]
        key = self.keys.get(envelope[2:end].decode("ascii", "replace"))
        if key is None:
            raise CannotDecrypt("The key of a stored value is not in the key folder.")
        nonce, sealed = envelope[end : end + NONCE_BYTES], envelope[end + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, sealed, associated)
        except InvalidTag as problem:
            raise CannotDecrypt("A stored value was changed or moved to another row.") from problem

    def blind_index(self, value: str, purpose: str) -> bytes:
        """Keyed digest for look-ups inside the database; it never leaves the database.

        It is made with the oldest key, the first in the file, so that rotation does not orphan
        the look-ups.
        """
        oldest = next(iter(self.keys.values()))
        key = hashlib.sha256(b"blind-index:" + oldest).digest()
        return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).digest()


@cache
def load_keyring(folder: Path) -> Keyring:
    """The keyring of the key folder, read once a process."""
    return Keyring.load(folder / "field-keys.json")
