"""Real servers and processes on folders of their own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.layout import Layout
from config.runtime.postgres import EmbeddedPostgres
from config.runtime.postgres_roles import PostgresPasswords


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout.of(tmp_path / "var")


@pytest.fixture(scope="session")
def finished_cluster(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedPostgres:
    """A cluster made once and stopped; tests work on copies, since making one takes a second."""
    folder = tmp_path_factory.mktemp("cluster") / "var"
    server = EmbeddedPostgres(Layout.of(folder), PostgresPasswords.generate(), durable=False)
    server.start()
    server.stop()
    return server


@pytest.fixture
def postgres(layout: Layout, finished_cluster: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    layout.data.mkdir(mode=0o700)
    copy = ["cp", "-a", str(finished_cluster.layout.postgres), str(layout.postgres)]
    subprocess.run(copy, check=True)
    server = EmbeddedPostgres(layout, finished_cluster.passwords, durable=False)
    server.start()
    yield server
    server.stop()
