"""Checkpoints: adapter and optimiser as safetensors, whole or absent, never a pickle.

    checkpoints/step-00000004/  adapter.safetensors  optimizer.safetensors  state.json

`state.json` holds the digests of the two files. A checkpoint counts only if it belongs to this
configuration and its digests hold, so that a half-written or foreign one is passed over.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from evidence.digests import digest_file

ADAPTER = "adapter.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"
_KEPT = 2
_MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was found whole. `tokens` counts useful tokens up to `step`."""

    folder: Path
    step: int
    tokens: int


def save_checkpoint(
    root: Path,
    *,
    step: int,
    tokens: int,
    config_digest: str,
    parameters: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
) -> Path:
    """Write a checkpoint under `root` atomically and drop all but the newest two."""
    root.mkdir(parents=True, exist_ok=True)
    final = root / f"step-{step:08d}"
    partial = root / f".{final.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    adapter = {name: value.detach().cpu().contiguous() for name, value in parameters.items()}
    save_file(adapter, partial / ADAPTER)
    save_file(_optimizer_tensors(parameters, optimizer), partial / OPTIMIZER)
    state = {
        "step": step,
        "tokens": tokens,
        "config_digest": config_digest,
        "files": {name: digest_file(partial / name) for name in (ADAPTER, OPTIMIZER)},
    }
    (partial / STATE).write_text(json.dumps(state), encoding="utf-8")
    _sync(partial)
    shutil.rmtree(final, ignore_errors=True)
    os.rename(partial, final)
    for old in sorted(root.glob("step-*"))[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def newest_checkpoint(root: Path, config_digest: str) -> Checkpoint | None:
    """The newest whole checkpoint of this configuration, or None."""
    for folder in sorted(root.glob("step-*"), reverse=True):
        found = _read(folder, config_digest)
        if found is not None:
            return found
    return None


def restore_checkpoint(
    checkpoint: Checkpoint,
    *,
    parameters: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
) -> None:
    """Copy a checkpoint's values into the parameters and the optimiser."""
    weights = load_file(checkpoint.folder / ADAPTER)
    moments = load_file(checkpoint.folder / OPTIMIZER)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(weights[name])
            optimizer.state[parameter] = {
                "step": torch.tensor(float(checkpoint.step)),
                **{moment: moments[f"{name}/{moment}"].to(parameter.device) for moment in _MOMENTS},
            }


def _optimizer_tensors(
    parameters: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
) -> dict[str, torch.Tensor]:
    return {
        f"{name}/{moment}": optimizer.state[parameter][moment].cpu().contiguous()
        for name, parameter in parameters.items()
        for moment in _MOMENTS
    }


def _read(folder: Path, config_digest: str) -> Checkpoint | None:
    try:
        state: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
        whole = state["config_digest"] == config_digest and all(
            digest_file(folder / name) == state["files"][name] for name in (ADAPTER, OPTIMIZER)
        )
        return Checkpoint(folder, int(state["step"]), int(state["tokens"])) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sync(folder: Path) -> None:
    """Ask the disk to keep the files before their folder gets its final name."""
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
