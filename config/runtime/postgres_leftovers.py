"""What a killed server leaves behind, cleared only when no server can still be using it.

PostgreSQL trusts the process number in ``postmaster.pid``. After a crash that number may belong
to an innocent process (in a container it usually does), and the server would refuse to start.
"""

import os
import signal
import time
from pathlib import Path

from config.runtime.errors import Misconfigured

LEFTOVER_SECONDS = 10


def clear_leftovers(folder: Path, socket_folder: Path) -> None:
    """End a server that lost its supervisor, then remove stale lock files.

    The caller holds the lock of the data folder or owns the folder alone.
    """
    pid_file = folder / "postmaster.pid"
    pid = _first_number(pid_file)
    if pid is not None and _is_server_of(pid, folder):
        _end(pid, folder)
    pid_file.unlink(missing_ok=True)
    for lock in socket_folder.glob(".s.PGSQL.*"):
        lock.unlink(missing_ok=True)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_server_of(pid: int, folder: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return arguments[0].endswith(b"postgres") and os.fsencode(folder) in arguments


def _end(pid: int, folder: Path) -> None:
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while _is_server_of(pid, folder):
        if time.monotonic() > deadline:
            raise Misconfigured(
                f"A database server without a supervisor (process {pid}) still uses {folder}; "
                f"type: kill -QUIT {pid} and start again."
            )
        time.sleep(0.05)
