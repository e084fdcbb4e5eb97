"""What a run learns from or is judged on is what was frozen: the stored files, byte for byte."""

from __future__ import annotations

from accounts.errors import WrongState
from evidence.digests import digest_file, digest_folder
from vault import artefacts


def refuse_changed(digest: str, what: str) -> None:
    """Raise unless the stored file or folder still has the digest that is its name."""
    path = artefacts.path_of(digest)
    found = ""
    if path.is_dir():
        found = digest_folder(path)
    elif path.is_file():
        found = digest_file(path)
    if found != digest:
        raise WrongState(
            f"The stored {what} is missing or was changed since it was frozen. Nothing was "
            "computed from it; bring it back from the backup and resume.",
            code="changed-file",
        )
