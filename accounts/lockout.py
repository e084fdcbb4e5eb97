"""How django-axes sees people: a keyed hash of what was typed, and no client details."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.services import record_refusal


def hashed_username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    typed = ""
    if credentials:
        typed = str(credentials.get("username") or credentials.get("email") or "")
    elif request is not None:
        typed = str(request.POST.get("username", ""))
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, typed.strip().lower().encode(), hashlib.sha256).hexdigest()


def client_label(*args: Any, **kwargs: Any) -> str:
    return "a client"


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    record_refusal("auth.lockout", actor=None, reason="too-many-failures")
    return render(request, "accounts/locked_out.html", status=429)
