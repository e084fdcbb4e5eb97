"""What a process that computes with torch sets before torch is imported."""

from __future__ import annotations

import os


def prefer_passive_waiting() -> None:
    """Let OpenMP's threads sleep at a barrier instead of spinning.

    With other work on the same cores, spinning threads keep the one they wait for from running:
    measured on two busy cores, the same products took 13-19 s spinning and 7-8 s sleeping. Read
    by OpenMP when it is loaded, so it has no effect after the import of torch.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
