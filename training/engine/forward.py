"""The forward pass over packed examples, and its loss."""

from __future__ import annotations

from typing import Any

import torch

from training.engine.packing import IGNORED, Pack


def pack_loss(model: Any, pack: Pack) -> torch.Tensor:
    """Mean cross-entropy over the pack's answer tokens.

    Logits are computed only where an answer token follows: with 49,000 words they would
    otherwise be most of a step's memory.
    """
    place = next(model.parameters()).device
    labels = torch.tensor(pack.labels[1:], device=place)
    predicting = torch.nonzero(labels != IGNORED).squeeze(-1)
    logits = packed_logits(model, pack, predicting)
    return torch.nn.functional.cross_entropy(logits.float(), labels[predicting])


def packed_logits(model: Any, pack: Pack, positions: torch.Tensor) -> torch.Tensor:
    """Logits `(len(positions), vocabulary)` at some positions of a pack.

    No `attention_mask` and no cache: only then does transformers keep the examples apart.
    """
    place = next(model.parameters()).device
    answer = model(
        input_ids=torch.tensor([pack.input_ids], device=place),
        position_ids=torch.tensor([pack.position_ids], device=place),
        use_cache=False,
        logits_to_keep=positions,
    )
    logits: torch.Tensor = answer.logits[0]
    return logits
