"""Training as a child process: exact resumption, silence, refusals."""

from __future__ import annotations

import fcntl
import json
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training import runs
from tests.training.tiny import write_tiny_base
from training.engine.adapters import digest_adapter_folder
from training.engine.base_model import BaseRecord
from training.engine.checkpoints import newest_checkpoint, save_checkpoint
from training.engine.config import TrainingConfig
from training.engine.loop import train

STEPS = 12


def _values(folder: Path, base: Path, dataset: Path, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "base": str(base),
        "dataset": str(dataset),
        "validation": str(dataset),
        "output": str(folder / "out"),
        "rank": 4,
        "alpha": 8,
        "dropout": 0.1,
        "learning_rate": 0.005,
        "tokens_per_step": 128,
        "max_length": 128,
        "epochs": 4,
        "max_steps": STEPS,
        "checkpoint_every": 2,
        "validation_tokens": 128,
    }
    return values | changes


def _train_here(values: dict[str, Any]) -> list[dict[str, Any]]:
    return runs.collect(train, TrainingConfig.from_dict(values))


@pytest.fixture(scope="module")
def whole_run(
    tmp_path_factory: pytest.TempPathFactory, tiny_base: Path, dataset: Path
) -> list[dict[str, Any]]:
    return _train_here(_values(tmp_path_factory.mktemp("whole"), tiny_base, dataset))


def test_it_learns_and_names_what_it_made(whole_run: list[dict[str, Any]], tiny_base: Path) -> None:
    validations = [event["loss"] for event in whole_run if event["event"] == "validation"]
    assert validations[-1] < validations[0]
    done = runs.last(whole_run, "done")
    assert done["adapter_digest"] == digest_adapter_folder(done["adapter_path"])
    record = BaseRecord.read(tiny_base)
    assert (done["base_digest"], done["tokenizer_digest"]) == (
        record.base_digest,
        record.tokenizer_digest,
    )
    stored = json.loads((Path(done["adapter_path"]) / "adapter_config.json").read_text())
    assert stored["base_model_name_or_path"] == f"sha256:{record.base_digest}"
    assert str(tiny_base) not in json.dumps(stored)


def test_it_never_prints_an_example(whole_run: list[dict[str, Any]]) -> None:
    assert "patient" not in json.dumps(whole_run)
    assert "fever" not in json.dumps(whole_run)


def test_a_killed_run_resumes_to_the_same_adapter(
    whole_run: list[dict[str, Any]], tmp_path: Path, tiny_base: Path, dataset: Path
) -> None:
    config = runs.write_config(tmp_path, _values(tmp_path, tiny_base, dataset))
    process = runs.start("train", "--config", config)
    before = []
    assert process.stdout is not None
    for line in process.stdout:
        before.append(json.loads(line))
        if before[-1].get("step") == 5 and before[-1]["event"] == "step":
            break
    process.kill()
    process.communicate()
    status, after = runs.finish(runs.start("train", "--config", config))
    assert status == 0
    resumed_from = runs.last(after, "started")["resumed_from"]
    assert resumed_from >= 4
    expected = runs.losses(whole_run)
    assert runs.losses(before) == {step: expected[step] for step in runs.losses(before)}
    assert runs.losses(after) == {s: v for s, v in expected.items() if s > resumed_from}
    assert (
        runs.last(after, "done")["adapter_digest"] == runs.last(whole_run, "done")["adapter_digest"]
    )


def test_sigterm_keeps_a_checkpoint_and_a_finished_run_is_not_repeated(
    whole_run: list[dict[str, Any]], tmp_path: Path, tiny_base: Path, dataset: Path
) -> None:
    values = _values(tmp_path, tiny_base, dataset, checkpoint_every=100)
    process = runs.start("train", "--config", runs.write_config(tmp_path, values))
    assert process.stdout is not None
    first = []
    for line in process.stdout:
        first.append(json.loads(line))
        if first[-1]["event"] == "step":
            process.send_signal(signal.SIGTERM)
            break
    status, rest = runs.finish(process)
    assert status == 75
    kept = runs.last(rest, "checkpoint")["step"]
    assert rest[-1]["event"] == "stopped"
    events = _train_here(values)
    assert runs.last(events, "started")["resumed_from"] == kept
    again = _train_here(values)
    assert [event["event"] for event in again] == ["done"]
    assert again[0]["adapter_digest"] == runs.last(events, "done")["adapter_digest"]
    # The interval of checkpoints is part of the configuration's digest and not of the adapter.
    assert again[0]["adapter_digest"] == runs.last(whole_run, "done")["adapter_digest"]


def test_a_second_version_learns_on_from_the_first(
    whole_run: list[dict[str, Any]], tmp_path: Path, tiny_base: Path, dataset: Path
) -> None:
    first = runs.last(whole_run, "done")
    events = _train_here(
        _values(tmp_path, tiny_base, dataset, init_adapter=first["adapter_path"], max_steps=2)
    )
    start = next(event["loss"] for event in events if event["event"] == "validation")
    assert start == pytest.approx(runs.last(whole_run, "validation")["loss"])
    assert runs.last(events, "done")["adapter_digest"] != first["adapter_digest"]


def test_the_command_reports_a_bad_setting_and_exits_1(
    tmp_path: Path, tiny_base: Path, dataset: Path
) -> None:
    config = runs.write_config(tmp_path, _values(tmp_path, tiny_base, dataset, rank=0))
    status, events = runs.finish(runs.start("train", "--config", config))
    assert (status, events[-1]["event"], events[-1]["code"]) == (1, "error", "config_invalid")


def test_a_base_that_is_not_there_is_refused(tmp_path: Path, dataset: Path) -> None:
    events = _train_here(_values(tmp_path, tmp_path / "nowhere", dataset))
    assert events[-1]["code"] == "base_missing"


def test_examples_that_never_fit_are_refused_without_their_text(
    tmp_path: Path, tiny_base: Path
) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text(json.dumps({"instruction": "a", "response": "secret " * 200}) + "\n")
    events = _train_here(_values(tmp_path, tiny_base, path, validation=None))
    assert events[-1]["code"] == "nothing_fits"
    assert "secret" not in json.dumps(events)


def test_an_adapter_of_another_base_is_not_continued(
    whole_run: list[dict[str, Any]], tmp_path: Path, dataset: Path
) -> None:
    write_tiny_base(tmp_path / "other", seed=7)
    first = runs.last(whole_run, "done")["adapter_path"]
    events = _train_here(_values(tmp_path, tmp_path / "other", dataset, init_adapter=first))
    assert events[-1]["code"] == "adapter_mismatch"


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([weight])
    weight.sum().backward()
    optimizer.step()
    for step in (2, 4):
        save_checkpoint(
            tmp_path,
            step=step,
            tokens=step,
            config_digest="x",
            parameters={"w": weight},
            optimizer=optimizer,
        )
    damaged = tmp_path / "step-00000004" / "optimizer.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    found = newest_checkpoint(tmp_path, "x")
    assert found is not None
    assert found.step == 2
    assert newest_checkpoint(tmp_path, "another configuration") is None


def test_two_runs_do_not_share_an_output_folder(
    tmp_path: Path, tiny_base: Path, dataset: Path
) -> None:
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        events = _train_here(_values(tmp_path, tiny_base, dataset))
    assert events[-1]["code"] == "already_running"
