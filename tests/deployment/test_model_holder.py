"""The held model: what is served is what was approved, to the last bit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from deployment.backends.base import BackendError, ChatAnswer, ChatRequest
from deployment.server.holder import ModelHolder
from tests.deployment.conftest import Installation
from tests.training.tiny import write_tiny_base

QUESTION = [{"role": "user", "content": "patient reports cough"}]


@pytest.fixture
def holder(installation: Installation) -> ModelHolder:
    return ModelHolder(installation.data / "models")


def _copy(installation: Installation, tmp_path: Path) -> Path:
    return Path(shutil.copytree(installation.adapter(1), tmp_path / "copy"))


def _ask(holder: ModelHolder, *names: str, max_tokens: int = 6) -> list[Any]:
    return holder.chat([ChatRequest(name, QUESTION, max_tokens) for name in names])


def test_it_serves_the_approved_adapter_and_states_its_digest(
    holder: ModelHolder, installation: Installation
) -> None:
    adapter = holder.load("v1", installation.adapter(1), installation.first)
    assert adapter.adapter_digest == installation.first
    assert adapter.base_digest == installation.base_digest
    assert holder.digest("v1") == adapter


def test_a_swapped_adapter_is_refused_and_the_old_one_goes_on(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("live", installation.adapter(1), installation.first)
    with pytest.raises(BackendError, match="not the approved one") as caught:
        holder.load("live", installation.adapter(2), installation.first)
    assert caught.value.code == "digest_mismatch"
    assert holder.digest("live").adapter_digest == installation.first


def _nudge_weight(folder: Path) -> None:
    tensors = load_file(folder / "adapter_model.safetensors")
    name = sorted(tensors)[0]
    tensors[name].view(-1)[0] += 1e-6
    save_file(tensors, folder / "adapter_model.safetensors")


def _edit_config(**changes: Any) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "adapter_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return edit


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_nudge_weight, "digest_mismatch"),
        (_edit_config(lora_alpha=800), "digest_mismatch"),
        (_edit_config(base_model_name_or_path="sha256:" + "0" * 64), "base_missing"),
        (_edit_config(r=2), "adapter_broken"),
        (_edit_config(target_modules=["q_proj"]), "digest_mismatch"),
        (_edit_config(layers_to_transform=[0]), "adapter_unsupported"),
        (_edit_config(auto_mapping=None, peft_type="PROMPT_TUNING"), "adapter_unsupported"),
        (lambda folder: (folder / "adapter_model.safetensors").unlink(), "adapter_missing"),
        (lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"x"), "adapter_broken"),
        (lambda folder: (folder / "adapter_config.json").write_text("[]"), "adapter_broken"),
    ],
)
def test_a_tampered_adapter_file_is_refused_and_leaves_nothing(
    holder: ModelHolder,
    installation: Installation,
    tmp_path: Path,
    tamper: Callable[[Path], Any],
    code: str,
) -> None:
    folder = _copy(installation, tmp_path)
    tamper(folder)
    with pytest.raises(BackendError) as caught:
        holder.load("live", folder, installation.first)
    assert caught.value.code == code
    assert holder.adapters == []
    # What failed left no trace on the model: the true adapter loads and has its digest.
    assert holder.load("live", installation.adapter(1), installation.first)
    assert holder.digest("live").adapter_digest == installation.first


@pytest.mark.parametrize("part", ["lora_A", "lora_B", "embed_tokens", "mlp.down_proj.base_layer"])
def test_weights_changed_in_memory_are_noticed(
    holder: ModelHolder, installation: Installation, part: str
) -> None:
    before = holder.load("v1", installation.adapter(1), installation.first)
    parameters = dict(holder._model.named_parameters())
    weight = next(value for name, value in parameters.items() if part in name)
    with torch.no_grad():
        weight.view(-1)[3] += 0.5
    assert holder.digest("v1") != before
    assert holder.digest("v1").adapter_digest != installation.first


def test_a_scaling_changed_in_memory_is_noticed(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("v1", installation.adapter(1), installation.first)
    layer = next(m for m in holder._model.modules() if "slot1" in getattr(m, "lora_A", ()))
    layer.scaling["slot1"] = 9.0
    with pytest.raises(BackendError, match="no longer those"):
        holder.digest("v1")


def test_a_changed_base_is_not_loaded(installation: Installation, tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(installation.data / "models", models)
    path = models / "tiny" / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(BackendError) as caught:
        ModelHolder(models).load("v1", installation.adapter(1), installation.first)
    assert caught.value.code == "base_changed"


def test_adapters_answer_alike_alone_and_mixed_in_a_batch(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("v1", installation.adapter(1), installation.first)
    holder.load("v2", installation.adapter(2), installation.second)
    alone = [_ask(holder, "v1")[0], _ask(holder, "v2")[0]]
    assert alone[0].text.startswith("rest fluids")
    assert alone[1].text.startswith("stable discharged")
    assert _ask(holder, "v1", "v2", "v1") == [alone[0], alone[1], alone[0]]
    assert [answer.adapter_digest for answer in alone] == [installation.first, installation.second]


def test_a_lower_limit_gives_the_start_of_the_same_answer(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("v1", installation.adapter(1), installation.first)
    long, short = holder.chat([ChatRequest("v1", QUESTION, limit) for limit in (8, 2)])
    assert isinstance(long, ChatAnswer)
    assert isinstance(short, ChatAnswer)
    assert short.completion_tokens <= 2
    assert long.text.startswith(short.text)


def test_one_bad_request_does_not_spoil_the_batch(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("v1", installation.adapter(1), installation.first)
    too_long = ChatRequest("v1", [{"role": "user", "content": "fever " * 600}], 6)
    good, unknown, long = holder.chat(
        [ChatRequest("v1", QUESTION, 6), ChatRequest("v9", QUESTION, 6), too_long]
    )
    assert isinstance(good, ChatAnswer)
    assert [unknown.code, long.code] == ["model_not_loaded", "context_length_exceeded"]


def test_unloading_the_last_adapter_leaves_the_bare_base(
    holder: ModelHolder, installation: Installation
) -> None:
    holder.load("v1", installation.adapter(1), installation.first)
    before = _ask(holder, "v1")
    holder.unload("v1")
    holder.unload("v1")
    assert holder.adapters == []
    assert holder.load("v1", installation.adapter(1), installation.first)
    assert _ask(holder, "v1") == before


def test_adapters_of_another_base_wait_for_the_first_to_go(
    installation: Installation, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(installation.data / "models", models)
    other = write_tiny_base(models / "other", seed=5)
    holder = ModelHolder(models)
    holder.load("v1", installation.adapter(1), installation.first)
    folder = _copy(installation, tmp_path)
    _edit_config(base_model_name_or_path=f"sha256:{other.base_digest}")(folder)
    with pytest.raises(BackendError) as caught:
        holder.load("v2", folder, installation.second)
    assert caught.value.code == "base_in_use"
