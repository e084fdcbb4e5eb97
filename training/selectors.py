"""Reading the registry: runs with their curves, versions with their evaluations."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from datasets_app.models import DatasetPatient, GoldSet
from projects.models import Project
from training.engine.config import TrainingConfig, describe_fields
from training.models import Evaluation, LossPoint, ModelVersion, TrainingRun
from vault import artefacts

PATHS = {"base", "dataset", "output", "validation", "init_adapter"}


def runs_of(project: Project) -> QuerySet[TrainingRun]:
    return project.training_runs.select_related(
        "dataset", "base", "started_by", "continues", "model_version"
    )


def versions_of(project: Project) -> QuerySet[ModelVersion]:
    return project.model_versions.select_related(
        "training_run__dataset", "training_run__base", "training_run__started_by"
    )


def evaluations_of(project: Project) -> QuerySet[Evaluation]:
    return project.evaluations.select_related(
        "model_version", "gold_set", "started_by"
    ).prefetch_related("overrides__signature")


def loss_curves(run: TrainingRun) -> dict[str, list[list[float]]]:
    """{"train": [[step, loss], ...], "validation": [...]} in steps and nats a token."""
    curves: dict[str, list[list[float]]] = {"train": [], "validation": []}
    for split, step, loss in run.losses.values_list("split", "step", "loss"):
        curves[split].append([step, loss])
    return curves


def last_losses(runs: Iterable[uuid.UUID]) -> dict[uuid.UUID, float]:
    """The newest training loss of each run."""
    newest = (
        LossPoint.objects.filter(run__in=list(runs), split="train")
        .order_by("run", "-step")
        .distinct("run")
    )
    return dict(newest.values_list("run", "loss"))


def last_points(run: TrainingRun) -> dict[str, LossPoint]:
    """The newest point of each split."""
    newest = run.losses.order_by("split", "-step").distinct("split")
    return {point.split: point for point in newest}


def tokens_per_second(run: TrainingRun) -> float | None:
    """Mean speed of the last steps, in tokens a second."""
    speeds = run.losses.filter(tokens_per_second__isnull=False).order_by("-step")
    last = [speed or 0.0 for speed in speeds.values_list("tokens_per_second", flat=True)[:5]]
    return sum(last) / len(last) if last else None


def explained_parameters(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Every setting of a run beside the guide's value, with the reason for it."""
    return [
        {**field, "value": config[field["name"]]}
        for field in describe_fields(TrainingConfig)
        if field["name"] not in PATHS and field["name"] in config
    ]


def changed_from_guide(config: dict[str, Any]) -> list[str]:
    """What a run does otherwise than the guide, in words: `rank 8 (guide: 32)`."""
    return [
        f"{field['name']} {field['value']} (guide: {field['guide']})"
        for field in explained_parameters(config)
        if field["guide"] is not None and not follows_guide(field["value"], field["guide"])
    ]


def follows_guide(value: Any, guide: Any) -> bool:
    """Whether a value is the guide's, or inside its range where the guide gives one."""
    if isinstance(guide, str) and isinstance(value, int | float):
        low, high = guide.split("-")
        return float(low) <= value <= float(high)
    return bool(value == guide)


def lineage_of(version: ModelVersion) -> list[ModelVersion]:
    """The version and every version that it continues."""
    found = [version]
    while (parent := found[-1].training_run.continues) is not None:
        found.append(parent)
    return found


def contaminating_patients(version: ModelVersion, gold_set: GoldSet) -> int:
    """Patients of the gold set that taught the version or one that it continues."""
    datasets = [v.training_run.dataset_id for v in lineage_of(version)]
    taught = DatasetPatient.objects.filter(
        dataset__in=datasets, patient__in=gold_set.items.values("patient")
    )
    return taught.values("patient").distinct().count()


def figure_rows(evaluation: Evaluation) -> list[tuple[str, dict[str, Any]]]:
    """(label, figure) of a finished evaluation: the version, its base, the difference."""
    results, number = evaluation.results, evaluation.model_version.number
    return [
        (f"Version {number}", results["rouge_l"]),
        ("Base model", results["base_rouge_l"]),
        (f"Version {number} over its base", results["difference"]),
    ]


def previous_evaluation(evaluation: Evaluation) -> Evaluation | None:
    """The newest finished evaluation of an earlier version on the same gold set."""
    return (
        Evaluation.objects.filter(
            gold_set=evaluation.gold_set_id,
            state=Evaluation.State.DONE,
            model_version__number__lt=evaluation.model_version.number,
        )
        .select_related("model_version")
        .order_by("-model_version__number", "-number")
        .first()
    )


def scored_items(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Gold items with reference and both answers, the worst change against the base first."""
    gold = _by_id(evaluation.gold_set.artefact)
    mine, base = _by_id(evaluation.outputs_artefact), _by_id(evaluation.base_outputs_artefact)
    items = sorted(
        evaluation.results["items"], key=lambda item: item["rouge_l"] - item["base_rouge_l"]
    )
    return [
        {
            **item,
            "place": place,
            "change": item["rouge_l"] - item["base_rouge_l"],
            "words": _change_words(item["rouge_l"] - item["base_rouge_l"]),
            "reference": gold[item["id"]]["reference"],
            "answer": mine[item["id"]]["answer"],
            "base_answer": base[item["id"]]["answer"],
            "truncated": mine[item["id"]].get("truncated", False),
        }
        for place, item in enumerate(items, start=1)
    ]


def _change_words(change: float) -> str:
    if abs(change) < 0.0005:
        return "as good as the base"
    return f"{abs(change):.3f} {'better' if change > 0 else 'worse'} than the base"


def _by_id(artefact: str) -> dict[str, dict[str, Any]]:
    lines = artefacts.read_bytes(artefact).decode().splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}
