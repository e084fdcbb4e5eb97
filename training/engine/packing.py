"""Fill each training step with whole examples that cannot see one another.

Packed examples share one row of tokens. transformers derives the block-diagonal attention mask
from `position_ids` that restart at 0, but only when no `attention_mask` is given and `use_cache`
is off; otherwise the examples attend to each other without a warning. A test compares packed
with unpacked logits.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.engine.events import EngineError
from training.engine.prompts import encode_answer, encode_prompt

IGNORED = -100
# How many half-filled steps stay open while examples are placed: enough to fill steps well,
# few enough that the shuffled order survives.
_OPEN_STEPS = 16


@dataclass(frozen=True, slots=True)
class EncodedExample:
    """Token ids of prompt and answer; the first `prompt_length` of them are not learnt."""

    ids: list[int]
    prompt_length: int


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """A dataset as tokens, and what did not fit."""

    examples: list[EncodedExample]
    truncated: int
    skipped: int

    @property
    def lengths(self) -> list[int]:
        """Length of each example in tokens."""
        return [len(example.ids) for example in self.examples]


@dataclass(frozen=True, slots=True)
class Pack:
    """One step's tokens; each list has the same length. Labels are shifted by the model's loss."""

    input_ids: list[int]
    position_ids: list[int]
    labels: list[int]


def read_examples(path: str | Path) -> list[dict[str, str]]:
    """Read the guide's JSONL of `instruction` and `response`.

    Raises:
        EngineError: `dataset_broken`, naming the line and never its text; `dataset_empty`.
    """
    examples = []
    with Path(path).open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                example = {name: row[name] for name in ("instruction", "response")}
            except (ValueError, KeyError, TypeError):
                raise _broken(number) from None
            if not all(isinstance(text, str) and text.strip() for text in example.values()):
                raise _broken(number)
            examples.append(example)
    if not examples:
        raise EngineError("dataset_empty", "The dataset holds no examples. Build it again.")
    return examples


def encode_examples(tokenizer: Any, examples: Sequence[dict[str, str]], limit: int) -> EncodedSet:
    """Encode examples to at most `limit` tokens each.

    A note that is too long loses its end, never its answer; an answer that alone passes the
    limit is left out. Both are counted, so that a report can say so.
    """
    encoded: list[EncodedExample] = []
    truncated = skipped = 0
    for example in examples:
        answer = encode_answer(tokenizer, example["response"])
        try:
            prompt = encode_prompt(
                tokenizer,
                [{"role": "user", "content": example["instruction"]}],
                limit - len(answer),
            )
        except EngineError as error:
            if error.code != "prompt_too_long":
                raise
            skipped += 1
            continue
        truncated += prompt.truncated
        encoded.append(EncodedExample(prompt.ids + answer, len(prompt.ids)))
    if not encoded:
        raise EngineError(
            "nothing_fits", "No example fits into the token limit. Raise tokens_per_step."
        )
    return EncodedSet(encoded, truncated, skipped)


def plan_epoch(lengths: Sequence[int], budget: int, *, seed: int, epoch: int) -> list[list[int]]:
    """Which examples each step of an epoch holds: shuffled, then first fit.

    Args:
        lengths: tokens of each example, none above `budget`.
        budget: tokens a step may hold.

    Returns:
        Indexes into `lengths`; each appears exactly once.
    """
    order = list(range(len(lengths)))
    random.Random(f"{seed}/{epoch}").shuffle(order)  # noqa: S311 - an order, not a secret
    closed: list[list[int]] = []
    bins: list[list[int]] = []
    room: list[int] = []
    for index in order:
        place = next((i for i, free in enumerate(room) if free >= lengths[index]), None)
        if place is None:
            if len(bins) == _OPEN_STEPS:
                fullest = room.index(min(room))
                closed.append(bins.pop(fullest))
                room.pop(fullest)
            bins.append([])
            room.append(budget)
            place = len(bins) - 1
        bins[place].append(index)
        room[place] -= lengths[index]
    return closed + bins


def build_pack(examples: Sequence[EncodedExample]) -> Pack:
    """Lay examples end to end; positions restart with each, and its first label is masked.

    Without that mask the last token of one example would be asked to predict the next example.
    """
    input_ids: list[int] = []
    position_ids: list[int] = []
    labels: list[int] = []
    for example in examples:
        masked = max(1, example.prompt_length)
        input_ids += example.ids
        position_ids += range(len(example.ids))
        labels += [IGNORED] * masked + example.ids[masked:]
    return Pack(input_ids, position_ids, labels)


def _broken(number: int) -> EngineError:
    return EngineError(
        "dataset_broken",
        f"Line {number} of the dataset is not an example. Build the dataset again.",
    )
