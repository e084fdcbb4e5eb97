"""Where a service is asked, which need not be where it listens."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from config.runtime.errors import Misconfigured

GATEWAY_URL = "COUNTERSIGN_GATEWAY_URL"
# Listening on every address says nothing about where to ask; this machine always is one.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def http_url(host: str, port: int) -> str:
    """The address of a service that listens on ``host``, as this machine asks it."""
    asked = _EVERYWHERE.get(host, host)
    return f"http://[{asked}]:{port}" if ":" in asked else f"http://{asked}:{port}"


def gateway_url(environ: Mapping[str, str], host: str, port: int) -> str:
    """Where workers ask the gateway: as set, or on this machine. Raises Misconfigured."""
    url = (environ.get(GATEWAY_URL) or http_url(host, port)).rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise Misconfigured(
            f"{GATEWAY_URL} must be an address like http://gateway.example:8001, without a path; "
            "workers ask the gateway there."
        )
    if parts.hostname in _EVERYWHERE:
        raise Misconfigured(
            f"{GATEWAY_URL} names {parts.hostname}, which is no address to ask; "
            "name the gateway's machine."
        )
    return url
