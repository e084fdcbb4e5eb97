"""What one start was asked to do, read from the environment before anything is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.runtime.addresses import gateway_url, http_url
from config.runtime.errors import Misconfigured
from config.runtime.layout import MODES, Layout


@dataclass(frozen=True)
class Start:
    """One start of the application; a URL that is None stands for the embedded service."""

    layout: Layout
    mode: str
    host: str
    port: int
    gateway_port: int
    gateway_url: str
    public_hosts: tuple[str, ...]
    database_url: str | None
    owner_url: str | None
    redis_url: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Start":
        mode = environ.get("COUNTERSIGN_MODE") or "development"
        if mode not in MODES:
            raise Misconfigured(
                f"COUNTERSIGN_MODE is {mode!r}; it must be one of: {', '.join(MODES)}."
            )
        hosts = environ.get("COUNTERSIGN_PUBLIC_HOSTS", "").split(",")
        host = environ.get("COUNTERSIGN_HOST") or "127.0.0.1"
        gateway_port = port_of(environ, "COUNTERSIGN_GATEWAY_PORT", 8001)
        return cls(
            layout=Layout.from_environment(environ),
            mode=mode,
            host=host,
            port=port_of(environ, "COUNTERSIGN_PORT", 8000),
            gateway_port=gateway_port,
            gateway_url=gateway_url(environ, host, gateway_port),
            public_hosts=tuple(host.strip() for host in hosts if host.strip()),
            database_url=environ.get("DATABASE_URL") or None,
            owner_url=environ.get("DATABASE_OWNER_URL") or None,
            redis_url=environ.get("REDIS_URL") or None,
        )

    @property
    def base_url(self) -> str:
        return http_url(self.host, self.port)


def port_of(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Misconfigured(f"{name} is {text!r}; give a port number from 1 to 65535.")
    return int(text)
