"""Answer gold prompts greedily and score them; every finished item is kept at once."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from evidence.digests import digest_file, digest_of
from training.engine.adapters import digest_adapter_folder, load_adapter, read_settings
from training.engine.base_model import BaseRecord, verify_base
from training.engine.config import EvaluationConfig
from training.engine.events import Emit, EngineError, StoppedError
from training.engine.prompts import EncodedPrompt, encode_prompt
from training.metrics.rouge import rouge_l

if TYPE_CHECKING:
    from training.engine.generation import Answer

_SLOT = "default"


@dataclass(frozen=True, slots=True)
class Item:
    """A gold item. `cluster` is an opaque patient id: intervals resample whole patients."""

    id: str
    cluster: str
    prompt: str
    reference: str


def evaluate(config: EvaluationConfig, emit: Emit, stopping: Callable[[], bool]) -> None:
    """Answer what is not answered yet, batch by batch; then report the mean ROUGE-L F1.

    The first line of the output names the evaluation by digest; answers of another one are
    replaced. Each further line is `{id, cluster, answer, rouge_l, precision, recall,
    prompt_tokens, truncated, answer_tokens, finished}`, scored against the whole reference.

    Raises:
        EngineError: see the codes in this package. StoppedError: asked to stop, work was kept.
    """
    started = time.monotonic()
    items = read_items(config.items)
    record = verify_base(config.base)
    adapter = _adapter_digest(config, record)
    digest = _evaluation_digest(config, record.base_digest, adapter)
    output = Path(config.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _exclusive(output) as stream:
        answered = _reopen(stream, digest)
        emit("started", total=len(items), resumed_from=len(answered), config_digest=digest)
        todo = [item for item in items if item.id not in answered]
        for row in _answers(config, todo, stopping) if todo else ():
            answered[row["id"]] = row
            _append(stream, row)
            emit("item", done=len(answered), total=len(items), rouge_l=row["rouge_l"])
    rows = [answered[item.id] for item in items]
    emit(
        "done",
        items=len(rows),
        rouge_l=sum(row["rouge_l"] for row in rows) / len(rows),
        truncated_prompts=sum(row["truncated"] for row in rows),
        unfinished_answers=sum(not row["finished"] for row in rows),
        output=str(output),
        output_digest=digest_file(output),
        base_digest=record.base_digest,
        tokenizer_digest=record.tokenizer_digest,
        adapter_digest=adapter,
        items_digest=digest_file(config.items),
        config_digest=digest,
        seconds=round(time.monotonic() - started, 3),
    )


def read_items(path: str | Path) -> list[Item]:
    """Read the gold items.

    Raises:
        EngineError: `items_broken`, naming the line and never its text; `items_empty`.
    """
    items: list[Item] = []
    with Path(path).open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                row = json.loads(line)
                item = Item(*(str(row[name]) for name in ("id", "cluster", "prompt", "reference")))
            except (ValueError, KeyError, TypeError):
                raise EngineError(
                    "items_broken", f"Line {number} of the gold items cannot be read."
                ) from None
            items.append(item)
    if not items:
        raise EngineError("items_empty", "There are no gold items to answer.")
    if len({item.id for item in items}) != len(items):
        raise EngineError("items_broken", "Two gold items have the same id.")
    return items


def _adapter_digest(config: EvaluationConfig, record: BaseRecord) -> str | None:
    if config.adapter is None:
        return None
    if read_settings(config.adapter).base_digest != record.base_digest:
        raise EngineError("adapter_mismatch", "The adapter belongs to another base model.")
    return digest_adapter_folder(config.adapter)


def _answers(
    config: EvaluationConfig, items: Sequence[Item], stopping: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    # Torch takes seconds to import and the model to load: not where all is answered already.
    from training.engine.loading import load_base, prepare_torch

    prepare_torch()
    base = load_base(config.base, answering=True)
    model = load_adapter(base.model, config.adapter, _SLOT).eval() if config.adapter else base.model
    for batch in _batches(base.tokenizer, items, config):
        if stopping():
            raise StoppedError
        yield from _answer_batch(model, base.tokenizer, batch, config.max_new_tokens)


def _evaluation_digest(config: EvaluationConfig, base: str, adapter: str | None) -> str:
    return digest_of(
        {
            "kind": "evaluation-config",
            "base": base,
            "adapter": adapter,
            "items": digest_file(config.items),
            "max_prompt_tokens": config.max_prompt_tokens,
            "max_new_tokens": config.max_new_tokens,
            "decoding": "greedy",
        }
    )


def _batches(
    tokenizer: Any, items: Sequence[Item], config: EvaluationConfig
) -> Iterator[list[tuple[Item, EncodedPrompt]]]:
    """Batches of prompts of like length, so that little is spent on padding."""
    encoded = [
        (
            item,
            encode_prompt(
                tokenizer, [{"role": "user", "content": item.prompt}], config.max_prompt_tokens
            ),
        )
        for item in items
    ]
    encoded.sort(key=lambda pair: (len(pair[1].ids), pair[0].id))
    for start in range(0, len(encoded), config.batch_size):
        yield encoded[start : start + config.batch_size]


def _answer_batch(
    model: Any, tokenizer: Any, batch: Sequence[tuple[Item, EncodedPrompt]], limit: int
) -> Iterator[dict[str, Any]]:
    from training.engine.generation import generate  # torch, see above

    prompts = [prompt.ids for _, prompt in batch]
    answers = generate(model, tokenizer, prompts, limits=[limit] * len(prompts))
    for (item, prompt), answer in zip(batch, answers, strict=True):
        yield _row(item, prompt, answer)


def _row(item: Item, prompt: EncodedPrompt, answer: Answer) -> dict[str, Any]:
    score = rouge_l(answer.text, item.reference)
    return {
        "id": item.id,
        "cluster": item.cluster,
        "answer": answer.text,
        "rouge_l": score.f1,
        "precision": score.precision,
        "recall": score.recall,
        "prompt_tokens": len(prompt.ids),
        "truncated": prompt.truncated,
        "answer_tokens": answer.tokens,
        "finished": answer.finished,
    }


def _exclusive(path: Path) -> TextIO:
    # Mode 600: the answers are derived from notes.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    stream = os.fdopen(descriptor, "r+", encoding="utf-8")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        raise EngineError(
            "already_running", "An evaluation into this file is going on. Wait for it to end."
        ) from None
    return stream


def _reopen(stream: TextIO, digest: str) -> dict[str, dict[str, Any]]:
    """Keep the whole lines of the same evaluation, drop a torn last line or another's answers."""
    stream.seek(0)
    lines = stream.read().split("\n")[:-1]
    header = json.dumps({"evaluation": digest})
    rows: dict[str, dict[str, Any]] = {}
    if lines and lines[0] == header:
        rows = {row["id"]: row for row in map(json.loads, lines[1:])}
    stream.seek(0)
    stream.truncate()
    stream.write("\n".join([header, *map(json.dumps, rows.values())]) + "\n")
    stream.flush()
    return rows


def _append(stream: TextIO, row: dict[str, Any]) -> None:
    stream.write(json.dumps(row) + "\n")
    stream.flush()
    os.fsync(stream.fileno())
