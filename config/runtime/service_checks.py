"""What the administrator's own services and settings say before anything is started."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import redis

from config.runtime.errors import Misconfigured

REDIS_SECONDS = 5
_REDIS_SCHEMES = ("redis", "rediss", "unix")
_DATABASE_SCHEMES = ("postgres", "postgresql")


def check_redis(url: str) -> None:
    """Raise unless a Redis server answers at the address, without showing its password."""
    if urlsplit(url).scheme not in _REDIS_SCHEMES:
        raise Misconfigured(
            "REDIS_URL is no address of a Redis server; write redis://host:6379/0, or unset it "
            "to use the embedded one."
        )
    try:
        client = redis.Redis.from_url(
            url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
        )
        client.ping()
        client.close()
    except (redis.RedisError, ValueError) as error:
        raise Misconfigured(
            f"The Redis server in REDIS_URL does not answer ({type(error).__name__}); start it, "
            "mend the address, or unset REDIS_URL to use the embedded one."
        ) from None


def check_database_address(url: str, variable: str) -> None:
    """Raise unless the address is one of PostgreSQL."""
    if urlsplit(url).scheme not in _DATABASE_SCHEMES:
        raise Misconfigured(
            f"{variable} is no address of a PostgreSQL database; write "
            "postgresql://role:password@host:5432/name, or unset it to use the embedded one."
        )


def check_time_zone(environ: Mapping[str, str] = os.environ) -> None:
    """Raise unless the time zone has a name that this machine knows."""
    name = environ.get("COUNTERSIGN_TIME_ZONE")
    if name and name not in available_timezones():
        raise Misconfigured(
            f"COUNTERSIGN_TIME_ZONE is {name!r}, which is no time zone; write one such as "
            "Europe/Vienna or America/New_York."
        )
