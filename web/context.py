"""What every page knows: who is looking, where in the chain, and what waits for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"demo_mode": settings.DEMO, "theme": request.COOKIES.get("theme", "auto")}
