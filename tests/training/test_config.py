"""Configuration: the guide's values by default, ranges checked, digest free of places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from training.engine.config import (
    ConfigError,
    EvaluationConfig,
    TrainingConfig,
    describe_fields,
    training_config_digest,
)
from training.engine.schedule import effective_warmup, learning_rate

PATHS = {"base": "b", "dataset": "d", "output": "o"}


def test_the_guides_values_are_the_defaults() -> None:
    config = TrainingConfig.from_dict(PATHS)
    assert (config.rank, config.alpha, config.learning_rate) == (32, 64, 1e-4)
    assert (config.epochs, config.warmup_steps, config.max_length) == (3, 100, 2048)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rank", 0),
        ("alpha", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("epochs", 0),
        ("warmup_steps", -1),
        ("max_length", 1),
        ("tokens_per_step", 0),
        ("max_steps", 0),
        ("checkpoint_every", 0),
        ("dropout", 1.0),
        ("schedule", "step"),
        ("seed", -1),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=name):
        TrainingConfig.from_dict({**PATHS, name: value})


def test_unknown_and_missing_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match="lora_rank"):
        TrainingConfig.from_dict({**PATHS, "lora_rank": 8})
    with pytest.raises(ConfigError, match="items, output"):
        EvaluationConfig.from_dict({"base": "b"})


def test_every_setting_explains_itself() -> None:
    for row in describe_fields(TrainingConfig):
        assert row["help"].endswith(".")
        assert row["default"] is None or row["rationale"].endswith(".")


def test_the_digest_follows_content_and_not_places(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("same")
    config = TrainingConfig(base="b", dataset=str(tmp_path / "one"), output="o")

    def digest(other: TrainingConfig, base: str = "x") -> str:
        return training_config_digest(other, base_digest=base, init_adapter_digest=None)

    moved = replace(config, dataset=str(tmp_path / "two"), output="elsewhere")
    assert digest(config) == digest(moved)
    assert digest(config) != digest(replace(config, rank=16))
    assert digest(config) != digest(config, base="y")
    (tmp_path / "two").write_text("other")
    assert digest(config) != digest(moved)


def test_the_rate_warms_up_and_falls_to_nearly_nothing() -> None:
    config = TrainingConfig.from_dict(PATHS)
    rates = [learning_rate(config, step, 2000) for step in range(1, 2001)]
    assert effective_warmup(config, 2000) == 100
    assert rates[:100] == sorted(rates[:100])
    assert max(rates) == pytest.approx(1e-4)
    assert rates[99:] == sorted(rates[99:], reverse=True)
    assert 0 < rates[-1] < 1e-7


def test_a_short_run_warms_up_for_a_tenth_of_it() -> None:
    config = TrainingConfig.from_dict({**PATHS, "schedule": "linear"})
    assert effective_warmup(config, 12) == 1
    assert learning_rate(config, 1, 12) == config.learning_rate
