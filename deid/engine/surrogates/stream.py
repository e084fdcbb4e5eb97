"""Random choices from a key: the same key gives the same choices, another key unrelated ones."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

#: Length of a patient's key in bytes.
KEY_BYTES = 32


def new_key() -> bytes:
    """A key from the operating system's generator, derived from nothing."""
    return secrets.token_bytes(KEY_BYTES)


class Stream:
    """Choices for one purpose, such as surnames: BLAKE2b keyed with the patient's key, in counter
    mode. Streams of one key with different purposes are independent.

    Raises ``ValueError`` for a key that is not ``KEY_BYTES`` long.
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"A patient's key has {KEY_BYTES} bytes.")
        self._key, self._purpose, self._count = key, purpose.encode(), 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit - 1``, all equally likely to within 2**-50."""
        self._count += 1
        block = self._purpose + b"\0" + self._count.to_bytes(8, "big")
        drawn = hashlib.blake2b(block, key=self._key, digest_size=16).digest()
        return int.from_bytes(drawn, "big") % limit

    def choice(self, options: Sequence[_T]) -> _T:
        """One of the options. Raises ``ValueError`` where there is none."""
        if not options:
            raise ValueError("There is nothing to choose from.")
        return options[self.below(len(options))]
