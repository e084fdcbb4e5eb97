"""Client of the embedded model server, over its unix socket."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from deployment.backends.base import BackendError, ChatAnswer, LoadedAdapter
from training.engine.prompts import Message

# A first load brings torch and the base model into memory; a long answer on a CPU takes a minute.
PATIENCE = 180.0


class TransformersBackend:
    """The embedded back-end. Safe to share between threads; close it when done.

    Args:
        socket: path of the server's unix socket (`COUNTERSIGN_MODEL_SOCKET`).
        patience: seconds to wait for an answer.
    """

    def __init__(self, socket: str | Path, patience: float = PATIENCE) -> None:
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)),
            base_url="http://model-server",
            timeout=httpx.Timeout(patience, connect=5.0),
        )

    def load(self, name: str, adapter_path: Path, expected_digest: str) -> LoadedAdapter:
        """See `Backend.load`."""
        body = {
            "name": name,
            "adapter_path": str(adapter_path),
            "expected_digest": expected_digest,
        }
        return _adapter(self._call("POST", "/adapters", body))

    def unload(self, name: str) -> None:
        """See `Backend.unload`."""
        self._call("DELETE", f"/adapters/{quote(name, safe='')}")

    def list(self) -> Sequence[LoadedAdapter]:
        """See `Backend.list`."""
        return [_adapter(row) for row in self._call("GET", "/adapters")["adapters"]]

    def chat(self, name: str, messages: Sequence[Message], max_tokens: int) -> ChatAnswer:
        """See `Backend.chat`."""
        body = {"model": name, "messages": list(messages), "max_tokens": max_tokens}
        answer = self._call("POST", "/v1/chat/completions", body)
        choice = answer["choices"][0]
        return ChatAnswer(
            text=choice["message"]["content"],
            prompt_tokens=answer["usage"]["prompt_tokens"],
            completion_tokens=answer["usage"]["completion_tokens"],
            finish_reason=choice["finish_reason"],
            adapter_digest=answer["adapter_digest"],
            base_digest=answer["base_digest"],
        )

    def digest(self, name: str) -> LoadedAdapter:
        """See `Backend.digest`."""
        return _adapter(self._call("GET", f"/digest/{quote(name, safe='')}"))

    def health(self) -> dict[str, Any]:
        """`{status: ok|degraded|restoring, detail, base, adapters}`."""
        return self._call("GET", "/health")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, json=body)
        except httpx.TimeoutException:
            raise BackendError(
                "server_timeout", "The model server did not answer in time. Try again later.", 504
            ) from None
        except httpx.TransportError:
            raise BackendError(
                "server_unavailable", "The model server is not running. Try again in a moment."
            ) from None
        try:
            answer: dict[str, Any] = response.json()
            if response.is_success:
                return answer
            error = answer["error"]
            refusal = BackendError(error["code"], error["message"], response.status_code)
        except (ValueError, KeyError, TypeError):
            raise BackendError(
                "server_broken", "The model server gave an answer that cannot be read.", 502
            ) from None
        raise refusal


def _adapter(row: dict[str, Any]) -> LoadedAdapter:
    return LoadedAdapter(
        name=row["name"],
        adapter_digest=row["adapter_digest"],
        base_digest=row["base_digest"],
        tokenizer_digest=row["tokenizer_digest"],
    )
