"""Children are restarted when they die and none is left when the supervisor stops or is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from config.runtime.children import Child
from config.runtime.errors import Misconfigured
from config.runtime.layout import REPOSITORY, Layout
from config.runtime.logs import rotate
from config.runtime.redis import EmbeddedRedis
from config.runtime.supervisor import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# A parent whose own child sleeps on; it says the child's process number.
WITH_GRANDCHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen(['/bin/sleep', '60'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n",
]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('ready', flush=True)\n"
    "time.sleep(60)\n",
]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(said.append)
    yield supervisor
    supervisor.stop_all()


def make_child(folder: Path, command: list[str], name: str = "sleeper", **more: object) -> Child:
    return Child(
        name=name, command=command, environment=dict(os.environ), log_folder=folder, **more
    )  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 15 s"
        time.sleep(0.05)


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_killed_child_is_started_again_and_said_so(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    child = make_child(tmp_path, SLEEPER)
    supervisor.start(child)
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)

    def restarted() -> bool:
        supervisor.look()
        return child.process is not None and child.process.pid != first

    wait_for(restarted)
    assert alive(pid_of(child))
    assert said == [
        "sleeper ended (signal 9); starting it again in 0.5 s",
        "sleeper runs again (restart 1)",
    ]


def test_a_child_that_keeps_dying_is_tried_at_longer_pauses(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.start(make_child(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"]))

    def twice() -> bool:
        supervisor.look()
        return len([line for line in said if "exit status 3" in line]) == 2

    wait_for(twice)
    pauses = [line.split(" in ")[1] for line in said if "starting it again" in line]
    assert pauses == ["0.5 s", "1 s"]


def test_a_killed_embedded_redis_is_started_again_with_its_data(
    supervisor: Supervisor, layout: Layout
) -> None:
    server = EmbeddedRedis(layout)
    supervisor.start(server)
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
        time.sleep(1.1)  # the append-only file is written once a second
    assert server.process is not None
    first = server.process.pid
    os.kill(first, signal.SIGKILL)

    def restarted() -> bool:
        supervisor.look()
        return server.process is not None and server.process.pid != first

    wait_for(restarted)
    with redis.Redis.from_url(server.url) as client:
        assert client.get("kept") == b"yes"
    assert layout.redis_socket.parent.stat().st_mode & 0o777 == 0o700


def test_stopping_ends_grandchildren_too(supervisor: Supervisor, tmp_path: Path) -> None:
    child = make_child(tmp_path, WITH_GRANDCHILD)
    supervisor.start(child)
    wait_for(lambda: child.log.read_text().endswith("\n"))
    grandchild = int(child.log.read_text())
    assert alive(grandchild)
    supervisor.stop_all()
    wait_for(lambda: not alive(grandchild))


def test_a_child_deaf_to_the_first_signal_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    child = make_child(tmp_path, STUBBORN, stop_steps=[(signal.SIGTERM, 0.3)])
    supervisor.start(child)
    wait_for(lambda: "ready" in child.log.read_text())
    pid = pid_of(child)
    supervisor.stop_all()
    assert not alive(pid)


def test_higher_tiers_stop_before_lower_ones(supervisor: Supervisor, tmp_path: Path) -> None:
    stopped: list[str] = []

    class Recorded(Child):
        def stop(self) -> None:
            super().stop()
            stopped.append(self.name)

    for tier in (0, 1, 2):
        supervisor.start(
            Recorded(
                name=f"tier {tier}",
                command=SLEEPER,
                environment=dict(os.environ),
                log_folder=tmp_path,
                tier=tier,
            )
        )
    supervisor.stop_all()
    assert stopped == ["tier 2", "tier 1", "tier 0"]


def test_a_child_that_never_answers_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(make_child(tmp_path, SLEEPER, name="deaf", probe=lambda: False))
    with pytest.raises(Misconfigured, match="deaf did not answer"):
        supervisor.wait_until_ready(0.3)


def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from config.runtime.children import Child\n"
        "from config.runtime.supervisor import Supervisor\n"
        "child = Child('sleeper', ['/bin/sleep', '60'], os.environ, Path(sys.argv[1]))\n"
        "Supervisor(print).start(child)\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert alive(pid)
        process.kill()
        process.wait()
    wait_for(lambda: not alive(pid))


def test_a_large_log_is_rotated_while_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    with path.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 10)
        rotate(tmp_path, largest=16)
        writer.write(b"new\n")
    assert path.read_bytes() == b"new\n"
    assert path.with_name("web.log.1").read_bytes() == b"old\n" * 10
