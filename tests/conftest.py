"""Real PostgreSQL for every test that asks for a database.

One embedded cluster a session; a template database is migrated once by the owner, and databases
are made from it. `db` rolls back; tests that need committed rows, workers or a browser take
`fresh_database`, since the trail is append-only and nothing can be emptied between tests.
"""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connections
from xdist.scheduler import LoadScopeScheduling

from config.runtime.environment import load_environment
from config.runtime.keys import read_passwords
from config.runtime.layout import REPOSITORY
from config.runtime.postgres import EmbeddedPostgres
from jobs import lease
from tests.bootstrap import LAYOUT

TEMPLATE = "countersign_template"

# A time is never asserted: a busy machine must not fail a property.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# A password hash that takes half a second on purpose would take most of the suite's time.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ScryptPasswordHasher.work_factor = 2

# Page tests need no collected files; browser tests run the real server, which collects them.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@dataclass(frozen=True)
class Cluster:
    """The session's PostgreSQL, and databases made from the migrated template."""

    postgres: EmbeddedPostgres

    def create(self, name: str, template: str = TEMPLATE) -> None:
        with psycopg.connect(self.postgres.url("owner", "postgres"), autocommit=True) as owner:
            owner.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')

    def drop(self, name: str) -> None:
        with psycopg.connect(self.postgres.url("superuser", "postgres"), autocommit=True) as su:
            su.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def migrate(self, name: str) -> None:
        environment: dict[str, str] = {
            "COUNTERSIGN_DATA": str(LAYOUT.data),
            "DATABASE_URL": self.postgres.url("app", name),
            "DATABASE_OWNER_URL": self.postgres.url("owner", name),
        }
        load_environment(environment)
        command = [sys.executable, "-m", "django", "migrate", "--database=owner", "-v0"]
        subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    postgres = EmbeddedPostgres(
        LAYOUT, read_passwords(LAYOUT.keys), owner_may_create_databases=True, durable=False
    )
    postgres.start()
    found = Cluster(postgres)
    found.create(TEMPLATE, template="template1")
    found.migrate(TEMPLATE)
    yield found
    for connection in connections.all():
        connection.close()
    postgres.stop()


def point_at(name: str) -> None:
    """Make Django's connections talk to another database of the cluster."""
    for alias in settings.DATABASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: Any) -> None:
    """pytest-django's own set-up would create and empty a database as the wrong role."""
    cluster.create("countersign_tests")
    with django_db_blocker.unblock():
        point_at("countersign_tests")


@pytest.fixture
def fresh_database(
    cluster: Cluster, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A database of the test's own, with real commits; yields its name."""
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    cluster.create(name)
    with django_db_blocker.unblock():
        point_at(name)
        yield name
        point_at("countersign_tests")
    cluster.drop(name)


class ByFile(LoadScopeScheduling):
    """In a parallel session a file stays in one process, and so does the one installation."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/chain" if file.startswith("tests/chain/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _every_connection(request: pytest.FixtureRequest) -> None:
    """Tests with `db` may use the trail's connection as well."""
    if "db" in request.fixturenames and not request.node.get_closest_marker("django_db"):
        request.node.add_marker(pytest.mark.django_db(databases=["default", "trail"]))


@pytest.fixture(autouse=True)
def _no_heartbeat(request: pytest.FixtureRequest) -> Iterator[None]:
    """Jobs that are run inside a rolled-back transaction live without a heartbeat.

    The heartbeat has a connection of its own, which cannot see a job that the test never commits:
    after its first 4 seconds, so on a busy machine only, it would take the lease for lost. The
    heartbeat itself is tested with committed rows and real workers (`fresh_database`).
    """
    with pytest.MonkeyPatch.context() as patch:
        if "fresh_database" not in request.fixturenames:
            patch.setattr(lease, "HEARTBEAT_SECONDS", 3600.0)
        yield
