"""Stepping down from root: PostgreSQL refuses to run as root, so it gets a user of its own.

The folders on the way to the data may be closed to that user (a clone in /root, a folder made by
mktemp). They are opened for that user alone and for passing through only, with an access list
entry; a file system without access lists is the one case in which we ask the administrator.
"""

import errno
import os
import pwd
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.runtime.errors import Misconfigured

SERVER_USER = "countersign"

_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
# Tags of acl(5) in the order in which the kernel wants them.
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_ENTRY = struct.Struct("<HHI")


@dataclass(frozen=True)
class OsUser:
    """The user that the database server runs as."""

    uid: int
    gid: int
    steps_down: bool

    def popen_arguments(self) -> dict[str, object]:
        """Arguments for subprocess that make the child this user."""
        if not self.steps_down:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def database_user() -> OsUser:
    """This user, or, for root, the system user ``countersign``, created if need be."""
    if os.geteuid() != 0:
        return OsUser(os.geteuid(), os.getegid(), steps_down=False)
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        entry = _create_user()
    return OsUser(entry.pw_uid, entry.pw_gid, steps_down=True)


def _create_user() -> pwd.struct_passwd:
    command = [
        "useradd", "--system", "--user-group", "--no-create-home",
        "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SERVER_USER,
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SERVER_USER)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise Misconfigured(
            f"PostgreSQL cannot run as root and the user {SERVER_USER} could not be created; "
            f"type: useradd --system {SERVER_USER}, or start as an ordinary user."
        ) from None


def let_pass(folder: Path, user: OsUser) -> None:
    """Let ``user`` pass through ``folder`` and every folder above it."""
    if not user.steps_down:
        return
    resolved = folder.resolve()
    for parent in [*reversed(resolved.parents), resolved]:
        if not _may_pass(parent, user):
            _grant_passage(parent, user)


def _may_pass(folder: Path, user: OsUser) -> bool:
    state = folder.stat()
    if state.st_uid == user.uid:
        return bool(state.st_mode & stat.S_IXUSR)
    for tag, permission, identity in _access_list(folder, state.st_mode):
        if tag == _USER and identity == user.uid:
            return bool(permission & 1) and bool(state.st_mode & stat.S_IXGRP)
    if state.st_gid == user.gid:
        return bool(state.st_mode & stat.S_IXGRP)
    return bool(state.st_mode & stat.S_IXOTH)


def _access_list(folder: Path, mode: int) -> list[tuple[int, int, int]]:
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.ENOTSUP):
            raise
        return [
            (_USER_OBJ, mode >> 6 & 7, _NO_ID),
            (_GROUP_OBJ, mode >> 3 & 7, _NO_ID),
            (_OTHER, mode & 7, _NO_ID),
        ]
    return [_ENTRY.unpack_from(raw, offset) for offset in range(4, len(raw), _ENTRY.size)]


def _grant_passage(folder: Path, user: OsUser) -> None:
    entries = [
        entry
        for entry in _access_list(folder, folder.stat().st_mode)
        if entry[0] != _MASK and not (entry[0] == _USER and entry[2] == user.uid)
    ]
    entries.append((_USER, 1, user.uid))
    mask = 0
    for tag, permission, _ in entries:
        if tag in (_USER, _GROUP_OBJ, _GROUP):
            mask |= permission
    entries.append((_MASK, mask, _NO_ID))
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    raw = struct.pack("<I", _ACL_VERSION) + b"".join(_ENTRY.pack(*entry) for entry in entries)
    try:
        os.setxattr(folder, _ACL, raw)
    except OSError as error:
        raise Misconfigured(
            f"The database's user {SERVER_USER} may not pass through {folder} "
            f"({error.strerror}); type: chmod o+x {folder}, or move COUNTERSIGN_DATA elsewhere."
        ) from None
