"""The web server's entry point is the one that lays no request in the open."""

from __future__ import annotations

import asyncio

import pytest

from config.request_body import Handler

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def test_the_server_serves_through_the_handler_that_spools_encrypted() -> None:
    from config.asgi import application  # checks the database's role when imported

    assert isinstance(application, Handler)
    sent: list[dict[str, object]] = []
    told = asyncio.Event()

    async def receive() -> dict[str, object]:
        if not told.is_set():
            told.set()
            return {"type": "http.request", "body": b"x" * 10}
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/sign-in/", "query_string": b"", "headers": [],
        "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "client": None,
    }  # fmt: skip
    asyncio.run(application(scope, receive, send))
    assert sent[0]["status"] == 403  # no token
