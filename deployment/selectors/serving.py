"""What the serving process holds at this moment, asked over its private socket."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from django.conf import settings

from deployment.backends.base import BackendError
from deployment.backends.choice import backend_named
from deployment.models import Deployment
from deployment.naming import adapter_name

PATIENCE = 20.0  # seconds that a page waits for the model server


@dataclass(frozen=True)
class Served:
    """`state`: valid, mismatch or missing; `digest` is of the adapter as held."""

    state: str
    words: str
    digest: str = ""


def served_now(deployment: Deployment) -> Served:
    """The digests that the serving process computes now, beside the approved ones."""
    version = deployment.model_version
    name = deployment.target.backend
    try:
        with closing(backend_named(name, settings.MODEL_SOCKET, PATIENCE)) as backend:
            held = backend.digest(adapter_name(version))
    except BackendError as problem:
        return Served("missing", problem.message)
    if (held.adapter_digest, held.base_digest) == (version.adapter_digest, version.base_digest):
        return Served("valid", "Holds what was approved", held.adapter_digest)
    return Served("mismatch", "Holds other weights than the approved ones", held.adapter_digest)
