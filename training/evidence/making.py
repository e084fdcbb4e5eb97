"""How the version was made: base, adapter, optimiser, hardware, loss curve, and failed runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from datasets_app.tasks.summarisation import INSTRUCTION, SCHEMA_VERSION
from evidence.canonical import canonical_json
from evidence.charts import Series, line_chart
from evidence.dates import moment
from evidence.digests import sha256_hex
from evidence.sections import (
    Block,
    Chart,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from training.models import ModelVersion, TrainingRun
from training.selectors import explained_parameters, loss_curves
from training.what_ran import deviations, what_ran

ROWS_BEHIND_A_CHART = 24
_LORA = ("rank", "alpha", "dropout")
_SETTING_HEAD = ("Setting", "Asked for", "The guide", "Why")


def version_in(scope: Scope) -> ModelVersion | None:
    """The version that the package is about, if it is one of this project."""
    return (
        ModelVersion.objects.filter(pk=UUID(scope.model_version_id), project=UUID(scope.project_id))
        .select_related(
            "training_run__base",
            "training_run__dataset",
            "training_run__started_by",
            "training_run__continues",
            "project",
        )
        .first()
    )


@section_provider("model")
def collect(scope: Scope) -> Iterator[Field]:
    version = version_in(scope)
    if version is None:
        return
    yield Field("model_registry", "", _base(version), key="base_model")
    yield Field("intended_use", "", _use(version), key="intended_use")
    yield Field("training_run", "", _lora(version), key="lora")
    yield Field("training_run", "", _optimiser(version), key="optimiser")
    yield Field("training_run", "", _hardware(version), key="hardware")
    yield Field("training_run history", "", _history(version), key="run_history")


def _base(version: ModelVersion) -> list[Block]:
    base = version.training_run.base
    return [
        Text(
            f"{base.name}, licence {base.licence}, from the installed package {base.source}. It "
            "was converted on this machine; every load compares its digest, which covers weights, "
            "architecture and tokenizer."
        ),
        Evidence(f"Base model {base.name}", version.base_digest, "base_model"),
        Evidence("Tokenizer", version.tokenizer_digest, "tokenizer"),
        Evidence(f"Adapter of version {version.number}", version.adapter_digest, "adapter"),
        Evidence(f"Record of version {version.number}", version.digest, "model_version"),
    ]


def _use(version: ModelVersion) -> list[Block]:
    run = version.training_run
    blocks: list[Block] = [
        Text(
            f"Task: {run.dataset.task.replace('_', ' ')} of de-identified clinical notes. The "
            "model advises; a clinician decides, and every answer of the gateway says so."
        )
    ]
    if "SmolLM2" in run.base.name:
        blocks.append(
            Text(
                f"{run.base.name} has 135 million parameters. It is here to prove the chain from "
                "note to signed package on ordinary processors. It is too small to summarise "
                "notes reliably and is not for use in the care of patients."
            )
        )
    if purpose := version.project.purpose.strip():
        blocks.append(Text(f"Intended use, users and population, as the project states: {purpose}"))
        blocks.append(
            Gap("Out-of-scope uses", "The project records none apart from its intended use.")
        )
    else:
        blocks.append(
            Gap("Users, population and out-of-scope uses", "The project's purpose was left empty.")
        )
    return blocks


def _lora(version: ModelVersion) -> list[Block]:
    run, digest = version.training_run, version.digest
    facts = run.environment
    blocks: list[Block] = [_settings(run, "LoRA", _LORA, inside=True)]
    if run.continues:
        blocks.append(Text(f"The adapter goes on from that of version {run.continues.number}."))
    if trainable := facts.get("trainable_parameters"):
        share = trainable / max(1, facts.get("base_parameters", trainable))
        blocks += [
            Figure("Trainable parameters", trainable, "parameters", digest=digest),
            Figure("Share of the base model's size", round(100 * share, 2), "%", digest=digest),
        ]
    blocks.append(
        Text("Target modules: every linear layer of the transformer. No quantisation in training.")
    )
    return blocks


def _optimiser(version: ModelVersion) -> list[Block]:
    run = version.training_run
    blocks: list[Block] = [
        Text("AdamW; the loss counts the tokens of the answers only; gradients clipped at 1."),
        _settings(run, "Optimiser, schedule and length", _LORA, inside=False),
    ]
    if ran := what_ran(run):
        head = ("What", "Ran", "Asked for", "The guide", "Against the guide")
        rows = tuple(
            (row.label, row.value, row.asked, row.guide, "changed" if row.changed else "")
            for row in ran
        )
        blocks.append(Table(f"What run {run.number} really did", head, rows, version.digest))
    if changed := deviations(run):
        blocks.append(Text(f"Other than the guide's: {'; '.join(changed)}."))
    else:
        blocks.append(Text("Every value that the guide names is the guide's."))
    blocks += [
        Evidence(
            f"Settings of run {run.number}",
            run.config_digest,
            "training_config",
            canonical_json(run.config),
        ),
        Evidence(
            f"Instruction of the task, version {SCHEMA_VERSION}",
            sha256_hex(INSTRUCTION.encode()),
            "prompt_template",
            INSTRUCTION.encode(),
        ),
    ]
    return blocks


def _settings(run: TrainingRun, caption: str, names: tuple[str, ...], *, inside: bool) -> Table:
    rows = tuple(
        (
            field["name"].replace("_", " "),
            _cell(field["name"], field["value"]),
            _cell(field["name"], field["guide"]),
            field["rationale"],
        )
        for field in explained_parameters(run.config)
        if (field["name"] in names) == inside
    )
    return Table(caption, _SETTING_HEAD, rows, run.config_digest)


def _cell(name: str, value: Any) -> str | int | float | None:
    if name == "seed":
        return str(value)  # a name and no quantity: no thousands separators
    return value if isinstance(value, str | int | float) else None


def _hardware(made: ModelVersion) -> list[Block]:
    run = made.training_run
    facts = run.environment
    if not facts:
        return [Gap("Hardware and libraries", "The run recorded none.")]
    keys = ("device", "dtype", "machine", "cores", "system", "python")
    rows = [(key, str(facts[key])) for key in keys if key in facts]
    rows += [(name, str(found)) for name, found in facts.get("libraries", {}).items()]
    blocks: list[Block] = [
        Table("Hardware and libraries of the run", ("What", "Value"), tuple(rows), made.digest)
    ]
    if facts.get("device") == "cpu":
        blocks.append(Text("No accelerator took part, so there is no driver to name."))
    if digest := facts.get("constraints_digest"):
        blocks.append(Evidence("File of exact library versions", digest, "constraints"))
    if run.seconds is not None:
        blocks.append(Figure("Duration, waiting and pauses included", round(run.seconds, 1), "s"))
    if run.result.get("tokens"):
        blocks.append(
            Figure("Tokens learnt from", run.result["tokens"], "tokens", digest=made.digest)
        )
    return [*blocks, *_loss_chart(made)]


def _loss_chart(version: ModelVersion) -> list[Block]:
    run = version.training_run
    curves = loss_curves(run)
    if not any(curves.values()):
        return [Gap("Loss curve", "The run recorded no loss.")]
    title = f"Loss of training run {run.number}"
    series = [Series(name, [(x, y) for x, y in points]) for name, points in curves.items()]
    rows = [
        (name, int(step), round(loss, 4))
        for name, points in curves.items()
        for step, loss in _thinned(points)
    ]
    head = ("Split", "Step", "Loss (nats a token)")
    caption = f"{title}, at most {ROWS_BEHIND_A_CHART} points of each"
    svg = line_chart(title, "Step", "Loss (nats a token)", series)
    return [Chart(title, svg, Table(caption, head, tuple(rows), version.digest))]


def _thinned(points: list[list[float]]) -> list[list[float]]:
    """Evenly chosen points, the last one always among them."""
    stride = -(-len(points) // ROWS_BEHIND_A_CHART) or 1
    return list(reversed(points[::-1][::stride]))


def _history(version: ModelVersion) -> list[Block]:
    runs = (
        TrainingRun.objects.filter(project=version.project_id, started_at__lte=version.created_at)
        .select_related("dataset", "started_by", "model_version")
        .order_by("number")
    )
    head = ("Run", "Dataset", "Started by", "Started", "Ended as", "Version")
    rows = tuple(
        (
            run.number,
            f"Version {run.dataset.number}",
            run.started_by.full_name,
            moment(run.started_at),
            run.get_state_display().lower(),
            run.model_version.number if hasattr(run, "model_version") else None,
        )
        for run in runs
    )
    failed = sum(run.state == TrainingRun.State.FAILED for run in runs)
    return [
        Table("Every training run up to this version", head, rows),
        Figure("Runs that failed", failed, "runs", n=len(rows)),
        Gap("Why this run was chosen", "Nobody wrote down a reason."),
    ]
