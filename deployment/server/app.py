"""The server's routes. It listens on a private socket, so callers are this installation's own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deployment.backends.base import BackendError, ChatAnswer, ChatRequest
from deployment.backends.choice import DEFAULT
from deployment.gateway.snapshot import SnapshotError, read_snapshot
from deployment.server.worker import ModelWorker
from training.engine.base_model import RECORD_NAME

if TYPE_CHECKING:
    from deployment.server.holder import ModelHolder

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the server finds things. Adapters are loaded from under `data` only.

    `certificate` is the installation's root certificate, with which the snapshot is verified.
    """

    models: Path
    data: Path
    certificate: Path | None


class ModelServer:
    """State of the application: the worker, and how the restoring at start went."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.worker = ModelWorker(settings.models)
        self.restoring = False
        self.problem: str | None = None

    async def restore(self) -> None:
        """Load again what the sealed snapshot says is active, so that a restart serves again."""
        certificate = self.settings.certificate
        if certificate is None or not (self.settings.data / "gateway" / "snapshot.json").exists():
            return
        self.restoring = True
        try:
            pem = certificate.read_bytes()
            snapshot = await asyncio.to_thread(read_snapshot, self.settings.data / "gateway", pem)
            for route in {
                route.adapter_name: route
                for route in snapshot.aliases.values()
                if route.backend == DEFAULT  # this server holds no other back-end's adapters
            }.values():
                path = self._inside(route.adapter_path)
                await self._on_model(_loading(route.adapter_name, path, route.adapter_digest))
        except SnapshotError as error:
            self.problem = str(error)
        except BackendError as error:
            self.problem = error.message
        except OSError:
            self.problem = "The installation's certificate cannot be read."
        finally:
            self.restoring = False

    async def health(self, _: Request) -> JSONResponse:
        """`ok`, `restoring`, or `degraded` with the reason; never waits for the model."""
        detail = self.problem
        if detail is None and not any(self.settings.models.glob(f"*/{RECORD_NAME}")):
            detail = "no base model yet"
        status = "restoring" if self.restoring else ("degraded" if detail else "ok")
        holder = self.worker.holder
        return JSONResponse(
            {
                "status": status,
                "detail": detail,
                "base": asdict(holder.base) if holder and holder.base else None,
                "adapters": [asdict(adapter) for adapter in holder.adapters] if holder else [],
            }
        )

    async def list_adapters(self, _: Request) -> JSONResponse:
        """What is loaded; an untouched server holds nothing and need not wake."""
        holder = self.worker.holder
        adapters = holder.adapters if holder else []
        return JSONResponse({"adapters": [asdict(adapter) for adapter in adapters]})

    async def load(self, request: Request) -> JSONResponse:
        """Load an adapter from under the data folder."""
        body = await _json(request)
        name = _matching(body.get("name"), _NAME, "name")
        expected = _matching(body.get("expected_digest"), _DIGEST, "expected_digest")
        path = self._inside(str(body.get("adapter_path", "")))
        adapter = await self._on_model(_loading(name, path, expected))
        self.problem = None
        return JSONResponse(asdict(adapter))

    async def unload(self, request: Request) -> JSONResponse:
        """Drop an adapter."""
        name = request.path_params["name"]
        await self._on_model(lambda holder: holder.unload(name))
        return JSONResponse({"unloaded": name})

    async def digest(self, request: Request) -> JSONResponse:
        """Digests computed now from the tensors held."""
        name = request.path_params["name"]
        return JSONResponse(asdict(await self._on_model(lambda holder: holder.digest(name))))

    async def chat(self, request: Request) -> JSONResponse:
        """One answer, in the shape of the OpenAI API, with the digests of what answered."""
        body = await _json(request)
        asked = ChatRequest(
            name=_matching(body.get("model"), _NAME, "model"),
            messages=_messages(body.get("messages")),
            max_tokens=_max_tokens(body.get("max_tokens")),
        )
        answer = await asyncio.wrap_future(self.worker.chat(asked))
        return JSONResponse(_completion(asked.name, answer))

    async def _on_model(self, run: Callable[[ModelHolder], Any]) -> Any:
        return await asyncio.wrap_future(self.worker.submit(run))

    def _inside(self, path: str) -> Path:
        """An existing path below the data folder; links are followed before that is judged."""
        root = self.settings.data.resolve()
        resolved = (root / path).resolve()
        if not resolved.is_relative_to(root) or not resolved.is_dir():
            raise BackendError(
                "adapter_missing", "There is no adapter at that place in the data folder.", 404
            )
        return resolved


def create_app(settings: ServerSettings) -> Starlette:
    """The ASGI application."""
    server = ModelServer(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        restoring = asyncio.create_task(server.restore())
        yield
        restoring.cancel()

    return Starlette(
        routes=[
            Route("/health", server.health),
            Route("/adapters", server.list_adapters, methods=["GET"]),
            Route("/adapters", server.load, methods=["POST"]),
            Route("/adapters/{name}", server.unload, methods=["DELETE"]),
            Route("/digest/{name}", server.digest),
            Route("/v1/chat/completions", server.chat, methods=["POST"]),
        ],
        exception_handlers={BackendError: _refusal},
        lifespan=lifespan,
    )


def _loading(name: str, path: Path, digest: str) -> Callable[[ModelHolder], Any]:
    return lambda holder: holder.load(name, path, digest)


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BackendError)  # registered for this type only
    return JSONResponse(
        {"error": {"code": error.code, "message": error.message}}, status_code=error.status
    )


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BackendError("invalid_request", "The request must be one JSON object.", 400)
    return body


def _matching(value: Any, pattern: re.Pattern[str], field: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BackendError("invalid_request", f"The field {field} is missing or malformed.", 400)
    return value


def _messages(value: Any) -> list[Any]:
    good = (
        isinstance(value, list)
        and value
        and all(
            isinstance(message, dict)
            and message.get("role") in _ROLES
            and isinstance(message.get("content"), str)
            for message in value
        )
    )
    if not good:
        raise BackendError("invalid_request", "The field messages is missing or malformed.", 400)
    return [{"role": message["role"], "content": message["content"]} for message in value]


def _max_tokens(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 4096:
        raise BackendError("invalid_request", "The field max_tokens must be 1 to 4096.", 400)
    return value


def _completion(name: str, answer: ChatAnswer) -> dict[str, Any]:
    return {
        "object": "chat.completion",
        "model": name,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.text},
                "finish_reason": answer.finish_reason,
            }
        ],
        "usage": {
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "total_tokens": answer.prompt_tokens + answer.completion_tokens,
        },
        "adapter_digest": answer.adapter_digest,
        "base_digest": answer.base_digest,
    }
