"""A request's body while it arrives: what does not fit in memory is spooled encrypted.

Django spools long bodies into a plain temporary file before any view or upload handler sees them,
and a body may be a file of notes. The key lives in this process only and dies with the request.
"""

from __future__ import annotations

import io
import os
import tempfile
from typing import Any, BinaryIO, cast

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

IN_MEMORY = 2_621_440  # bytes; Django's own limit


class EncryptedSpool:
    """Written once from front to back, then read once from front to back."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._memory = io.BytesIO()
        self._file: BinaryIO | None = None
        self._cipher = Cipher(AES(os.urandom(32)), CTR(os.urandom(16)))
        self._encryptor = self._cipher.encryptor()

    def write(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(self._encryptor.update(data))
            return
        self._memory.write(data)
        if self._memory.tell() > self._in_memory:
            self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (closed below)
            self._file.write(self._encryptor.update(self._memory.getvalue()))
            self._memory = io.BytesIO()

    def reader(self) -> BinaryIO:
        """The whole body from its start; closing it forgets the body."""
        if self._file is None:
            self._memory.seek(0)
            return self._memory
        self._file.seek(0)
        return io.BufferedReader(_Decrypting(self._file, self._cipher.decryptor()))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class _Decrypting(io.RawIOBase):
    def __init__(self, source: BinaryIO, decryptor: CipherContext) -> None:
        self._source, self._decryptor = source, decryptor

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._decryptor.update(self._source.read(len(target)))
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


class Handler(ASGIHandler):
    """Django's handler, but for where a long body waits."""

    async def read_body(self, receive: Any) -> BinaryIO:
        spool = EncryptedSpool()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                spool.close()
                raise RequestAborted
            spool.write(message.get("body", b""))
            if not message.get("more_body", False):
                return spool.reader()
