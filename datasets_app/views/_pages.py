"""What the pages of this stage share: guards, rows and words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from datasets_app.models import Attestation, DatasetVersion
from deid.models import Run
from projects.models import Project

STAGE = "dataset"

DATASET_COLUMNS = [
    {"label": "Version"}, {"label": "Size gate"}, {"label": "Train", "number": True},
    {"label": "Validation", "number": True}, {"label": "Patients", "number": True},
    {"label": "Frozen"}, {"label": "Digest"},
]  # fmt: skip
GOLD_COLUMNS = [
    {"label": "Gold set"}, {"label": "Items", "number": True},
    {"label": "Patients", "number": True}, {"label": "Frozen"}, {"label": "Digest"},
]  # fmt: skip
ATTESTATION_COLUMNS = [
    {"label": "Run"}, {"label": "State"}, {"label": "Attested by"}, {"label": "Signed"},
    {"label": "Digest"},
]  # fmt: skip


def dataset_row(project: Project, dataset: DatasetVersion) -> dict[str, Any]:
    return {
        "cells": [
            {
                "value": f"Dataset {dataset.number}",
                "url": reverse("datasets:dataset", args=[project.slug, dataset.pk]),
                "detail": f"run {dataset.run.number}",
            },
            {"state": dataset.gate["status"]},
            dataset.train_count,
            dataset.validation_count,
            dataset.patient_count,
            {"when": dataset.frozen_at, "detail": dataset.created_by.full_name},
            {"digest": dataset.digest},
        ]
    }


def gold_row(project: Project, gold_set: Any) -> dict[str, Any]:
    return {
        "cells": [
            {
                "value": f"Gold set {gold_set.number}",
                "url": reverse("datasets:gold-set", args=[project.slug, gold_set.pk]),
                "detail": f"run {gold_set.run.number}",
            },
            gold_set.item_count,
            gold_set.patient_count,
            {"when": gold_set.frozen_at, "detail": gold_set.created_by.full_name},
            {"digest": gold_set.digest},
        ]
    }


def attestation_row(project: Project, attestation: Attestation) -> dict[str, Any]:
    signature = attestation.signature
    return {
        "cells": [
            {
                "value": f"Run {attestation.run.number}",
                "url": reverse("datasets:attest", args=[project.slug, attestation.run_id]),
            },
            {"state": "attested"},
            {"value": signature.signer_name},
            {"when": signature.signed_at},
            {"digest": signature.manifest_digest},
        ]
    }


def waiting_row(project: Project, run: Run) -> dict[str, Any]:
    return {
        "cells": [
            {
                "value": f"Run {run.number}",
                "url": reverse("datasets:attest", args=[project.slug, run.pk]),
            },
            {"state": "waiting", "value": "Waits for the compliance officer"},
            None,
            None,
            None,
        ]
    }


def gate_words(gate: dict[str, Any]) -> dict[str, Any]:
    """A stored gate result in the flat form that the gate row shows."""
    rule = gate["gate"]
    return {
        "label": rule["label"], "status": gate["status"], "value": int(gate["value"]),
        "unit": rule["unit"], "limit": int(rule["limit"]), "direction": rule["direction"],
        "n": gate["n"], "explanation": gate["explanation"],
    }  # fmt: skip


def crumbs(project: Project, here: str) -> list[dict[str, str]]:
    return [
        {"label": "Dataset", "url": reverse("datasets:index", args=[project.slug])},
        {"label": here},
    ]
