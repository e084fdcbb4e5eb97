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
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise Misconfigured(
                f"Countersign already runs on {layout.data} (process {holder}); stop it first, or "
                "set COUNTERSIGN_DATA to another folder."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
