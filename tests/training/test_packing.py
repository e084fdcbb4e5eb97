"""Packing: whole examples, each alone in its block, only answers learnt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.tiny import tiny_tokenizer
from training.engine.base_model import LoadedBase
from training.engine.events import EngineError
from training.engine.forward import packed_logits
from training.engine.packing import (
    IGNORED,
    build_pack,
    encode_examples,
    plan_epoch,
    read_examples,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 50), max_size=80), st.integers(0, 9), st.integers(0, 9))
def test_every_example_is_planned_once_and_no_step_overflows(
    lengths: list[int], seed: int, epoch: int
) -> None:
    plan = plan_epoch(lengths, 50, seed=seed, epoch=epoch)
    assert sorted(index for step in plan for index in step) == list(range(len(lengths)))
    assert all(sum(lengths[index] for index in step) <= 50 for step in plan)
    assert plan == plan_epoch(lengths, 50, seed=seed, epoch=epoch)


def test_steps_are_filled_well() -> None:
    lengths = [10 + index % 31 for index in range(400)]
    plan = plan_epoch(lengths, 128, seed=1, epoch=0)
    assert sum(lengths) / (len(plan) * 128) > 0.9


def test_packed_examples_cannot_see_one_another(loaded: LoadedBase, dataset: Path) -> None:
    data = encode_examples(loaded.tokenizer, read_examples(dataset)[:3], 128)
    pack = build_pack(data.examples)
    together = packed_logits(loaded.model, pack, torch.arange(len(pack.input_ids)))
    apart = torch.cat(
        [
            packed_logits(loaded.model, build_pack([one]), torch.arange(len(one.ids)))
            for one in data.examples
        ]
    )
    assert torch.allclose(together, apart, atol=1e-4)
    # The same tokens as one long example do differ, so the comparison above can fail.
    joined = packed_logits(
        loaded.model,
        type(pack)(pack.input_ids, list(range(len(pack.input_ids))), pack.labels),
        torch.arange(len(pack.input_ids)),
    )
    assert not torch.allclose(joined, apart, atol=1e-2)


def test_only_answers_are_learnt(dataset: Path) -> None:
    tokenizer = tiny_tokenizer()
    examples = read_examples(dataset)[:2]
    pack = build_pack(encode_examples(tokenizer, examples, 128).examples)
    learnt = tokenizer.decode([label for label in pack.labels if label != IGNORED])
    assert learnt == "".join(example["response"] + "<|im_end|>" for example in examples)


def test_a_long_note_loses_its_end_and_is_counted() -> None:
    tokenizer = tiny_tokenizer()
    example = {"instruction": "fever " * 100, "response": "rest fluids"}
    data = encode_examples(tokenizer, [example], 64)
    text = tokenizer.decode(data.examples[0].ids)
    assert (data.truncated, data.skipped, len(data.examples[0].ids)) == (1, 0, 64)
    assert text.endswith("<|im_start|>assistant\nrest fluids<|im_end|>")


def test_an_answer_that_cannot_fit_is_left_out_and_counted() -> None:
    examples = [
        {"instruction": "a", "response": "fever " * 100},
        {"instruction": "a", "response": "rest"},
    ]
    data = encode_examples(tiny_tokenizer(), examples, 64)
    assert (len(data.examples), data.skipped) == (1, 1)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '["secret text"]',
        '{"instruction": "secret text"}',
        '{"instruction": "", "response": "x"}',
    ],
)
def test_a_broken_line_is_named_without_its_text(tmp_path: Path, line: str) -> None:
    good = json.dumps({"instruction": "a", "response": "b"})
    (tmp_path / "d.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(EngineError, match="Line 2") as caught:
        read_examples(tmp_path / "d.jsonl")
    assert "secret" not in caught.value.message
