"""Uploads go straight into encrypted storage: no temporary file ever holds a note."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from vault.files import EncryptedWriter, StoredFile


class StoredUpload(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file that already lies encrypted in the file store."""

    def __init__(self, stored: StoredFile, name: str, content_type: str | None) -> None:
        super().__init__(file=None, name=name, content_type=content_type, size=stored.size)
        self.stored = stored


class EncryptedUploadHandler(FileUploadHandler):
    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._writer = EncryptedWriter()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> StoredUpload:
        return StoredUpload(self._writer.finish(), self.file_name or "", self.content_type)

    def upload_interrupted(self) -> None:
        if hasattr(self, "_writer"):
            self._writer.abandon()
