"""The gateway's routes: the OpenAI API in front of whichever version is active."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route as HttpRoute

from deployment.backends.base import Backend, BackendError, ChatAnswer
from deployment.gateway.log import LogEntry, RequestLog
from deployment.gateway.openai import (
    ChatCall,
    RefusalError,
    completion,
    model_list,
    model_object,
    parse_chat,
    stream_events,
)
from deployment.gateway.routing import RoutingTable
from deployment.gateway.snapshot import Route

_MAX_BODY = 256 * 1024
Answering = Callable[[Request, LogEntry], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the routes share."""

    table: RoutingTable
    backends: Callable[[str], Backend]
    log: RequestLog

    async def models(self, request: Request) -> Response:
        """`GET /v1/models`: what the key may ask."""
        return await self._logged(request, self._listed)

    async def model(self, request: Request) -> Response:
        """`GET /v1/models/{id}`: one of them."""
        return await self._logged(request, self._named)

    async def chat(self, request: Request) -> Response:
        """`POST /v1/chat/completions`."""
        return await self._logged(request, self._answer)

    async def _logged(self, request: Request, answer: Answering) -> Response:
        """Every request leaves its line, those without a valid key too."""
        started = time.monotonic()
        entry = LogEntry()
        try:
            response = await answer(request, entry)
        except RefusalError as refusal:
            entry.code = refusal.code
            response = refusal.response()
        except Exception as problem:
            # The type alone: a message might quote the prompt.
            sys.stderr.write(f"gateway: a request failed with {type(problem).__name__}\n")
            entry.code = "internal_error"
            response = RefusalError(
                500, entry.code, "The request could not be answered."
            ).response()
        entry.status = response.status_code
        entry.latency_ms = round((time.monotonic() - started) * 1000, 1)
        self.log.write(entry)
        return response

    async def health(self, _: Request) -> Response:
        """Whether a routing table is in use; names no alias, so it needs no key."""
        await run_in_threadpool(self.table.refresh)
        version, problem = self.table.version, self.table.problem
        status = "ok" if version is not None and problem is None else "degraded"
        return JSONResponse({"status": status, "snapshot_version": version, "detail": problem})

    async def _routes(self, request: Request, entry: LogEntry) -> dict[str, Route]:
        await run_in_threadpool(self.table.refresh)
        key = self.table.authenticate(request.headers.get("authorization"))
        entry.integration_id = key.integration_id
        return self.table.routes_for(key)

    async def _listed(self, request: Request, entry: LogEntry) -> Response:
        routes = await self._routes(request, entry)
        return JSONResponse(model_list(routes), headers={"Cache-Control": "no-store"})

    async def _named(self, request: Request, entry: LogEntry) -> Response:
        alias = request.path_params["alias"]
        route = _route(await self._routes(request, entry), alias)
        entry.alias, entry.model_version_id = alias, route.model_version_id
        return JSONResponse(model_object(alias, route), headers={"Cache-Control": "no-store"})

    async def _answer(self, request: Request, entry: LogEntry) -> Response:
        routes = await self._routes(request, entry)
        call = parse_chat(await _body(request))
        route = _route(routes, call.model)
        entry.alias, entry.model_version_id = call.model, route.model_version_id
        answer = await run_in_threadpool(self._ask, call, route)
        entry.prompt_tokens = answer.prompt_tokens
        entry.completion_tokens = answer.completion_tokens
        return _respond(call, route, answer)

    def _ask(self, call: ChatCall, route: Route) -> ChatAnswer:
        limit = min(call.max_tokens or route.max_tokens, route.max_tokens)
        try:
            backend = self.backends(route.backend)
            answer = backend.chat(route.adapter_name, call.messages, limit)
        except BackendError as error:
            raise _refusal_of(error) from None
        held = (answer.adapter_digest, answer.base_digest)
        if held != (route.adapter_digest, route.base_digest):
            # The answer is withheld: it came from something that nobody approved.
            raise RefusalError(
                503, "wrong_model", "The model that answered is not the approved one."
            )
        return answer


def create_app(*, data: Path, certificate: Path, backends: Callable[[str], Backend]) -> Starlette:
    """The ASGI application.

    Args:
        data: `COUNTERSIGN_DATA`.
        certificate: the installation's root certificate.
        backends: gives the back-end of a route by name; raises `BackendError`.
    """
    gateway = Gateway(
        table=RoutingTable(data / "gateway", certificate),
        backends=backends,
        log=RequestLog(data / "log" / "gateway.jsonl"),
    )
    return Starlette(
        routes=[
            HttpRoute("/health", gateway.health),
            HttpRoute("/v1/models", gateway.models),
            HttpRoute("/v1/models/{alias}", gateway.model),
            HttpRoute("/v1/chat/completions", gateway.chat, methods=["POST"]),
        ],
        exception_handlers={404: _unknown_path, 405: _unknown_path},
    )


def _route(routes: dict[str, Route], alias: str) -> Route:
    route = routes.get(alias)
    if route is None:
        raise RefusalError(
            404, "model_not_found", "No model of that name is deployed for this key."
        )
    return route


def _respond(call: ChatCall, route: Route, answer: ChatAnswer) -> Response:
    headers = {
        "Cache-Control": "no-store",
        # Header values are Latin-1; the label may hold any character.
        "X-Countersign-Advisory": route.label.encode("ascii", "replace").decode(),
        "X-Countersign-Model-Version": route.model_version_id,
    }
    if call.stream:
        return StreamingResponse(
            stream_events(call, route, answer),
            media_type="text/event-stream",
            headers=headers,
        )
    return JSONResponse(completion(call.model, route, answer), headers=headers)


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit, whatever its length header claims."""
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > _MAX_BODY:
            raise RefusalError(413, "request_too_large", "The request is larger than 256 kB.")
    return bytes(received)


def _refusal_of(error: BackendError) -> RefusalError:
    if error.status == 400:
        return RefusalError(400, error.code, error.message)
    if error.code == "model_not_loaded":
        return RefusalError(503, error.code, "The model is being loaded. Try again in a moment.")
    status = error.status if error.status in (502, 503, 504) else 503
    return RefusalError(status, error.code, error.message)


async def _unknown_path(_: Request, __: Exception) -> Response:
    return RefusalError(404, "not_found", "There is nothing at this address or method.").response()
