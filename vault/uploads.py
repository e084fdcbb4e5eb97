"""Uploads go straight into encrypted storage: no temporary file ever holds a note."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from vault.files import EncryptedWriter, StoredFile, delete


class StoredUpload(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file that already lies encrypted in the file store.

    It is deleted again when its request ends, unless somebody took it: whatever refuses a request,
    no file stays behind that belongs to nothing.
    """

    def __init__(self, stored: StoredFile, name: str, content_type: str | None) -> None:
        super().__init__(file=None, name=name, content_type=content_type, size=stored.size)
        self.stored = stored
        self._taken = False

    def take(self) -> None:
        """Keep the file beyond the request: a row names it now."""
        self._taken = True

    def close(self) -> None:
        if not self._taken:
            delete(self.stored.file_id)


class EncryptedUploadHandler(FileUploadHandler):
    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        # The form's token is read, and with it the whole body, before any view asks who this is.
        user = getattr(self.request, "user", None)
        if user is not None and not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        self._writer = EncryptedWriter()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> StoredUpload:
        return StoredUpload(self._writer.finish(), self.file_name or "", self.content_type)

    def upload_interrupted(self) -> None:
        if hasattr(self, "_writer"):
            self._writer.abandon()
