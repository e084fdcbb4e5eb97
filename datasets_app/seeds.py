"""Seeds of splits and gold sets: recorded, so that a draw can be repeated."""

from __future__ import annotations

import secrets

SEED_LIMIT = 2**31  # what every generator that reads a seed accepts


def new_seed() -> int:
    return secrets.randbelow(SEED_LIMIT)
