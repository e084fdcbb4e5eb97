"""The one place that turns a target's `backend` into the back-end of that name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from deployment.backends.base import Backend, BackendError
from deployment.backends.transformers import PATIENCE, TransformersBackend

DEFAULT = "transformers"
# name -> (socket of the model server, seconds to wait for an answer) -> back-end
_BACKENDS: dict[str, Callable[[str | Path, float], Backend]] = {DEFAULT: TransformersBackend}


def backend_named(name: str, socket: str | Path, patience: float = PATIENCE) -> Backend:
    """The back-end of a target. Raises `BackendError` (`unknown_backend`)."""
    if name not in _BACKENDS:
        raise BackendError(
            "unknown_backend", f"There is no back-end {name!r}; known: {', '.join(_BACKENDS)}."
        )
    return _BACKENDS[name](socket, patience)
