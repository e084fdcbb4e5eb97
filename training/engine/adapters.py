"""LoRA adapters: settings, digest, loading and export.

Only what this engine writes is read: `adapter_model.safetensors` and the three settings that
change an answer (rank, alpha, target modules). No other field of `adapter_config.json` may be
set and no pickle is ever opened, so a foreign adapter cannot bring behaviour with it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.digests import digest_of
from training.engine.events import EngineError
from training.engine.tensor_digest import TensorDigestError, digest_tensor_file, digest_tensors

WEIGHTS_NAME = "adapter_model.safetensors"
CONFIG_NAME = "adapter_config.json"
RECORD_NAME = "adapter.json"
BASE_PREFIX = "sha256:"

_READ = frozenset({"r", "lora_alpha", "target_modules", "base_model_name_or_path"})
# Fields that say how an adapter was trained or stored and do not change what it answers.
_WITHOUT_EFFECT = frozenset({
    "peft_type", "peft_version", "task_type", "inference_mode", "lora_dropout",
    "init_lora_weights", "auto_mapping", "revision", "megatron_core", "qalora_group_size",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdapterSettings:
    """What, besides its tensors, decides how an adapter answers."""

    rank: int
    alpha: int
    target_modules: tuple[str, ...]
    base_digest: str


def read_settings(folder: str | Path) -> AdapterSettings:
    """Read `adapter_config.json` strictly.

    Raises:
        EngineError: `adapter_missing`, `adapter_broken`, or `adapter_unsupported` where a field
            is set that this engine does not serve.
    """
    try:
        config = json.loads((Path(folder) / CONFIG_NAME).read_text(encoding="utf-8"))
        if config["peft_type"] != "LORA":
            raise _unsupported()
        settings = AdapterSettings(
            rank=int(config["r"]),
            alpha=int(config["lora_alpha"]),
            target_modules=tuple(sorted(map(str, config["target_modules"]))),
            base_digest=str(config["base_model_name_or_path"]).removeprefix(BASE_PREFIX),
        )
    except FileNotFoundError:
        raise EngineError("adapter_missing", "There is no adapter in that folder.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EngineError("adapter_broken", "The adapter's configuration cannot be read.") from None
    others = {name: value for name, value in config.items() if name not in _READ | _WITHOUT_EFFECT}
    if any(value not in (None, False, "none", [], {}) for value in others.values()):
        raise _unsupported()
    return settings


def adapter_digest(settings: AdapterSettings, tensors: str) -> str:
    """The adapter's identity: its tensors, its settings and the base it belongs to."""
    return digest_of(
        {
            "kind": "lora-adapter",
            "tensors": tensors,
            "rank": settings.rank,
            "alpha": settings.alpha,
            "target_modules": list(settings.target_modules),
            "base": settings.base_digest,
        }
    )


def digest_adapter_folder(folder: str | Path) -> str:
    """Digest of an adapter on disk. Raises `EngineError` as `read_settings` does."""
    settings = read_settings(folder)
    try:
        tensors = digest_tensor_file(Path(folder) / WEIGHTS_NAME)
    except FileNotFoundError:
        raise EngineError("adapter_missing", "The adapter has no weights.") from None
    except TensorDigestError as error:
        raise EngineError("adapter_broken", str(error)) from None
    return adapter_digest(settings, tensors)


def live_settings(model: Any, slot: str, base_digest: str) -> AdapterSettings:
    """Settings as the layers apply them, not as a configuration says.

    Args:
        model: the PEFT model.
        slot: the adapter's name inside it.
        base_digest: digest of the base it sits on, computed by the caller.

    Raises:
        EngineError: `adapter_changed` where the layers disagree about rank or scaling.
    """
    layers = [
        (name, module)
        for name, module in model.get_base_model().named_modules()
        if slot in getattr(module, "lora_A", ())
    ]
    shapes = {(module.r[slot], module.r[slot] * module.scaling[slot]) for _, module in layers}
    biased = any(module.lora_bias.get(slot, False) for _, module in layers)
    alphas = {alpha for _, alpha in shapes}
    if len(shapes) != 1 or biased or any(alpha != int(alpha) for alpha in alphas):
        raise EngineError("adapter_changed", "The held adapter's layers disagree. Load it again.")
    rank, alpha = shapes.pop()
    return AdapterSettings(
        rank=rank,
        alpha=int(alpha),
        target_modules=tuple(sorted({name.rpartition(".")[2] for name, _ in layers})),
        base_digest=base_digest,
    )


def digest_live_adapter(model: Any, slot: str, base_digest: str) -> str:
    """Digest of an adapter as a process holds it; arguments and errors as `live_settings`."""
    settings = live_settings(model, slot, base_digest)
    return adapter_digest(settings, digest_tensors(adapter_tensors(model, slot)))


def adapter_tensors(model: Any, slot: str) -> dict[str, Any]:
    """The adapter's tensors by the names of its file."""
    # peft is heavy; only processes that hold a model need it. Embeddings are asked for never:
    # peft would otherwise look for the base on a model hub.
    from peft import get_peft_model_state_dict

    return dict(get_peft_model_state_dict(model, adapter_name=slot, save_embedding_layers=False))


def new_adapter(base_model: Any, *, rank: int, alpha: int, dropout: float, slot: str) -> Any:
    """Put a fresh trainable adapter into every linear layer of the base; returns the PEFT model."""
    from peft import LoraConfig, get_peft_model  # heavy, see above

    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules="all-linear",
        bias="none",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base_model, config, adapter_name=slot)


def load_adapter(base_model: Any, folder: str | Path, slot: str) -> Any:
    """Put a stored adapter into a base (or into a PEFT model beside others).

    peft gets a configuration of our own making and tensors read by safetensors, never the
    folder. The caller compares digests afterwards.

    Returns:
        The PEFT model; the same object if it was one already.

    Raises:
        EngineError: as `read_settings`; `adapter_broken` where tensors do not fit the base.
    """
    from peft import LoraConfig, PeftModel, get_peft_model, set_peft_model_state_dict
    from safetensors.torch import load_file  # heavy, see above

    settings = read_settings(folder)
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        target_modules=list(settings.target_modules),
        bias="none",
        task_type="CAUSAL_LM",
    )
    try:
        tensors = load_file(Path(folder) / WEIGHTS_NAME)
    except FileNotFoundError:
        raise EngineError("adapter_missing", "The adapter has no weights.") from None
    except Exception:  # safetensors raises types of its own for a broken file
        raise EngineError("adapter_broken", "The adapter's weights cannot be read.") from None
    if isinstance(base_model, PeftModel):
        model = base_model
        model.add_adapter(slot, config)
    else:
        model = get_peft_model(base_model, config, adapter_name=slot)
    try:
        set_peft_model_state_dict(model, tensors, adapter_name=slot)
    except (RuntimeError, ValueError, KeyError):
        remove_adapter(model, slot)
        raise EngineError("adapter_broken", "The adapter does not fit this base model.") from None
    return model


def remove_adapter(model: Any, slot: str) -> Any:
    """Take an adapter out; returns the PEFT model, or the bare base when it was the last."""
    if len(model.peft_config) > 1:
        model.delete_adapter(slot)
        return model
    base = model.unload()
    # peft leaves its mark on the base and would warn of a second adaptation.
    if hasattr(base, "peft_config"):
        del base.peft_config
    return base


def export_adapter(
    folder: str | Path,
    *,
    tensors: Mapping[str, Any],
    settings: AdapterSettings,
    record: Mapping[str, Any],
) -> str:
    """Write an adapter folder atomically and return its digest.

    The base is named by its digest: peft would store the absolute path it had on the machine
    that trained, which helps nobody and tells of that machine.
    """
    from safetensors.torch import save_file  # heavy, see above

    folder = Path(folder)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    save_file(
        {name: tensor.detach().to("cpu").contiguous() for name, tensor in tensors.items()},
        partial / WEIGHTS_NAME,
        metadata={"format": "pt"},
    )
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "inference_mode": True,
        "base_model_name_or_path": BASE_PREFIX + settings.base_digest,
        "r": settings.rank,
        "lora_alpha": settings.alpha,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": list(settings.target_modules),
    }
    _write_json(partial / CONFIG_NAME, config)
    digest = digest_adapter_folder(partial)
    _write_json(partial / RECORD_NAME, {**record, "adapter_digest": digest})
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(partial, folder)
    return digest


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True), encoding="utf-8")


def _unsupported() -> EngineError:
    return EngineError(
        "adapter_unsupported",
        "The adapter uses settings that this engine does not serve. Nothing was loaded.",
    )
