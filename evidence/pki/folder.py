"""The authority's folder: three keys with their certificates, complete or absent.

The folder is made beside its final place and renamed, so a crash leaves no half authority under
the final name. Folder mode 700, files 600.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from evidence.pki.certificates import KeyPair
from evidence.pki.errors import AuthorityError

ROLES = ("authority", "seal", "time-stamps")


def write_folder(folder: Path, pairs: dict[str, KeyPair]) -> None:
    """Write all key pairs at once. Raises AuthorityError if the folder is already there."""
    refuse_existing(folder)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkdtemp makes it 700; the same parent makes the rename atomic.
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for role, pair in pairs.items():
            _write(draft / f"{role}.key", pair.key_pem())
            _write(draft / f"{role}.pem", pair.certificate_pem())
        _sync(draft)
        os.rename(draft, folder)
        _sync(folder.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise AuthorityError(
            f"The authority's folder {folder} could not be written ({error.strerror}); "
            "nothing was kept."
        ) from error


def read_folder(folder: Path) -> dict[str, KeyPair]:
    """Read the key pairs. Raises AuthorityError when one is missing, open to others or odd."""
    if not folder.is_dir():
        raise AuthorityError(f"There is no authority in {folder}; create one first.")
    _refuse_open(folder)
    missing = [name for name in _file_names() if not (folder / name).is_file()]
    if missing:
        raise AuthorityError(
            f"The authority in {folder} is incomplete (missing: {', '.join(missing)}); restore it "
            "from your backup, or move the folder away to start a new installation."
        )
    return {role: _read_pair(folder, role) for role in ROLES}


def refuse_existing(folder: Path) -> None:
    """Refuse to make an authority where any file already stands, complete or not."""
    if not folder.exists():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise AuthorityError(
            f"{folder} already exists, and an authority is never overwritten: "
            "use it, or move it away first."
        )


def _file_names() -> list[str]:
    return [f"{role}{suffix}" for role in ROLES for suffix in (".key", ".pem")]


def _read_pair(folder: Path, role: str) -> KeyPair:
    key_path = folder / f"{role}.key"
    _refuse_open(key_path)
    try:
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate((folder / f"{role}.pem").read_bytes())
    except (ValueError, TypeError) as error:
        raise AuthorityError(
            f"The {role} key or certificate in {folder} cannot be read; restore it from backup."
        ) from error
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or key.public_key() != certificate.public_key()
    ):
        raise AuthorityError(
            f"The {role} key in {folder} does not belong to its certificate; "
            "restore both from backup."
        )
    return KeyPair(key, certificate)


def _refuse_open(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise AuthorityError(
            f"{path} can be read by others (mode {mode:o}); run: chmod {wanted} {path}"
        )


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
