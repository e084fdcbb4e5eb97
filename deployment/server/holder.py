"""What the server holds: one base and its adapters. Not thread-safe: the worker owns it.

An adapter is served under its name only after the digest of the tensors in memory, its scaling
and its base were found equal to what was expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.backends.base import BackendError, ChatAnswer, ChatRequest, LoadedAdapter
from training.engine.adapters import (
    digest_live_adapter,
    load_adapter,
    read_settings,
    remove_adapter,
)
from training.engine.base_model import BaseRecord, LoadedBase, live_base_digest
from training.engine.events import EngineError
from training.engine.generation import generate
from training.engine.loading import load_base, prepare_torch
from training.engine.prompts import encode_prompt
from training.engine.tensor_digest import TensorDigestError


@dataclass(frozen=True, slots=True)
class _Held:
    slot: str
    adapter: LoadedAdapter


class ModelHolder:
    """Base and adapters in memory.

    Args:
        models: folder with one folder for each prepared base.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._base: LoadedBase | None = None
        self._model: Any = None
        self._held: dict[str, _Held] = {}
        self._slots = 0

    @property
    def adapters(self) -> list[LoadedAdapter]:
        """What is served now."""
        return [held.adapter for held in self._held.values()]

    @property
    def base(self) -> BaseRecord | None:
        """Record of the base in memory, None before the first load."""
        return self._base.record if self._base else None

    def load(self, name: str, path: Path, expected_digest: str) -> LoadedAdapter:
        """Load, compare, then serve; on a mismatch drop it and leave what served before.

        Raises:
            BackendError: `digest_mismatch`, `base_missing`, `base_changed`, `base_in_use`,
                `adapter_missing`, `adapter_broken`, `adapter_unsupported`.
        """
        try:
            wanted = read_settings(path).base_digest
            base = self._ensure_base(wanted)
            self._slots += 1
            slot = f"slot{self._slots}"
            try:
                self._model = load_adapter(self._model, path, slot)
                self._model.eval()
                adapter = self._state(name, slot, base)
            except (EngineError, BackendError):
                self._drop(slot)
                raise
        except EngineError as error:
            raise BackendError(error.code, error.message, 409) from None
        if adapter.adapter_digest != expected_digest:
            self._drop(slot)
            raise BackendError(
                "digest_mismatch",
                "The loaded adapter is not the approved one. It was dropped; what served before "
                "goes on.",
                409,
            )
        previous = self._held.get(name)
        self._held[name] = _Held(slot, adapter)
        if previous is not None:
            self._drop(previous.slot)
        return adapter

    def unload(self, name: str) -> None:
        """Stop serving a name and free its adapter."""
        held = self._held.pop(name, None)
        if held is not None:
            self._drop(held.slot)

    def digest(self, name: str) -> LoadedAdapter:
        """Digests computed now. Raises `BackendError` `model_not_loaded` or `model_changed`."""
        held = self._find(name)
        assert self._base is not None  # something is held, so its base is
        return self._state(name, held.slot, self._base)

    def chat(self, requests: Sequence[ChatRequest]) -> list[ChatAnswer | BackendError]:
        """Answer several requests as one batch; a bad one gets its error, the others answers."""
        results: dict[int, ChatAnswer | BackendError] = {}
        ready: list[tuple[int, _Held, list[int], int]] = []
        for index, request in enumerate(requests):
            try:
                held = self._find(request.name)
                ready.append((index, held, self._encode(request), request.max_tokens))
            except BackendError as error:
                results[index] = error
        if ready:
            assert self._base is not None  # something is held, so its base is
            answers = generate(
                self._model,
                self._base.tokenizer,
                [ids for _, _, ids, _ in ready],
                limits=[limit for *_, limit in ready],
                slots=[held.slot for _, held, _, _ in ready],
            )
            for (index, held, ids, _), answer in zip(ready, answers, strict=True):
                results[index] = ChatAnswer(
                    text=answer.text,
                    prompt_tokens=len(ids),
                    completion_tokens=answer.tokens,
                    finish_reason="stop" if answer.finished else "length",
                    adapter_digest=held.adapter.adapter_digest,
                    base_digest=held.adapter.base_digest,
                )
        return [results[index] for index in range(len(requests))]

    def _encode(self, request: ChatRequest) -> list[int]:
        assert self._base is not None  # the name was found, so its base is held
        room = int(self._base.model.config.max_position_embeddings) - request.max_tokens
        try:
            ids = encode_prompt(self._base.tokenizer, request.messages).ids
        except EngineError as error:
            raise BackendError(error.code, error.message, 400) from None
        if len(ids) > room:
            raise BackendError(
                "context_length_exceeded",
                f"The messages have {len(ids)} tokens; at most {max(room, 0)} fit. Shorten them.",
                400,
            )
        return ids

    def _find(self, name: str) -> _Held:
        held = self._held.get(name)
        if held is None:
            raise BackendError("model_not_loaded", "No adapter of that name is loaded.", 404)
        return held

    def _state(self, name: str, slot: str, base: LoadedBase) -> LoadedAdapter:
        try:
            base_digest = live_base_digest(base, self._model.get_base_model())
            return LoadedAdapter(
                name=name,
                adapter_digest=digest_live_adapter(self._model, slot, base_digest),
                base_digest=base_digest,
                tokenizer_digest=base.record.tokenizer_digest,
            )
        except (EngineError, TensorDigestError):
            raise BackendError(
                "model_changed", "The held weights are no longer those that were loaded.", 409
            ) from None

    def _ensure_base(self, digest: str) -> LoadedBase:
        if self._base is not None and self._base.record.base_digest == digest:
            return self._base
        if self._held:
            raise BackendError(
                "base_in_use",
                "Adapters of another base model are being served. Unload them first.",
                409,
            )
        folder = next((f for f, r in prepared_bases(self._models) if r.base_digest == digest), None)
        if folder is None:
            raise BackendError(
                "base_missing", "The adapter's base model is not prepared here.", 409
            )
        prepare_torch()
        base = load_base(folder, answering=True)
        if live_base_digest(base) != digest:
            raise BackendError("base_changed", "The base model's weights were changed.", 409)
        self._base, self._model = base, base.model
        return base

    def _drop(self, slot: str) -> None:
        """Free an adapter; without any, the bare base model remains."""
        adapted = self._base is not None and self._model is not self._base.model
        if adapted and slot in self._model.peft_config:
            self._model = remove_adapter(self._model, slot)


def prepared_bases(models: Path) -> list[tuple[Path, BaseRecord]]:
    """The prepared bases under a folder; unreadable ones are left out."""
    found = []
    for path in sorted(models.glob("*/base.json")):
        try:
            found.append((path.parent, BaseRecord.read(path.parent)))
        except EngineError:
            continue
    return found
