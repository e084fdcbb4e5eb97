import hashlib
from pathlib import Path

import pytest

from evidence.digests import (
    commitment,
    digest_file,
    digest_folder,
    digest_of,
    digest_of_list,
    new_salt,
    sha256_hex,
)


def test_it_computes_the_published_sha256_of_abc() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex(b"abc") == expected


def test_the_order_of_keys_does_not_change_a_digest() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_a_file_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"x" * 3_000_000)
    assert digest_file(path) == sha256_hex(b"x" * 3_000_000)


def test_a_folder_notices_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_bytes(b"one")
    (tmp_path / "sub" / "b.txt").write_bytes(b"two")
    before = digest_folder(tmp_path)
    assert before == digest_of({"a.txt": sha256_hex(b"one"), "sub/b.txt": sha256_hex(b"two")})
    (tmp_path / "sub" / "b.txt").write_bytes(b"twp")
    changed = digest_folder(tmp_path)
    (tmp_path / "sub" / "b.txt").rename(tmp_path / "sub" / "c.txt")
    assert len({before, changed, digest_folder(tmp_path)}) == 3


def test_a_folder_with_a_link_has_no_digest(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(__file__)
    with pytest.raises(ValueError, match="link"):
        digest_folder(tmp_path)


def test_a_missing_folder_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        digest_folder(tmp_path / "absent")


def test_a_commitment_is_the_digest_of_salt_then_data() -> None:
    salt = bytes(range(32))
    assert commitment(b"note", salt) == hashlib.sha256(salt + b"note").hexdigest()


def test_salts_differ_and_have_32_bytes() -> None:
    salts = {new_salt() for _ in range(50)}
    assert len(salts) == 50
    assert {len(salt) for salt in salts} == {32}


def test_it_refuses_a_commitment_with_a_short_salt() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"note", b"short")


def test_a_long_list_has_the_digest_of_the_list() -> None:
    for rows in ([], [["a", 1]], [["a", 1], ["b", 2.5], [{"z": 1, "y": None}]]):
        assert digest_of_list(iter(rows)) == digest_of(rows)
