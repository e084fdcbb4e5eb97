"""The interface every back-end offers: load, unload, list, chat, digest, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from training.engine.prompts import Message


class BackendError(Exception):
    """A back-end refused or failed.

    Args:
        code: stable snake_case, e.g. `digest_mismatch`, `model_not_loaded`, `server_unavailable`.
        message: one plain sentence without any text of a note.
        status: the HTTP status that says the same.
    """

    def __init__(self, code: str, message: str, status: int = 503) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class LoadedAdapter:
    """An adapter as the serving process holds it; digests are computed from live tensors."""

    name: str
    adapter_digest: str
    base_digest: str
    tokenizer_digest: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question for an adapter."""

    name: str
    messages: Sequence[Message]
    max_tokens: int


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """One answer. `finish_reason` is `stop` or `length`; digests name what answered."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str
    adapter_digest: str
    base_digest: str


class Backend(Protocol):
    """A place where adapters run under names. Every method raises `BackendError`."""

    def load(self, name: str, adapter_path: Path, expected_digest: str) -> LoadedAdapter:
        """Load an adapter, compare the digest of the held tensors, and only then serve it.

        A name that is taken is replaced after the new adapter was verified. On a mismatch
        (`digest_mismatch`) nothing stays loaded and what served before goes on serving.
        """

    def unload(self, name: str) -> None:
        """Drop an adapter; one that is not loaded is no error."""

    def list(self) -> Sequence[LoadedAdapter]:
        """What is loaded, with the digests computed when it was."""

    def chat(self, name: str, messages: Sequence[Message], max_tokens: int) -> ChatAnswer:
        """Answer greedily."""

    def digest(self, name: str) -> LoadedAdapter:
        """Digests computed now from the tensors held."""

    def close(self) -> None:
        """Close the connections; adapters stay loaded."""
