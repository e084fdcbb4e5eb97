"""A back-end that answers from a record, where a test needs a wrong one; the gateway is real."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deployment.backends.base import BackendError, ChatAnswer, LoadedAdapter
from deployment.naming import adapter_name
from training.engine.prompts import Message
from training.models import ModelVersion


def held(version: ModelVersion) -> LoadedAdapter:
    """What a serving process states that holds exactly this version."""
    return LoadedAdapter(
        adapter_name(version), version.adapter_digest, version.base_digest, version.tokenizer_digest
    )


@dataclass
class RecordedBackend:
    """Speaks the protocol of `deployment.backends.base.Backend`.

    `adapters` are what it holds by name, `answer` what each of them says, and `stated` what it
    states to hold when it is asked, if that is something else.
    """

    adapters: dict[str, LoadedAdapter]
    answer: str
    stated: LoadedAdapter | None = None
    at_digest: Callable[[], object] | None = None
    asked: list[str] = field(default_factory=list)

    def load(self, name: str, adapter_path: Path, expected_digest: str) -> LoadedAdapter:
        return self._held(name)

    def unload(self, name: str) -> None:
        self.adapters.pop(name, None)

    def list(self) -> Sequence[LoadedAdapter]:
        return tuple(self.adapters.values())

    def chat(self, name: str, messages: Sequence[Message], max_tokens: int) -> ChatAnswer:
        self.asked.append(name)
        found = self._held(name)
        return ChatAnswer(self.answer, 3, 1, "stop", found.adapter_digest, found.base_digest)

    def digest(self, name: str) -> LoadedAdapter:
        if self.at_digest:
            self.at_digest()
        return self.stated or self._held(name)

    def close(self) -> None:
        pass

    def _held(self, name: str) -> LoadedAdapter:
        if name not in self.adapters:
            raise BackendError("model_not_loaded", "The model is not loaded.")
        return self.adapters[name]
