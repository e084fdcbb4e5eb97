"""The environment of every process of the installation, supervised or started by hand."""

import os
from collections.abc import MutableMapping
from pathlib import Path

from config.runtime.keys import POSTGRES, read_passwords
from config.runtime.layout import Layout
from config.runtime.postgres_roles import DATABASE

# Set for the supervisor's children: they never learn the owner's password from it.
CHILD_NAME = "COUNTERSIGN_CHILD"

_CONSTANTS = {
    "COUNTERSIGN_MODE": "development",
    "COUNTERSIGN_HOST": "127.0.0.1",
    "COUNTERSIGN_PORT": "8000",
    "COUNTERSIGN_GATEWAY_PORT": "8001",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "2",
    # The tagger's small matrices: a second thread only waits, and costs the other core.
    "OPENBLAS_NUM_THREADS": "1",
    "DO_NOT_TRACK": "1",
}


def load_environment(environ: MutableMapping[str, str] = os.environ) -> Layout:
    """Fill in what is unset, from the data and keys folders; set variables are never changed."""
    for name, value in _CONSTANTS.items():
        environ.setdefault(name, value)
    layout = Layout.from_environment(environ)
    environ["COUNTERSIGN_DATA"] = str(layout.data)
    environ["COUNTERSIGN_KEYS"] = str(layout.keys)
    environ.setdefault("COUNTERSIGN_MODEL_SOCKET", str(layout.model_socket))
    _fill_database(environ, layout)
    environ.setdefault("REDIS_URL", f"unix://{layout.redis_socket}?db=0")
    environ.setdefault("CELERY_BROKER_URL", broker_url(environ["REDIS_URL"]))
    return layout


def _fill_database(environ: MutableMapping[str, str], layout: Layout) -> None:
    if "DATABASE_URL" in environ or not (layout.keys / POSTGRES).exists():
        return
    passwords = read_passwords(layout.keys)
    sockets: Path = layout.postgres_socket_folder
    environ["DATABASE_URL"] = passwords.url("app", sockets, DATABASE)
    if CHILD_NAME not in environ:
        environ.setdefault("DATABASE_OWNER_URL", passwords.url("owner", sockets, DATABASE))


def broker_url(redis_url: str) -> str:
    """The same Redis in Celery's words, which has a scheme of its own for unix sockets."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
