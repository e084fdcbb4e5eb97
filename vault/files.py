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
from array import array
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


class _Chunks:
    """The decrypted chunks of one file by number; every one but the last is full."""

    def __init__(self, file_id: uuid.UUID) -> None:
        self._id = file_id
        path = path_of(file_id)
        self._source = path.open("rb")
        self._places = self._places_of(path.stat().st_size)

    def _places_of(self, size: int) -> array[int]:
        """Where each chunk's envelope begins: 8 bytes for each MiB."""
        places, at = array("Q"), 0
        while at < size:
            self._source.seek(at)
            head = self._source.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                raise CannotDecrypt("A stored file ends before its last part.")
            places.append(at)
            at += _LENGTH.size + _LENGTH.unpack(head)[0]
        if at != size or not places:
            raise CannotDecrypt("A stored file ends before its last part.")
        return places

    def __len__(self) -> int:
        return len(self._places)

    def read(self, number: int) -> bytes:
        self._source.seek(self._places[number])
        envelope = self._source.read(_LENGTH.unpack(self._source.read(_LENGTH.size))[0])
        last = number == len(self._places) - 1
        return keyring().decrypt(envelope, _associated(self._id, number, last))

    def close(self) -> None:
        self._source.close()


class _Reader(io.RawIOBase):
    """A readable, seekable stream over decrypted chunks; memory stays at one chunk."""

    def __init__(self, file_id: uuid.UUID) -> None:
        self._chunks = _Chunks(file_id)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        # Read off the file: it may have been written when chunks had another size.
        self._full = max(1, len(self._chunk(0)))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence == io.SEEK_END:
            last = len(self._chunks) - 1
            offset += last * self._full + len(self._chunk(last))
        if offset < 0:
            raise ValueError("A stream has nothing before its beginning.")
        self._at = offset
        return offset

    def readinto(self, target: object) -> int:
        view = memoryview(target)  # type: ignore[arg-type]
        number, start = divmod(self._at, self._full)
        if number >= len(self._chunks):
            return 0
        piece = self._chunk(number)[start : start + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._held = number, self._chunks.read(number)
        return self._held[1]

    def close(self) -> None:
        if not self.closed:
            self._chunks.close()
        super().close()


def open_file(file_id: uuid.UUID) -> BinaryIO:
    """The plaintext of a stored file as a seekable binary stream, decrypted as it is read."""
    return io.BufferedReader(_Reader(file_id))


def delete(file_id: uuid.UUID) -> None:
    path_of(file_id).unlink(missing_ok=True)
