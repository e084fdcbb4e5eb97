"""Uploads lie encrypted from the first byte on, and a cut or reordered file does not open."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from vault import files
from vault.keyring import CannotDecrypt
from vault.uploads import EncryptedUploadHandler, StoredUpload


@settings(max_examples=25)
@given(st.binary(max_size=5000), st.integers(1, 700))
def test_a_stored_file_reads_back_whatever_the_chunks(content: bytes, chunk: int) -> None:
    before, files.CHUNK_BYTES = files.CHUNK_BYTES, chunk
    try:
        stored = files.store(io.BytesIO(content))
    finally:
        files.CHUNK_BYTES = before
    assert files.open_file(stored.file_id).read() == content
    assert stored.commitment == hashlib.sha256(stored.salt + content).hexdigest()
    files.delete(stored.file_id)


def test_the_file_on_disk_holds_no_plaintext() -> None:
    stored = files.store(io.BytesIO(b"Okafor, Jane " * 1000))
    path = files.path_of(stored.file_id)
    assert b"Okafor" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_whose_end_is_cut_off_does_not_open() -> None:
    stored = files.store(io.BytesIO(b"x" * (files.CHUNK_BYTES * 2 + 5)))
    path = files.path_of(stored.file_id)
    whole = path.read_bytes()
    first = 4 + int.from_bytes(whole[:4], "big")
    path.write_bytes(whole[:first])
    with pytest.raises(CannotDecrypt):
        files.open_file(stored.file_id).read()


def test_a_file_whose_chunks_changed_places_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", 10)
    stored = files.store(io.BytesIO(b"first     second    the end"))
    path = files.path_of(stored.file_id)
    whole = path.read_bytes()
    size = 4 + int.from_bytes(whole[:4], "big")  # both have ten bytes, so their envelopes are alike
    path.write_bytes(whole[size : 2 * size] + whole[:size] + whole[2 * size :])
    with pytest.raises(CannotDecrypt):
        files.open_file(stored.file_id).read()


def test_an_upload_never_touches_a_temporary_file() -> None:
    upload = SimpleUploadedFile("Okafor Jane.csv", b"id,text\n1,Okafor\n")
    request = RequestFactory().post("/", {"file": upload})
    request.upload_handlers = [EncryptedUploadHandler(request)]
    stored = request.FILES["file"]
    assert isinstance(stored, StoredUpload)
    assert files.open_file(stored.stored.file_id).read() == b"id,text\n1,Okafor\n"
