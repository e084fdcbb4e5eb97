"""Run mypy on the given packages.

The Django plugin imports the settings, which have no fallback secrets: the check gets keys of its
own in a folder that is thrown away.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from config.runtime.environment import load_environment
from config.runtime.keys import ensure_keys
from config.runtime.layout import REPOSITORY, Layout

_ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="countersign-types-") as folder:
        layout = Layout.of(Path(folder) / "var")
        ensure_keys(layout, database_is_empty=True)
        environment = {name: value for name, value in os.environ.items() if name not in _ADDRESSES}
        environment["COUNTERSIGN_DATA"] = str(layout.data)
        environment["COUNTERSIGN_KEYS"] = str(layout.keys)
        load_environment(environment)
        command = [sys.executable, "-m", "mypy", *sys.argv[1:]]
        return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
