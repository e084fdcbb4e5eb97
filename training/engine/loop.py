"""The LoRA training loop: deterministic, resumable, and silent about what it reads."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import torch

from evidence.digests import digest_file
from training.engine.adapters import (
    RECORD_NAME,
    adapter_tensors,
    digest_adapter_folder,
    export_adapter,
    live_settings,
    load_adapter,
    new_adapter,
    read_settings,
)
from training.engine.base_model import LoadedBase, verify_base
from training.engine.checkpoints import newest_checkpoint, restore_checkpoint, save_checkpoint
from training.engine.config import TrainingConfig, training_config_digest
from training.engine.events import Emit, EngineError, StoppedError
from training.engine.forward import pack_loss
from training.engine.loading import load_base, prepare_torch
from training.engine.packing import (
    IGNORED,
    EncodedSet,
    Pack,
    build_pack,
    encode_examples,
    plan_epoch,
    read_examples,
)
from training.engine.schedule import effective_warmup, learning_rate, plan_steps

SLOT = "default"
_MAX_GRADIENT_NORM = 1.0


@dataclass
class _Run:
    """What the steps share."""

    config: TrainingConfig
    config_digest: str
    model: Any
    parameters: dict[str, torch.nn.Parameter]
    optimizer: torch.optim.Optimizer
    data: EncodedSet
    steps: list[list[int]]
    validation: list[Pack]
    emit: Emit
    tokens: int = 0


def train(config: TrainingConfig, emit: Emit, stopping: Callable[[], bool]) -> None:
    """Train to the end, or raise `StoppedError` after a checkpoint when `stopping()` holds.

    Continues from the newest whole checkpoint of the same configuration; a run that has
    finished reports its result again.

    Raises:
        EngineError: see the codes in this package. StoppedError: asked to stop, work was kept.
    """
    started = time.monotonic()
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)
    with (output / ".lock").open("w") as lock:
        _lock(lock)
        base_digest = verify_base(config.base).base_digest
        digest = training_config_digest(
            config,
            base_digest=base_digest,
            init_adapter_digest=(
                digest_adapter_folder(config.init_adapter) if config.init_adapter else None
            ),
        )
        finished = _finished(output / "adapter", digest)
        if finished is not None:
            emit("done", **finished, seconds=0.0)
            return
        prepare_torch()
        base = load_base(config.base)
        run = _prepare(config, digest, base, emit)
        _steps(run, started, stopping)
        record = _export(run, base, output / "adapter")
        emit("done", **record, seconds=round(time.monotonic() - started, 3))
        shutil.rmtree(output / "checkpoints", ignore_errors=True)


def _prepare(config: TrainingConfig, digest: str, base: LoadedBase, emit: Emit) -> _Run:
    data = encode_examples(base.tokenizer, read_examples(config.dataset), config.example_limit)
    validation = _validation_packs(config, base)
    torch.manual_seed(config.seed)
    if config.init_adapter:
        model = load_adapter(base.model, config.init_adapter, SLOT)
        _check_same_shape(config, model, base.record.base_digest)
    else:
        model = new_adapter(
            base.model, rank=config.rank, alpha=config.alpha, dropout=config.dropout, slot=SLOT
        )
    parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        parameters.values(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    return _Run(
        config=config,
        config_digest=digest,
        model=model,
        parameters=parameters,
        optimizer=optimizer,
        data=data,
        steps=plan_steps(data.lengths, config),
        validation=validation,
        emit=emit,
    )


def _steps(run: _Run, started: float, stopping: Callable[[], bool]) -> None:
    root = Path(run.config.output) / "checkpoints"
    checkpoint = newest_checkpoint(root, run.config_digest)
    first = 1
    if checkpoint is not None:
        restore_checkpoint(checkpoint, parameters=run.parameters, optimizer=run.optimizer)
        first, run.tokens = checkpoint.step + 1, checkpoint.tokens
    total = len(run.steps)
    run.emit("started", **_start_facts(run, first - 1))
    if run.validation and first == 1:
        _validate(run, 0)
    saved = first - 1
    for step in range(first, total + 1):
        if stopping():
            _save(run, root, step - 1, saved)
            raise StoppedError
        begun = time.monotonic()
        loss, rate = _one_step(run, step)
        seconds = time.monotonic() - begun
        tokens = sum(run.data.lengths[index] for index in run.steps[step - 1])
        run.tokens += tokens
        run.emit(
            "step",
            step=step,
            total_steps=total,
            loss=loss,
            lr=rate,
            tokens=run.tokens,
            tokens_per_second=round(tokens / seconds, 1),
            seconds=round(time.monotonic() - started, 3),
        )
        if step % run.config.checkpoint_every == 0 and step < total:
            _save(run, root, step, saved)
            saved = step
        if run.validation and _validation_due(run.config, step, total):
            _validate(run, step)


def _one_step(run: _Run, step: int) -> tuple[float, float]:
    rate = learning_rate(run.config, step, len(run.steps))
    for group in run.optimizer.param_groups:
        group["lr"] = rate
    # Dropout draws from a seed of the step's own, so that a resumed run draws the same.
    torch.manual_seed(run.config.seed * 1_000_003 + step)
    run.model.train()
    pack = build_pack([run.data.examples[index] for index in run.steps[step - 1]])
    loss = pack_loss(run.model, pack)
    value = float(loss.detach())
    if not torch.isfinite(loss):
        raise EngineError(
            "loss_not_finite",
            "The loss is no longer a number. The last checkpoint was kept; lower learning_rate.",
        )
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.parameters.values(), _MAX_GRADIENT_NORM)
    run.optimizer.step()
    run.optimizer.zero_grad(set_to_none=True)
    return value, rate


def _validate(run: _Run, step: int) -> None:
    run.model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for pack in run.validation:
            learnt = sum(label != IGNORED for label in pack.labels)
            total += float(pack_loss(run.model, pack)) * learnt
            count += learnt
    run.emit("validation", step=step, loss=total / count)


def _validation_packs(config: TrainingConfig, base: LoadedBase) -> list[Pack]:
    if config.validation is None:
        return []
    data = encode_examples(base.tokenizer, read_examples(config.validation), config.example_limit)
    packs: list[Pack] = []
    used = 0
    for indexes in plan_epoch(data.lengths, config.tokens_per_step, seed=config.seed, epoch=0):
        used += sum(data.lengths[index] for index in indexes)
        if packs and used > config.validation_tokens:
            break
        packs.append(build_pack([data.examples[index] for index in indexes]))
    return packs


def _validation_due(config: TrainingConfig, step: int, total: int) -> bool:
    every = config.validate_every
    return step == total or (every > 0 and step % every == 0)


def _save(run: _Run, root: Path, step: int, saved: int) -> None:
    if step == saved:  # nothing new since the last one, or nothing at all
        return
    save_checkpoint(
        root,
        step=step,
        tokens=run.tokens,
        config_digest=run.config_digest,
        parameters=run.parameters,
        optimizer=run.optimizer,
    )
    run.emit("checkpoint", step=step)


def _start_facts(run: _Run, resumed_from: int) -> dict[str, Any]:
    return {
        "total_steps": len(run.steps),
        "resumed_from": resumed_from,
        "examples": len(run.data.examples),
        "truncated_examples": run.data.truncated,
        "skipped_examples": run.data.skipped,
        # Over all planned steps: a limit of steps ends a run before its epochs do.
        "examples_planned": sum(len(step) for step in run.steps),
        "warmup_steps": effective_warmup(run.config, len(run.steps)),
        "trainable_parameters": sum(p.numel() for p in run.parameters.values()),
        "base_parameters": sum(
            p.numel() for name, p in run.model.named_parameters() if ".lora_" not in name
        ),
        "dtype": str(run.model.dtype).removeprefix("torch."),
        "device": run.model.device.type,
        "config_digest": run.config_digest,
    }


def _export(run: _Run, base: LoadedBase, folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = {
        "base_digest": base.record.base_digest,
        "tokenizer_digest": base.record.tokenizer_digest,
        "config_digest": run.config_digest,
        "dataset_digest": digest_file(run.config.dataset),
        "steps": len(run.steps),
        "tokens": run.tokens,
    }
    digest = export_adapter(
        folder,
        tensors=adapter_tensors(run.model, SLOT),
        settings=live_settings(run.model, SLOT, base.record.base_digest),
        record=record,
    )
    return {**record, "adapter_path": str(folder), "adapter_digest": digest}


def _finished(folder: Path, config_digest: str) -> dict[str, Any] | None:
    """The result of a run that ended, if it was this one and its adapter is unchanged."""
    try:
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
        same = record["config_digest"] == config_digest
        if same and digest_adapter_folder(folder) == record["adapter_digest"]:
            return {**record, "adapter_path": str(folder)}
    except (OSError, ValueError, KeyError, TypeError, EngineError):
        pass
    return None


def _check_same_shape(config: TrainingConfig, model: Any, base_digest: str) -> None:
    settings = live_settings(model, SLOT, base_digest)
    if read_settings(str(config.init_adapter)).base_digest != base_digest:
        raise EngineError(
            "adapter_mismatch", "The adapter to continue from belongs to another base model."
        )
    if (settings.rank, settings.alpha) != (config.rank, config.alpha):
        raise EngineError(
            "adapter_mismatch",
            "The adapter to continue from has another rank or alpha. Use its values.",
        )


def _lock(stream: TextIO) -> None:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EngineError(
            "already_running", "A run with this output folder is going on. Wait for it to end."
        ) from None
