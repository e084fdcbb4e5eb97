"""Bring a prepared base into memory. The one place that imports torch and transformers to serve."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as _transformers_logging

from training.engine.base_model import WEIGHTS_NAME, LoadedBase, verify_base
from training.engine.tensor_digest import dtypes_of_file

# The process's own threads: two fit the small machines this runs on by default.
_DEFAULT_THREADS = 2


def device() -> str:
    """`cuda` where a GPU is there, else `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def prepare_torch() -> None:
    """Threads, determinism and quiet, once a process."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", _DEFAULT_THREADS)))
    # cuBLAS repeats itself only with a fixed workspace.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    quiet: Any = _transformers_logging  # transformers leaves these two untyped
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()


def load_base(folder: str | Path, *, answering: bool = False) -> LoadedBase:
    """Check the files against `base.json`, then load the model.

    Training computes a bfloat16 file in bfloat16 where the processor has instructions for it
    (200 against 150 tokens/s). `answering` widens it to float32 on a CPU, without loss: greedy
    answers then hardly depend on how many prompts share a batch. In bfloat16 the same adapter's
    answers alone and in a batch of eight resembled each other by a ROUGE-L of 0.62 only, so that
    a replay could not tell rounding from another model.

    Raises:
        EngineError: `base_missing`, `base_broken` or `base_changed`.
    """
    folder = Path(folder)
    record = verify_base(folder)
    dtypes = dtypes_of_file(folder / WEIGHTS_NAME)
    model: Any = AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=_held_dtype(dtypes, answering=answering),
        attn_implementation="sdpa",
        use_safetensors=True,
        local_files_only=True,
        trust_remote_code=False,
    )
    tokenizer = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    model.to(device()).eval().requires_grad_(False)
    return LoadedBase(model=model, tokenizer=tokenizer, record=record, dtypes=dtypes)


def _held_dtype(dtypes: dict[str, str], *, answering: bool) -> torch.dtype:
    if set(dtypes.values()) != {"BF16"}:
        return torch.float32
    if device() == "cuda":
        return torch.bfloat16
    return torch.bfloat16 if _cpu_computes_bfloat16() and not answering else torch.float32


def _cpu_computes_bfloat16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
