"""Loaded before Django (`-p tests.bootstrap`): an installation of its own for the test session.

Settings read secrets and addresses from the environment and have no fallbacks, so the session
gets a data folder, keys and passwords first; the servers start when a test asks for them.
"""

import os
import shutil
import tempfile
from pathlib import Path

from config.runtime.environment import load_environment
from config.runtime.keys import ensure_keys
from config.runtime.layout import Layout

_FOREIGN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL")

SESSION = Path(tempfile.mkdtemp(prefix="countersign-tests-"))
LAYOUT = Layout.of(SESSION / "var")

for name in [n for n in os.environ if n.startswith("COUNTERSIGN_") or n in _FOREIGN]:
    del os.environ[name]
os.environ["COUNTERSIGN_DATA"] = str(LAYOUT.data)
LAYOUT.data.mkdir(mode=0o700)
ensure_keys(LAYOUT, database_is_empty=True)
load_environment()


def pytest_unconfigure() -> None:
    """Each process of a parallel session made its own folder and takes it away."""
    shutil.rmtree(SESSION, ignore_errors=True)
