"""Content-addressed artefacts: the folder's or file's digest is its name.

Nothing identified is stored here: datasets, adapters and packages only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from evidence.digests import digest_file, digest_folder


def root() -> Path:
    folder = Path(settings.DATA) / "artefacts"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(digest: str) -> Path:
    return root() / digest[:2] / digest


def put_bytes(data: bytes) -> str:
    with tempfile.NamedTemporaryFile(dir=root(), delete=False) as out:
        out.write(data)
    return _adopt(Path(out.name), digest_file(out.name))


def put_folder(source: Path) -> str:
    """Copy a folder in; returns the digest over its files' names and bytes."""
    partial = Path(tempfile.mkdtemp(dir=root()))
    shutil.copytree(source, partial, dirs_exist_ok=True)
    return _adopt(partial, digest_folder(partial))


def read_bytes(digest: str) -> bytes:
    return path_of(digest).read_bytes()


def _adopt(partial: Path, digest: str) -> str:
    """Rename into place; an artefact that is already there wins, since it is the same."""
    target = path_of(digest)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    if target.exists():
        shutil.rmtree(partial) if partial.is_dir() else partial.unlink()
    else:
        os.replace(partial, target)
    return digest
