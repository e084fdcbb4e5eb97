"""The OpenAI API's shapes: what is accepted, what is answered, how refusals look."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse

from deployment.backends.base import ChatAnswer
from deployment.gateway.snapshot import Route
from training.engine.prompts import Message

_ROLES = ("system", "user", "assistant")


class RefusalError(Exception):
    """A request that is not answered; becomes an OpenAI-style error body.

    Args:
        status: HTTP status.
        code: stable snake_case.
        message: one plain sentence that repeats nothing of the request.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> JSONResponse:
        """The error body of the OpenAI API."""
        kinds = {401: "authentication_error", 429: "rate_limit_error"}
        default = "invalid_request_error" if self.status < 500 else "server_error"
        headers = {"Cache-Control": "no-store"}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.status == 503:
            headers["Retry-After"] = "5"
        error = {
            "message": self.message,
            "type": kinds.get(self.status, default),
            "param": None,
            "code": self.code,
        }
        return JSONResponse({"error": error}, status_code=self.status, headers=headers)


@dataclass(frozen=True, slots=True)
class ChatCall:
    """A chat request that was understood. `max_tokens` is None where none was asked."""

    model: str
    messages: list[Message]
    max_tokens: int | None
    stream: bool
    stream_usage: bool = False


def parse_chat(body: bytes) -> ChatCall:
    """Understand a request, or raise `RefusalError` with status 400.

    Sampling fields are accepted and have no effect: answers are greedy, so that what was
    evaluated is what answers, and the response says so. More than one answer, tools and parts
    that are not text are refused, because leaving them out would change the meaning.
    """
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise _invalid("The body is not JSON.") from None
    if not isinstance(values, dict) or not isinstance(values.get("model"), str):
        raise _invalid("The body needs the field model.")
    if values.get("n", 1) != 1:
        raise _invalid("Only one answer a request is given: leave out n.")
    if values.get("tools") or values.get("functions"):
        raise _invalid("Tools are not supported.")
    asked = values.get("max_completion_tokens", values.get("max_tokens"))
    if asked is not None and (not isinstance(asked, int) or isinstance(asked, bool) or asked < 1):
        raise _invalid("max_tokens must be a whole number of at least 1.")
    return ChatCall(
        model=values["model"],
        messages=_messages(values.get("messages")),
        max_tokens=asked,
        stream=values.get("stream") is True,
        stream_usage=_include_usage(values.get("stream_options")),
    )


def completion(alias: str, route: Route, answer: ChatAnswer) -> dict[str, Any]:
    """A `chat.completion` with what answered and the advisory label."""
    return {
        **_frame(alias, "chat.completion"),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.text},
                "finish_reason": answer.finish_reason,
            }
        ],
        "usage": _usage(answer),
        "countersign": provenance(route, answer),
    }


def _usage(answer: ChatAnswer) -> dict[str, int]:
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "total_tokens": answer.prompt_tokens + answer.completion_tokens,
    }


def provenance(route: Route, answer: ChatAnswer) -> dict[str, Any]:
    """The advisory label and the identity of what answered."""
    return {
        "advisory": route.label,
        "model_version_id": route.model_version_id,
        "adapter_digest": answer.adapter_digest,
        "base_digest": answer.base_digest,
        "decoding": "greedy",
    }


def stream_events(call: ChatCall, route: Route, answer: ChatAnswer) -> Iterator[bytes]:
    """Server-sent events of the whole answer, which is complete before the first is sent."""
    frame = _frame(call.model, "chat.completion.chunk")
    # As the OpenAI API has it: asked for, every event has the field, the last one its figures.
    usage: dict[str, Any] = {"usage": None} if call.stream_usage else {}
    deltas: list[tuple[Mapping[str, str], str | None]] = [
        ({"role": "assistant", "content": ""}, None),
        ({"content": answer.text}, None),
        ({}, answer.finish_reason),
    ]
    for delta, reason in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        extra = {"countersign": provenance(route, answer)} if reason else {}
        yield _event(json.dumps({**frame, "choices": [choice], **extra, **usage}))
    if call.stream_usage:
        yield _event(json.dumps({**frame, "choices": [], "usage": _usage(answer)}))
    yield _event("[DONE]")


def model_list(aliases: Mapping[str, Route]) -> dict[str, Any]:
    """`GET /v1/models`: the aliases a key may ask."""
    return {
        "object": "list",
        "data": [model_object(alias, route) for alias, route in sorted(aliases.items())],
    }


def model_object(alias: str, route: Route) -> dict[str, Any]:
    """One model as the OpenAI API shows it, with what stands behind the alias."""
    return {
        "id": alias,
        "object": "model",
        "created": 0,
        "owned_by": "countersign",
        "countersign": {
            "advisory": route.label,
            "model_version_id": route.model_version_id,
            "adapter_digest": route.adapter_digest,
        },
    }


def _include_usage(value: Any) -> bool:
    return isinstance(value, dict) and value.get("include_usage") is True


def _messages(value: Any) -> list[Message]:
    if not isinstance(value, list) or not value:
        raise _invalid("The field messages needs at least one message.")
    messages: list[Message] = []
    for message in value:
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            raise _invalid("A message needs a role of system, user or assistant.")
        messages.append({"role": message["role"], "content": _content(message.get("content"))})
    return messages


def _content(value: Any) -> str:
    if isinstance(value, str):
        return _whole(value)
    parts = value if isinstance(value, list) else [None]
    texts = [p.get("text") for p in parts if isinstance(p, dict) and p.get("type") == "text"]
    if len(texts) != len(parts) or not all(isinstance(text, str) for text in texts):
        raise _invalid("The content of a message must be text.")
    return _whole("".join(map(str, texts)))


def _whole(text: str) -> str:
    """JSON can name half a character, which no model can be asked."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _invalid("The content of a message must be text.") from None
    return text


def _frame(alias: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": alias,
    }


def _event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request", message)
