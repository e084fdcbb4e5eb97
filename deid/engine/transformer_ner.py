"""A transformer from a local folder in the place of the tagger.

The folder holds a token classifier as ``transformers`` saves it, and ``labels.json`` beside it: an
object from the model's own labels, with or without ``B-`` and ``I-``, to those of
``deid.engine.ner.LABELS``; what it leaves out is kept. Nothing is ever fetched from a network.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deid.engine.ner_floors import LABELS
from deid.engine.tagger import Entity
from evidence.digests import digest_file, digest_of

#: Word pieces that neighbouring windows share, so that no name stands at an edge only.
_OVERLAP = 32
_MOST_PIECES = 512


class TransformerError(ValueError):
    """The folder holds no usable token classifier. The message says what is wrong."""


class TransformerNer:
    """A token classifier as a ``NerModel``."""

    name = "transformer"

    def __init__(self, folder: Path, device: str = "cpu", batch_size: int = 8) -> None:
        """Check folder and mapping. Raises ``TransformerError``; the weights load later.

        ``device`` is a device of torch, such as ``cpu`` or ``cuda:0``.
        """
        self._folder, self._device, self._batch = folder, device, batch_size
        self._mapping = _mapping(folder)
        self._parts: tuple[Any, Any, Any, list[str]] | None = None
        files = sorted(p for p in folder.iterdir() if p.is_file())
        self.version = f"transformer-sha256:{digest_of({p.name: digest_file(p) for p in files})}"

    def load(self) -> None:
        """Load tokenizer and weights. Raises ``TransformerError`` if they do not fit."""
        self._loaded()

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Entities of each text with the probability of their class."""
        return [self._entities(text) if text.strip() else [] for text in texts]

    def _loaded(self) -> tuple[Any, Any, Any, list[str]]:
        if self._parts is None:
            # Heavy, and only for installations that chose such a model.
            import torch
            from transformers import AutoModelForTokenClassification, AutoTokenizer

            try:
                pieces = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
                model = AutoModelForTokenClassification.from_pretrained(
                    self._folder, local_files_only=True
                )
                model.to(self._device).eval()
            except (OSError, ValueError, RuntimeError) as problem:
                message = f"{self._folder.name} cannot be loaded: {problem}"
                raise TransformerError(message) from problem
            if not pieces.is_fast:
                raise TransformerError(f"{self._folder.name} needs a fast tokenizer for offsets.")
            own = [model.config.id2label[i] for i in range(model.config.num_labels)]
            self._parts = torch, pieces, model, self._translated(own)
        return self._parts

    def _translated(self, own: Sequence[str]) -> list[str]:
        bare = [label.removeprefix("B-").removeprefix("I-") for label in own]
        unknown = set(self._mapping) - set(bare) - set(own)
        if unknown:
            listed = ", ".join(sorted(unknown))
            raise TransformerError(f"labels.json names labels that the model lacks: {listed}.")
        return [
            self._mapping.get(full, self._mapping.get(short, "O"))
            for full, short in zip(own, bare, strict=True)
        ]

    def _entities(self, text: str) -> list[Entity]:
        torch, pieces, model, labels = self._loaded()
        limit = min(_MOST_PIECES, model.config.max_position_embeddings)
        coded = pieces(
            text, truncation=True, max_length=limit, stride=min(_OVERLAP, limit // 4),
            return_overflowing_tokens=True, return_offsets_mapping=True, padding=True,
            return_tensors="pt",
        )  # fmt: skip
        best: dict[tuple[int, int], tuple[float, str]] = {}
        for start in range(0, len(coded["input_ids"]), self._batch):
            window = slice(start, start + self._batch)
            inputs = {
                k: v[window].to(self._device)
                for k, v in coded.items()
                if k in {"input_ids", "attention_mask", "token_type_ids"}
            }
            with torch.no_grad():
                chances = model(**inputs).logits.softmax(-1).cpu().tolist()
            spans = coded["offset_mapping"][window].tolist()
            for bounds, chance, label in _judged(spans, chances, labels):
                best[bounds] = max(best.get(bounds, (0.0, label)), (chance, label))
        return list(_joined(text, best))


def _mapping(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise TransformerError(f"{folder.name} is no folder.")
    try:
        mapping = json.loads((folder / "labels.json").read_text("utf-8"))
    except OSError as problem:
        raise TransformerError(f"{folder.name} has no labels.json beside the model.") from problem
    except ValueError as problem:
        raise TransformerError(f"labels.json in {folder.name} is no JSON.") from problem
    if not isinstance(mapping, dict) or not mapping:
        raise TransformerError(f"labels.json in {folder.name} must be an object with labels.")
    wrong = sorted({str(v) for v in mapping.values()} - set(LABELS))
    if wrong:
        raise TransformerError(f"labels.json maps to {', '.join(wrong)}; use {', '.join(LABELS)}.")
    return mapping


def _judged(
    spans: Sequence[Sequence[Sequence[int]]],
    chances: Sequence[Sequence[Sequence[float]]],
    labels: Sequence[str],
) -> Iterator[tuple[tuple[int, int], float, str]]:
    """Each word piece that may identify: the classes of one label are summed."""
    for row, row_chances in zip(spans, chances, strict=True):
        for (start, end), piece in zip(row, row_chances, strict=True):
            sums: dict[str, float] = {}
            for label, chance in zip(labels, piece, strict=True):
                sums[label] = sums.get(label, 0.0) + chance
            sums.pop("O", None)
            if end > start and sums:
                label = max(sums, key=lambda one: sums[one])
                yield (start, end), sums[label], label


def _joined(text: str, pieces: dict[tuple[int, int], tuple[float, str]]) -> Iterator[Entity]:
    """Neighbouring word pieces of one label as one entity; a piece of a word takes all of it."""
    open_one: Entity | None = None
    for (start, end), (chance, label) in sorted(pieces.items()):
        if chance < 0.1:
            continue
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        if open_one and label == open_one.label and not text[open_one.end : start].strip(" .-'"):
            open_one = Entity(
                open_one.start, max(end, open_one.end), label, max(chance, open_one.score)
            )
            continue
        if open_one:
            yield open_one
        open_one = Entity(start, end, label, chance)
    if open_one:
        yield open_one
