"""Everything that can be found wrong before the first process is started."""

import ctypes
import errno
import os
import socket
from pathlib import Path

from config.runtime.errors import Misconfigured
from config.runtime.keys import check_keys, check_place
from config.runtime.postgres import binaries, check_cluster
from config.runtime.redis import program
from config.runtime.service_checks import check_database_address, check_redis, check_time_zone
from config.runtime.start import Start

LOOPBACK = "127.0.0.1"

# WeasyPrint loads these by name when the first document is made; better to miss them now.
_PANGO = (
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "/opt/homebrew/lib/libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "/opt/homebrew/lib/libpangoft2-1.0.dylib"),
)


def check_before_start(start: Start) -> None:
    """Raise Misconfigured for the first thing that is wrong; creates nothing.

    The database's own state and roles are checked when it is reachable (database_checks.py).
    """
    check_mode(start)
    check_time_zone()
    check_place(start.layout, start.mode)
    check_writable(start.layout.data)
    check_keys(start.layout.keys)
    if start.database_url is None:
        binaries()
        check_cluster(start.layout.postgres)
    else:
        check_database_address(start.database_url, "DATABASE_URL")
    if start.owner_url is not None:
        check_database_address(start.owner_url, "DATABASE_OWNER_URL")
    if start.redis_url is None:
        program()
    else:
        check_redis(start.redis_url)
    check_port(start.host, start.port, "COUNTERSIGN_PORT")
    check_port(start.host, start.gateway_port, "COUNTERSIGN_GATEWAY_PORT")
    if start.port == start.gateway_port:
        raise Misconfigured("COUNTERSIGN_PORT and COUNTERSIGN_GATEWAY_PORT must differ.")
    check_pango()


def check_mode(start: Start) -> None:
    """The demonstration stays on this machine; production knows its own names."""
    if start.mode == "demo" and start.host != LOOPBACK:
        raise Misconfigured(
            f"The demonstration's accounts are played by a script, so it listens on {LOOPBACK} "
            f"only; unset COUNTERSIGN_HOST ({start.host})."
        )
    if start.mode == "production" and not start.public_hosts:
        raise Misconfigured(
            "Production needs the names that people type to reach it; "
            "set COUNTERSIGN_PUBLIC_HOSTS=name[,name]."
        )
    if any("*" in host for host in start.public_hosts):
        raise Misconfigured("COUNTERSIGN_PUBLIC_HOSTS must name hosts; * would accept any.")


def check_writable(folder: Path) -> None:
    """The data folder, or the folder that it would be created in."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    # The superuser is let in everywhere, and cannot make a folder in the kernel's own either.
    kernels = any(nearest.resolve().is_relative_to(top) for top in ("/proc", "/sys"))
    if kernels or not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Misconfigured(
            f"The data folder {folder} is not writable ({nearest} is closed to this user); change "
            "its owner or set COUNTERSIGN_DATA to a folder of yours."
        )


def check_port(host: str, port: int, variable: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(_why_no_port(error, host, port, variable)) from None


def _why_no_port(error: OSError, host: str, port: int, variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; stop it or set {variable}."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root; set {variable} to a port above 1023."
    return f"{host} is no address of this machine ({error.strerror}); set COUNTERSIGN_HOST."


def check_pango() -> None:
    if not all(any(_loads(name) for name in names) for names in _PANGO):
        raise Misconfigured(
            "The documents need the library Pango; type: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core"
        )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
