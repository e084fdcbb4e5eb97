"""Greedy answers in batches, with any mixture of adapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Answer:
    """A generated answer. `tokens` counts the end of turn; `finished` says it was reached."""

    text: str
    tokens: int
    finished: bool


def generate(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    *,
    limits: Sequence[int],
    slots: Sequence[str] | None = None,
) -> list[Answer]:
    """Greedy answers to prompts given as token ids, as one left-padded batch.

    Args:
        model: a transformers model, or a PEFT model when `slots` is given.
        prompts: token ids up to the start of the answer.
        limits: most new tokens of each answer. The batch runs to the highest and each answer is
            cut at its own, which with greedy decoding is the same answer.
        slots: the adapter of each prompt.
    """
    place = model.device
    width = max(map(len, prompts))
    pad, end = int(tokenizer.pad_token_id), int(tokenizer.eos_token_id)
    rows = [[pad] * (width - len(prompt)) + list(prompt) for prompt in prompts]
    mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    extra = {"adapter_names": list(slots)} if slots is not None else {}
    with torch.inference_mode():
        output = model.generate(
            input_ids=torch.tensor(rows, device=place),
            attention_mask=torch.tensor(mask, device=place),
            max_new_tokens=max(limits),
            do_sample=False,
            num_beams=1,
            pad_token_id=pad,
            eos_token_id=end,
            **extra,
        )
    return [
        _answer(tokenizer, row[width : width + limit], end)
        for row, limit in zip(output.tolist(), limits, strict=True)
    ]


def _answer(tokenizer: Any, ids: list[int], end: int) -> Answer:
    finished = end in ids
    kept = ids[: ids.index(end)] if finished else ids
    text = tokenizer.decode(kept, skip_special_tokens=True).strip()
    return Answer(text=text, tokens=len(kept) + finished, finished=finished)
