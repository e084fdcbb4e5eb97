"""Gives each request its id and remembers where it came from."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit.context import RequestContext, current


class RequestContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current.set(_context_of(request))
        try:
            return self.get_response(request)
        finally:
            current.reset(token)


def _context_of(request: HttpRequest) -> RequestContext:
    key = request.session.session_key or ""
    salted = f"{settings.SECRET_KEY}:{key}".encode()
    return RequestContext(
        request_id=str(uuid.uuid4()),
        session_ref=hashlib.sha256(salted).hexdigest()[:32] if key else "",
        source_ip=request.META.get("REMOTE_ADDR") or None,
        auth_method="password" if request.user.is_authenticated else "",
    )
