"""``python -m deid.engine predict | redact``: see ``--help``."""

import sys

from deid.engine.command.cli import main

if __name__ == "__main__":
    sys.exit(main())
