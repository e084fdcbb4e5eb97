"""The whole application, started the way an administrator starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from config.runtime.errors import EXIT_MISCONFIGURED
from config.runtime.layout import REPOSITORY
from config.runtime.running import running

pytestmark = pytest.mark.chain


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.2)


def processes_of(data: Path) -> dict[int, str]:
    """Process numbers and command lines of all that belongs to the data folder."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"COUNTERSIGN_DATA={data}\0".encode() in environment or f"{data}/" in command:
            found[int(folder.name)] = command
    return found


def answers(url: str) -> bool:
    try:
        return httpx.get(url, follow_redirects=False).status_code < 600
    except httpx.TransportError:
        return False


def test_it_starts_refuses_a_second_start_mends_itself_and_leaves_nothing(tmp_path: Path) -> None:
    data, output = tmp_path / "var", tmp_path / "said.txt"
    with running(data, output=output) as runtime:
        assert answers(runtime.base_url)
        for folder in (data, tmp_path / "var-keys"):  # git add adds nothing of them
            assert (folder / ".gitignore").read_text() == "*\n"
        second = subprocess.run(
            [sys.executable, "-m", "config.runtime.cli", "serve"],
            cwd=REPOSITORY,
            env=runtime.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == EXIT_MISCONFIGURED
        assert f"process {runtime.pid}" in second.stderr
        assert second.stderr.count("\n") == 1

        web = next(pid for pid, command in processes_of(data).items() if "uvicorn" in command)
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: "web runs again" in output.read_text())
        wait_for(lambda: answers(runtime.base_url))
        for pid, command in processes_of(data).items():
            if "config.runtime.cli" not in command and "postgres" not in command:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
                assert b"countersign_owner:" not in environment, command
    assert processes_of(data) == {}
    assert "embedded" in output.read_text()
    assert output.read_text().rstrip().endswith("Everything has stopped.")
