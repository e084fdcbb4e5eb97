"""A long request waits encrypted: Django itself would lay it in a plain temporary file."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import RequestAborted
from hypothesis import given
from hypothesis import strategies as st

from config.request_body import IN_MEMORY, EncryptedSpool, Handler

SENTINEL = b"Okafor, Jane"


def _receive(*messages: dict[str, object]):  # type: ignore[no-untyped-def]
    left = list(messages)

    async def receive() -> dict[str, object]:
        return left.pop(0)

    return receive


def _open_files_below(folder: Path) -> list[bytes]:
    """What lies in the files of a folder that this process holds open, deleted ones too."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        path = Path("/proc/self/fd") / name
        try:
            if os.readlink(path).startswith(str(folder)):
                found.append(path.read_bytes())
        except OSError:
            continue
    return found


def test_a_long_body_never_lies_in_plain_in_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    half = SENTINEL * (IN_MEMORY // len(SENTINEL))
    receive = _receive(
        {"type": "http.request", "body": half, "more_body": True},
        {"type": "http.request", "body": half},
    )
    body = asyncio.run(Handler.__new__(Handler).read_body(receive))
    on_disk = _open_files_below(tmp_path)
    assert on_disk
    assert not any(SENTINEL in content for content in on_disk)
    assert body.read() == half * 2
    body.close()
    assert not _open_files_below(tmp_path)


def test_a_request_that_breaks_off_is_forgotten() -> None:
    receive = _receive({"type": "http.request", "body": b"x", "more_body": True},
                       {"type": "http.disconnect"})  # fmt: skip
    with pytest.raises(RequestAborted):
        asyncio.run(Handler.__new__(Handler).read_body(receive))


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(0, 600), st.integers(1, 50))
def test_a_body_reads_back_as_it_came(parts: list[bytes], in_memory: int, step: int) -> None:
    spool = EncryptedSpool(in_memory)
    for part in parts:
        spool.write(part)
    reader, found = spool.reader(), b""
    while data := reader.read(step):
        found += data
    assert found == b"".join(parts)
    reader.close()
