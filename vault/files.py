"""Encrypted files: uploads are written once, chunk by chunk, and read back as a stream.

Layout: for each 1 MiB chunk a 4-byte length and an AES-GCM envelope whose associated data are
the file's id, the chunk's number and whether it is the last one, so that chunks can be neither
reordered nor cut off.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from evidence.digests import new_salt
from vault.keyring import CannotDecrypt
from vault.keys import keyring

CHUNK_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class StoredFile:
    """A finished encrypted file. `commitment` = SHA-256(salt || bytes)."""

    file_id: uuid.UUID
    size: int
    salt: bytes
    commitment: str


def path_of(file_id: uuid.UUID) -> Path:
    return Path(settings.DATA) / "files" / f"{file_id}.enc"


class EncryptedWriter:
    """Writes one encrypted file; `finish` returns what it holds, `abandon` leaves nothing."""

    def __init__(self) -> None:
        self.file_id = uuid.uuid4()
        self._target = path_of(self.file_id)
        self._target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._partial = self._target.with_suffix(".part")
        self._out = os.fdopen(os.open(self._partial, os.O_CREAT | os.O_WRONLY, 0o600), "wb")
        self._buffer = bytearray()
        self._number = 0
        self._size = 0
        self._salt = new_salt()
        self._hash = hashlib.sha256(self._salt)

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)
        self._buffer += data
        # One chunk is always held back: the last one must be marked as last.
        while len(self._buffer) > CHUNK_BYTES:
            self._seal(bytes(self._buffer[:CHUNK_BYTES]), last=False)
            del self._buffer[:CHUNK_BYTES]

    def finish(self) -> StoredFile:
        self._seal(bytes(self._buffer), last=True)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        self._partial.rename(self._target)
        return StoredFile(self.file_id, self._size, self._salt, self._hash.hexdigest())

    def abandon(self) -> None:
        self._out.close()
        self._partial.unlink(missing_ok=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        envelope = keyring().encrypt(chunk, _associated(self.file_id, self._number, last))
        self._out.write(_LENGTH.pack(len(envelope)) + envelope)
        self._number += 1


def _associated(file_id: uuid.UUID, number: int, last: bool) -> bytes:
    return f"file:{file_id}:{number}:{int(last)}".encode()


def store(stream: BinaryIO) -> StoredFile:
    """Encrypt a whole stream into the file store."""
    writer = EncryptedWriter()
    try:
        while data := stream.read(CHUNK_BYTES):
            writer.write(data)
    except BaseException:
        writer.abandon()
        raise
    return writer.finish()


def _chunks(file_id: uuid.UUID) -> Iterator[bytes]:
    path = path_of(file_id)
    size = path.stat().st_size
    with path.open("rb") as source:
        number = 0
        while head := source.read(_LENGTH.size):
            envelope = source.read(_LENGTH.unpack(head)[0])
            last = source.tell() == size
            yield keyring().decrypt(envelope, _associated(file_id, number, last))
            number += 1
            if last:
                return
    raise CannotDecrypt("A stored file ends before its last part.")


class _Reader(io.RawIOBase):
    """A readable stream over decrypted chunks; memory stays at one chunk."""

    def __init__(self, file_id: uuid.UUID) -> None:
        self._chunks = _chunks(file_id)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def open_file(file_id: uuid.UUID) -> BinaryIO:
    """The plaintext of a stored file as a binary stream, decrypted as it is read."""
    return io.BufferedReader(_Reader(file_id))


def delete(file_id: uuid.UUID) -> None:
    path_of(file_id).unlink(missing_ok=True)
