"""Starting a child so that it cannot outlive us, and stopping it with all that it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.runtime.os_user import OsUser

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child between fork and exec must not import or allocate much.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent(parent: int, parent_death_signal: int) -> Callable[[], None]:
    """A hook for the forked child; the kernel then signals it when its parent is gone.

    It runs after the change of user, which would clear the setting. The signal follows the
    *thread* that forked, so only the main thread starts children.
    """

    def hook() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, parent_death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the setting was made
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def start_process(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    user: OsUser | None = None,
    parent_death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a process group of its own, its output appended to ``log``."""
    arguments: dict[str, object] = user.popen_arguments() if user else {}
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            process_group=0,
            umask=0o077,
            preexec_fn=_die_with_parent(os.getpid(), parent_death_signal),
            **arguments,
        )
    finally:
        os.close(descriptor)


def stop_process(process: subprocess.Popen[bytes], steps: Sequence[tuple[int, float]]) -> None:
    """Send each signal and wait its seconds; in the end kill the group, grandchildren included."""
    for number, seconds in steps:
        if process.poll() is not None:
            break
        send(process, number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process)


def send(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the group and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 0.5  # an init that reaps nobody leaves zombies
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.02)
