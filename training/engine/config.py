"""Configuration of a training run and of an evaluation, with the reason for every value.

Each field carries its help, its rationale and the guide's own value in its metadata, so that
pages, documents and the model card explain a run from one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from evidence.digests import digest_file, digest_of


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the field and its range."""


def _setting(default: Any, *, help: str, rationale: str, guide: Any = None) -> Any:
    return field(default=default, metadata={"help": help, "rationale": rationale, "guide": guide})


def _required(*, help: str) -> Any:
    return field(metadata={"help": help, "rationale": "", "guide": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """One LoRA fine-tuning run. Paths are strings, so that the object is JSON as it stands.

    Raises:
        ConfigError: a value is outside its range.
    """

    base: str = _required(help="Folder of the prepared base model (holds base.json).")
    dataset: str = _required(help="JSONL of {instruction, response}, de-identified.")
    output: str = _required(help="Folder for checkpoints and the finished adapter.")
    validation: str | None = _setting(
        None,
        help="JSONL of held-out patients, for the validation loss.",
        rationale="A loss on patients the model never saw shows over-fitting.",
    )
    init_adapter: str | None = _setting(
        None,
        help="Adapter folder to continue from; empty starts a new adapter.",
        rationale="A second version learns on from the first instead of paying for it again.",
    )
    rank: int = _setting(
        32,
        help="LoRA rank.",
        rationale="Enough capacity for a writing task; every linear layer is adapted.",
        guide=32,
    )
    alpha: int = _setting(
        64,
        help="LoRA alpha; the update is scaled by alpha / rank.",
        rationale="Twice the rank, the usual scale of 2.",
        guide=64,
    )
    dropout: float = _setting(
        0.0,
        help="Dropout on the adapter's input.",
        rationale="Few epochs over clean examples need none, and none repeats bit for bit.",
    )
    learning_rate: float = _setting(
        1e-4,
        help="Peak learning rate of AdamW.",
        rationale="Adapters bear a higher rate than full fine-tuning.",
        guide=1e-4,
    )
    weight_decay: float = _setting(
        0.0, help="AdamW weight decay.", rationale="The low rank already limits the adapter."
    )
    schedule: str = _setting(
        "cosine",
        help="Decay after warm-up: cosine or linear.",
        rationale="Cosine keeps the rate high in the middle and ends softly.",
    )
    epochs: int = _setting(
        3,
        help="Passes over the dataset.",
        rationale="Fewer under-fit, more begin to memorise notes.",
        guide="3-5",
    )
    warmup_steps: int = _setting(
        100,
        help="Steps of linear warm-up; at most a tenth of the run is used.",
        rationale="Protects the first updates; a short run cannot spend itself warming up.",
        guide=100,
    )
    max_length: int = _setting(
        2048,
        help="Longest example in tokens; a longer note is cut at its end and counted.",
        rationale="Covers most notes; memory grows with it.",
        guide="2048-4096",
    )
    tokens_per_step: int = _setting(
        2048,
        help="Token budget of one optimiser step, filled with whole examples.",
        rationale="Memory follows it: keep it at or below 1,024 on a CPU.",
    )
    max_steps: int | None = _setting(
        None,
        help="Stop after this many steps even if the epochs are not over.",
        rationale="A demonstration on a CPU needs an end that time sets.",
    )
    checkpoint_every: int = _setting(
        50,
        help="Steps between checkpoints.",
        rationale="What a kill may cost at most.",
    )
    validate_every: int = _setting(
        0,
        help="Steps between validations; 0 validates at the end only.",
        rationale="Validation costs time; the end always has one.",
    )
    validation_tokens: int = _setting(
        4096,
        help="Tokens of the validation set that are used.",
        rationale="A bounded, fixed part keeps the losses comparable.",
    )
    seed: int = _setting(
        20260101,
        help="Seed of the adapter's start values and of the order of examples.",
        rationale="The same inputs must give the same adapter.",
    )

    def __post_init__(self) -> None:
        _require(1 <= self.rank <= 256, "rank", "1 to 256")
        _require(1 <= self.alpha <= 1024, "alpha", "1 to 1024")
        _require(0.0 <= self.dropout < 0.5, "dropout", "0 to below 0.5")
        _require(0.0 < self.learning_rate <= 0.01, "learning_rate", "above 0, up to 0.01")
        _require(0.0 <= self.weight_decay <= 1.0, "weight_decay", "0 to 1")
        _require(self.schedule in ("cosine", "linear"), "schedule", "cosine or linear")
        _require(1 <= self.epochs <= 100, "epochs", "1 to 100")
        _require(0 <= self.warmup_steps <= 10_000, "warmup_steps", "0 to 10,000")
        _require(64 <= self.max_length <= 32_768, "max_length", "64 to 32,768")
        _require(64 <= self.tokens_per_step <= 65_536, "tokens_per_step", "64 to 65,536")
        _require(
            self.max_steps is None or 1 <= self.max_steps <= 1_000_000,
            "max_steps",
            "empty, or 1 to 1,000,000",
        )
        _require(1 <= self.checkpoint_every <= 100_000, "checkpoint_every", "1 to 100,000")
        _require(0 <= self.validate_every <= 100_000, "validate_every", "0 to 100,000")
        _require(64 <= self.validation_tokens <= 10_000_000, "validation_tokens", "64 or more")
        _require(0 <= self.seed < 2**31, "seed", "0 to 2147483647")

    @property
    def example_limit(self) -> int:
        """Longest example in tokens that a step can hold."""
        return min(self.max_length, self.tokens_per_step)

    def hyperparameters(self) -> dict[str, Any]:
        """Everything but the paths: what the configuration's digest is made of."""
        return {name: value for name, value in asdict(self).items() if name not in _PATHS}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build from parsed JSON; unknown fields are refused, not dropped."""
        return cls(**_known(cls, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationConfig:
    """Greedy answers of the base, with or without an adapter, scored by ROUGE-L."""

    base: str = _required(help="Folder of the prepared base model.")
    items: str = _required(help="JSONL of {id, cluster, prompt, reference}.")
    output: str = _required(help="JSONL of answers, appended item by item.")
    adapter: str | None = _setting(
        None, help="Adapter folder; empty evaluates the base model.", rationale=""
    )
    max_prompt_tokens: int = _setting(
        350,
        help="Longer prompts are cut at the note's end and counted.",
        rationale="Bounds the time of an answer on a CPU.",
    )
    max_new_tokens: int = _setting(
        64, help="Longest answer in tokens.", rationale="Bounds the time of an answer on a CPU."
    )
    batch_size: int = _setting(
        8, help="Prompts answered together.", rationale="Eight together are four times as fast."
    )

    def __post_init__(self) -> None:
        _require(32 <= self.max_prompt_tokens <= 32_768, "max_prompt_tokens", "32 to 32,768")
        _require(1 <= self.max_new_tokens <= 4096, "max_new_tokens", "1 to 4,096")
        _require(1 <= self.batch_size <= 256, "batch_size", "1 to 256")

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build from parsed JSON; unknown fields are refused, not dropped."""
        return cls(**_known(cls, values))


_PATHS = frozenset({"base", "dataset", "output", "validation", "init_adapter"})


def training_config_digest(
    config: TrainingConfig, *, base_digest: str, init_adapter_digest: str | None
) -> str:
    """SHA-256 of what was asked for, wherever the files lie: settings and inputs by digest."""
    return digest_of(
        {
            "kind": "training-config",
            "hyperparameters": config.hyperparameters(),
            "base": base_digest,
            "dataset": digest_file(config.dataset),
            "validation": digest_file(config.validation) if config.validation else None,
            "init_adapter": init_adapter_digest,
        }
    )


def describe_fields(config_class: type[Any]) -> list[dict[str, Any]]:
    """Name, default, help, rationale and guide value of every field, for pages and documents."""
    return [
        {
            "name": item.name,
            "default": None if item.default is MISSING else item.default,
            "help": item.metadata["help"],
            "rationale": item.metadata["rationale"],
            "guide": item.metadata["guide"],
        }
        for item in fields(config_class)
    ]


def _known(config_class: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(config_class)}
    unknown = sorted(set(values) - names)
    if unknown:
        raise ConfigError(f"Unknown settings: {', '.join(unknown)}. Remove them.")
    missing = [
        item.name
        for item in fields(config_class)
        if item.default is MISSING and item.name not in values
    ]
    if missing:
        raise ConfigError(f"Missing settings: {', '.join(missing)}.")
    return {str(name): str(v) if isinstance(v, Path) else v for name, v in values.items()}


def _require(holds: bool, name: str, allowed: str) -> None:
    if not holds:
        raise ConfigError(f"{name} is out of range; allowed: {allowed}.")
