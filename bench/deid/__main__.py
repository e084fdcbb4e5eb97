"""``python -m bench.deid``: see ``--help``."""

import sys

from bench.deid.cli import main

if __name__ == "__main__":
    sys.exit(main())
