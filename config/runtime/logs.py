"""Rotation of the children's logs.

Children append to their file themselves, so that they need nobody to read a pipe. A file is
rotated by copying it and cutting it to nothing: with O_APPEND the writer goes on at its start.
"""

import os
import shutil
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
KEPT = 3


def rotate(folder: Path, largest: int = LARGEST_BYTES) -> None:
    for path in folder.glob("*.log"):
        if path.stat().st_size > largest:
            _rotate_one(path)


def _rotate_one(path: Path) -> None:
    def older(number: int) -> Path:
        return path.with_name(f"{path.name}.{number}")

    for number in range(KEPT - 1, 0, -1):
        if older(number).exists():
            os.replace(older(number), older(number + 1))
    shutil.copy2(path, older(1))
    os.truncate(path, 0)
