"""Which connection writes what."""

from __future__ import annotations

from typing import Any

from django.db.models import Model


class AttemptsRouter:
    """django-axes counts attempts on `trail`, outside the transaction of the request."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "trail" if model._meta.app_label == "axes" else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return "trail" if model._meta.app_label == "axes" else None
