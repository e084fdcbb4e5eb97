"""Names under which versions are known to the serving process."""

from __future__ import annotations

from training.models import ModelVersion


def adapter_name(version: ModelVersion) -> str:
    """The name under which the serving process holds a version's adapter."""
    return f"v{version.number}-{version.adapter_digest[:12]}"
