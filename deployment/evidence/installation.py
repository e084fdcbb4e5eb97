"""What this installation is made of, read from its settings: components and flows between them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True)
class Component:
    """A process of the installation and the address at which it listens."""

    name: str
    what: str
    address: str
    zone: str  # "open to the hospital" or "private to the machine"


@dataclass(frozen=True)
class Flow:
    source: str
    target: str
    data: str
    protocol: str
    encryption: str
    authentication: str


OPEN, PRIVATE = "open to callers", "private to the installation"
_PROXY = "none by the application; TLS ends at the reverse proxy in production"
_SOCKET = "never leaves the machine"


def database_address() -> str:
    host = str(settings.DATABASES["default"]["HOST"])
    if host.startswith("/") or not host:
        return "Unix socket in a private folder"
    return f"{host}:{settings.DATABASES['default']['PORT'] or 5432}"


def queue_address() -> str:
    url = urlsplit(settings.CELERY_BROKER_URL)
    if "socket" in url.scheme:
        return "Unix socket in a private folder"
    return f"{url.hostname}:{url.port or 6379}" if url.hostname else "not configured"


def components() -> list[Component]:
    return [
        Component("Web application", "pages and API", f"{settings.HOST}, HTTP", OPEN),
        Component(
            "Gateway",
            "OpenAI-compatible API for hospital systems",
            f"{settings.HOST}:{settings.GATEWAY_PORT}, HTTP",
            OPEN,
        ),
        Component("Model server", "transformers and PEFT", "Unix socket, mode 600", PRIVATE),
        Component("Workers", "queues default, deid and gpu", "none", PRIVATE),
        Component("Training engine", "child process of the gpu worker", "none", PRIVATE),
        Component("Scheduler", "seals the trail, requeues dead jobs", "none", PRIVATE),
        Component("PostgreSQL", "records", database_address(), PRIVATE),
        Component("Redis", "queue", queue_address(), PRIVATE),
        Component("Data folder", "encrypted uploads, artefacts, models", "files", PRIVATE),
        Component("Keys folder", "keys and authority", "files, outside the data folder", PRIVATE),
    ]


def flows() -> list[Flow]:
    database = _SOCKET if "socket" in database_address() else "as the connection address sets it"
    queue = _SOCKET if "socket" in queue_address() else "as the connection address sets it"
    return [
        Flow("Browser", "Web application", "PHI for roles that may read it, else de-identified",
             "HTTP", _PROXY, "password and session; again at every signature"),
        Flow("Hospital system", "Gateway", "prompts and answers: PHI if the caller sends it",
             "HTTP, OpenAI API", _PROXY, "key of the integration"),
        Flow("Gateway", "Model server", "prompts and answers", "HTTP over a Unix socket",
             _SOCKET, "file permissions"),
        Flow("Gateway", "Data folder", "routes from the sealed snapshot; log without content",
             "files", "snapshot signed by the installation key", "file permissions"),
        Flow("Web application, workers", "PostgreSQL",
             "PHI encrypted by field, de-identified text, records", "PostgreSQL", database,
             "password; a role without DDL"),
        Flow("Web application, workers", "Redis", "ids only", "Redis", queue, "file permissions"),
        Flow("Web application, workers", "Data folder", "PHI encrypted; artefacts de-identified",
             "files", "AES-GCM for uploads", "file permissions"),
        Flow("Workers", "Training engine", "de-identified examples and gold items",
             "files and JSON lines", _SOCKET, "child process"),
        Flow("Workers", "Gateway", "gold prompts of the replay, de-identified", "HTTP",
             _PROXY, "a key of the rollout alone"),
    ]  # fmt: skip
