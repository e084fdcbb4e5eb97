"""Migrations as the owner, static files when they changed; each a short Django process."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.runtime.errors import Misconfigured
from config.runtime.layout import REPOSITORY
from config.runtime.processes import kill_group, start_process
from config.runtime.start import Start


def migrate(start: Start, environment: Mapping[str, str]) -> None:
    """Bring the schema up to date, or say that the owner's address is needed for it."""
    if "DATABASE_OWNER_URL" in environment:
        if django(start, environment, "migrate", "--database=owner", "--noinput") != 0:
            raise Misconfigured(
                f"The migrations failed and nothing was started; {_reason(start, 'migrate')}"
            )
    elif django(start, environment, "migrate", "--check") != 0:
        raise Misconfigured(
            "The database needs migrations, which only its owner may make; set DATABASE_OWNER_URL "
            f"for this start ({_reason(start, 'migrate')})"
        )


def collect_static_files(start: Start, environment: Mapping[str, str]) -> None:
    stamp = start.layout.run / "staticfiles.digest"
    digest = _static_digest()
    collected = (start.layout.data / "staticfiles").is_dir()
    if collected and stamp.exists() and stamp.read_text() == digest:
        return
    if django(start, environment, "collectstatic", "--noinput", "--clear", "--ignore=redoc") != 0:
        raise Misconfigured(
            f"The static files were not collected; {_reason(start, 'collectstatic')}"
        )
    stamp.write_text(digest)


def django(start: Start, environment: Mapping[str, str], *arguments: str) -> int:
    """Run a management command to its end, its output in the log of its name."""
    command: Sequence[str] = [sys.executable, "-m", "django", *arguments]
    process: subprocess.Popen[bytes] = start_process(
        command,
        log=start.layout.log / f"{arguments[0]}.log",
        environment=environment,
        folder=REPOSITORY,
    )
    try:
        return process.wait()
    finally:
        kill_group(process)


def _reason(start: Start, command: str) -> str:
    return f"the reason stands in {start.layout.log / command}.log."


def _static_digest() -> str:
    """Names, sizes and times of our own files, and the versions of the packages that bring some."""
    folders = [REPOSITORY / "static", *REPOSITORY.glob("*/static")]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    lines = [_describe(path) for path in [*files, REPOSITORY / "constraints.txt"] if path.exists()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _describe(path: Path) -> str:
    state = os.stat(path)
    return f"{path} {state.st_size} {state.st_mtime_ns}"
