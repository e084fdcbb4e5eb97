"""SHA-256 digests of bytes, values, files and folders, and salted commitments.

A digest of identified data can be guessed from the data, so whatever is made from identified
data leaves the system only as a ``commitment`` whose salt stays behind, encrypted.
"""

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path

from evidence.canonical import canonical_json

SALT_BYTES = 32


def sha256_hex(data: bytes) -> str:
    """SHA-256 (FIPS 180-4) of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: object) -> str:
    """SHA-256 of the value's canonical JSON. Raises ``NotCanonicalError`` if it has none."""
    return sha256_hex(canonical_json(value))


def digest_of_list(items: Iterable[object]) -> str:
    """``digest_of`` a list that is too long to be held: one item is held at a time."""
    digest = hashlib.sha256(b"[")
    for number, item in enumerate(items):
        digest.update((b"," if number else b"") + canonical_json(item))
    digest.update(b"]")
    return digest.hexdigest()


def digest_file(path: str | Path) -> str:
    """SHA-256 of a file's bytes, read in pieces, so that weights of any size fit."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_folder(path: str | Path) -> str:
    """Digest of a folder: the digest of ``{relative path: digest of the file}``.

    Names count and dates do not. Raises ``NotADirectoryError`` if the path is no folder and
    ``ValueError`` if it holds a symbolic link or a special file, because what those stand for
    may change while their name does not.
    """
    root = Path(path)
    if not root.is_dir():
        raise NotADirectoryError(f"{root.name} is not a folder, so it has no folder digest.")
    files: dict[str, str] = {}
    for entry in sorted(root.rglob("*")):
        if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
            raise ValueError("The folder holds a link or a special file, so it has no digest.")
        if entry.is_file():
            files[entry.relative_to(root).as_posix()] = digest_file(entry)
    return digest_of(files)


def new_salt() -> bytes:
    """32 random bytes from the operating system."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(data: bytes, salt: bytes) -> str:
    """SHA-256(salt || data) in hexadecimal. Raises ``ValueError`` unless the salt is 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A commitment needs a salt of {SALT_BYTES} bytes, not {len(salt)}.")
    return sha256_hex(salt + data)
