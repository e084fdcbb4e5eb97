"""The kinds of job. Each app registers its own when it starts; the queue knows only names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.lease import Lease
    from jobs.models import Job


@dataclass(frozen=True)
class Kind:
    """`run` does the work and may be called again after a kill; `on_end` hears how it ended."""

    name: str
    queue: str
    run: Callable[[Lease], None]
    on_end: Callable[[Job], None] | None = None
    max_attempts: int = 5


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    return _kinds[name]
