"""Learning rate and step plan of a run: pure arithmetic, so that a resumed run recomputes it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from training.engine.config import TrainingConfig
from training.engine.packing import plan_epoch

# A run shorter than ten times the asked warm-up would otherwise spend itself warming up.
_WARMUP_SHARE = 10


def plan_steps(lengths: Sequence[int], config: TrainingConfig) -> list[list[int]]:
    """Indexes of the examples of every step, over all epochs, cut at `max_steps`."""
    steps: list[list[int]] = []
    for epoch in range(config.epochs):
        steps += plan_epoch(lengths, config.tokens_per_step, seed=config.seed, epoch=epoch)
        if config.max_steps is not None and len(steps) >= config.max_steps:
            return steps[: config.max_steps]
    return steps


def effective_warmup(config: TrainingConfig, total_steps: int) -> int:
    """Warm-up steps that are really used: what is asked, at most a tenth of the run."""
    return min(config.warmup_steps, max(1, total_steps // _WARMUP_SHARE))


def learning_rate(config: TrainingConfig, step: int, total_steps: int) -> float:
    """Learning rate of a step, counted from 1; linear warm-up, then cosine or linear to 0."""
    warmup = effective_warmup(config, total_steps)
    if step <= warmup:
        return config.learning_rate * step / warmup
    done = (step - warmup) / (total_steps - warmup + 1)
    if config.schedule == "linear":
        return config.learning_rate * (1.0 - done)
    return config.learning_rate * 0.5 * (1.0 + math.cos(math.pi * done))
