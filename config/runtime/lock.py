"""One supervisor a data folder, also when two are started in the same second."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from config.runtime.errors import Misconfigured
from config.runtime.layout import Layout
from config.runtime.postgres import make_folder


@contextmanager
def only_start(layout: Layout) -> Iterator[None]:
    """Hold the data folder's lock; the kernel lets go of it however this process ends."""
    for folder in (layout.data, layout.run):
        make_folder(folder)
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(_already_runs(layout, descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def check_not_running(layout: Layout) -> None:
    """Refuse where a supervisor holds the lock; changes nothing."""
    try:
        descriptor = os.open(layout.lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Misconfigured(_already_runs(layout, descriptor)) from None
    finally:
        os.close(descriptor)


def _already_runs(layout: Layout, descriptor: int) -> str:
    holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
    return (
        f"Countersign already runs on {layout.data} (process {holder}); stop it first, or "
        "set COUNTERSIGN_DATA to another folder."
    )
