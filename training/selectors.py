"""Reading the registry: runs with their curves, versions with their evaluations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from datasets_app.models import DatasetPatient, GoldSet
from projects.models import Project
from training.engine.config import TrainingConfig, describe_fields
from training.models import Evaluation, ModelVersion, TrainingRun

PATHS = {"base", "dataset", "output", "validation", "init_adapter"}


def runs_of(project: Project) -> QuerySet[TrainingRun]:
    return project.training_runs.select_related("dataset", "base", "started_by", "model_version")


def versions_of(project: Project) -> QuerySet[ModelVersion]:
    return project.model_versions.select_related(
        "training_run__dataset", "training_run__base", "training_run__started_by"
    )


def evaluations_of(project: Project) -> QuerySet[Evaluation]:
    return project.evaluations.select_related(
        "model_version", "gold_set", "started_by"
    ).prefetch_related("overrides__signed_by")


def loss_curves(run: TrainingRun) -> dict[str, list[list[float]]]:
    """{"train": [[step, loss], ...], "validation": [...]} in steps and nats a token."""
    curves: dict[str, list[list[float]]] = {"train": [], "validation": []}
    for split, step, loss in run.losses.values_list("split", "step", "loss"):
        curves[split].append([step, loss])
    return curves


def explained_parameters(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Every setting of a run beside the guide's value, with the reason for it."""
    return [
        {**field, "value": config.get(field["name"])}
        for field in describe_fields(TrainingConfig)
        if field["name"] not in PATHS
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


def gates_with_overrides(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The evaluation's gates as the page's rows: an override never changes the status."""
    overrides = {override.gate_id: override for override in evaluation.overrides.all()}
    rows = []
    for gate in evaluation.gates:
        rule = gate["gate"]
        override = overrides.get(rule["id"])
        rows.append(
            {
                "id": rule["id"],
                "label": rule["label"],
                "unit": rule["unit"],
                "limit": rule["limit"],
                "direction": rule["direction"],
                "source": rule["source"],
                "status": gate["status"],
                "value": gate["value"],
                "interval": gate["interval"],
                "n": gate["n"],
                "explanation": gate["explanation"],
                "override": {
                    "by": override.signed_by.full_name,
                    "reason": override.reason,
                    "date": override.created_at,
                }
                if override
                else None,
            }
        )
    return rows
