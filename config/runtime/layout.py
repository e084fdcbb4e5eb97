"""Where data, keys and sockets lie, derived from two folders alone.

Every process of an installation, started by the supervisor or by hand, finds the same sockets
from the same data folder, so nothing has to be written down between them.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MODES = ("development", "demo", "production")

# sun_path holds 108 bytes with its terminating zero on Linux, 104 elsewhere (unix(7)).
LONGEST_SOCKET_PATH = 103
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one installation; both paths are absolute."""

    data: Path
    keys: Path

    @classmethod
    def of(cls, data: Path | str, keys: Path | str | None = None) -> "Layout":
        folder = Path(data).expanduser().absolute()
        beside = folder.with_name(folder.name + "-keys")
        return cls(folder, Path(keys).expanduser().absolute() if keys else beside)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Layout":
        data = environ.get("COUNTERSIGN_DATA") or REPOSITORY / "var"
        return cls.of(data, environ.get("COUNTERSIGN_KEYS"))

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def redis(self) -> Path:
        return self.data / "redis"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def gateway(self) -> Path:
        return self.data / "gateway"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def ready(self) -> Path:
        """Written by the supervisor when everything answers, removed when it stops."""
        return self.run / "ready.json"

    @property
    def demo_mark(self) -> Path:
        return self.data / "DEMO"

    @property
    def postgres_socket_folder(self) -> Path:
        return self._socket_folder("pg", POSTGRES_SOCKET_NAME)

    @property
    def redis_socket(self) -> Path:
        return self._socket_folder("redis", "redis.sock") / "redis.sock"

    @property
    def model_socket(self) -> Path:
        return self._socket_folder("models", "model.sock") / "model.sock"

    def _socket_folder(self, service: str, longest_name: str) -> Path:
        inside = self.run / service
        if len(os.fsencode(inside / longest_name)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        # Whoever makes this folder insists that it is ours and closed: private_files.py.
        return Path("/tmp") / f"countersign-{digest}-{service}"  # noqa: S108
