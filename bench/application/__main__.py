"""``python -m bench.application``."""

import sys

from bench.application.cli import main

sys.exit(main())
