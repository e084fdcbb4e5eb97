"""Reading the registry: runs with their curves, versions with their evaluations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

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
