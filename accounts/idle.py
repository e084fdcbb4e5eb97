"""The half hour of a session counts from the last thing that a person did.

A page that asks for progress by itself is nobody at the keyboard: left open, it would keep its
session for ever.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Addresses that pages ask by themselves, every few seconds.
POLLED = ("/progress/", "/pulse/")


class IdleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.endswith(POLLED) and not request.session.is_empty():
            request.session.modified = True  # saved with a new end
        return response
