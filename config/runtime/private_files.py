"""Folders of mode 700 and files of mode 600 that are whole or absent."""

import os
import secrets
import stat
from pathlib import Path

from config.runtime.errors import Misconfigured


def make_private_folder(folder: Path, owner: int | None = None, group: int | None = None) -> None:
    """Create ``folder`` with mode 700, or insist that an existing one is ours and closed.

    A folder in /tmp may have been put there by somebody else, so one that another user owns, or
    a link, is refused and never used.
    """
    expected = os.geteuid() if owner is None else owner
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise Misconfigured(
            f"The folder {folder} cannot be created ({error.strerror}); "
            "give a writable place in COUNTERSIGN_DATA and COUNTERSIGN_KEYS."
        ) from None
    else:
        os.chmod(folder, 0o700)
        if owner is not None and os.geteuid() == 0:
            os.chown(folder, owner, -1 if group is None else group)
    _insist_private(folder, expected)


def _insist_private(folder: Path, owner: int) -> None:
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode):
        raise Misconfigured(f"{folder} is not a folder; remove it and start again.")
    if state.st_uid != owner:
        raise Misconfigured(
            f"The folder {folder} belongs to user id {state.st_uid}, not {owner}; "
            "start as that user, or give another data folder."
        )
    # A group bit may be the mask of an access list that we set ourselves (see os_user.py).
    if state.st_mode & stat.S_IRWXO:
        raise Misconfigured(f"The folder {folder} is open to other users; type: chmod 700 {folder}")


def write_private_file(path: Path, content: bytes) -> None:
    """Write ``content`` with mode 600 in one step, so that a crash leaves the old file or none."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, path)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def keep_out_of_git(folder: Path) -> None:
    """A data or keys folder that lies in a clone is never added to it, whatever its name."""
    path = folder / ".gitignore"
    if not path.exists():
        write_private_file(path, b"*\n")
