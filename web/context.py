"""What every page knows: who is looking, where in the chain, and what waits for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.roles import ROLE_LABELS, Role
from web.inbox import tasks_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy where it costs queries: a fragment that shows no top bar asks for nothing."""
    theme = request.COOKIES.get("theme", "auto")
    common = {"demo_mode": settings.DEMO, "theme": theme, "app_version": settings.VERSION}
    user = request.user if hasattr(request, "user") else None
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return common
    return {
        **common,
        "inbox_count": SimpleLazyObject(lambda: len(tasks_for(request.user))),  # type: ignore[arg-type]
        "roles": SimpleLazyObject(
            lambda: [ROLE_LABELS[Role(name)] for name in request.user.role_names]  # type: ignore[union-attr]
        ),
    }
