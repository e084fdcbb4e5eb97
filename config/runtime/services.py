"""Database and queue together, for tests and for work by hand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from config.runtime.environment import load_environment
from config.runtime.keys import ensure_keys, read_passwords
from config.runtime.layout import Layout
from config.runtime.postgres import MARK, EmbeddedPostgres
from config.runtime.redis import EmbeddedRedis


@contextmanager
def running_services(
    layout: Layout,
    *,
    mode: str = "development",
    owner_may_create_databases: bool = False,
    durable: bool = True,
) -> Iterator[dict[str, str]]:
    """Start embedded PostgreSQL and Redis under ``layout``; yields the environment to use them.

    Both are children of this process: call it from the main thread.
    """
    ensure_keys(layout, database_is_empty=not (layout.postgres / MARK).exists())
    postgres = EmbeddedPostgres(
        layout,
        read_passwords(layout.keys),
        owner_may_create_databases=owner_may_create_databases,
        durable=durable,
    )
    queue = EmbeddedRedis(layout)
    postgres.start()
    try:
        queue.start()
        try:
            yield environment_of(layout, mode)
        finally:
            queue.stop()
    finally:
        postgres.stop()


def environment_of(layout: Layout, mode: str) -> dict[str, str]:
    """The caller's environment, pointed at the embedded services of ``layout``."""
    pointed = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in pointed}
    environment.pop("COUNTERSIGN_MODEL_SOCKET", None)
    environment |= {
        "COUNTERSIGN_DATA": str(layout.data),
        "COUNTERSIGN_KEYS": str(layout.keys),
        "COUNTERSIGN_MODE": mode,
    }
    load_environment(environment)
    return environment
