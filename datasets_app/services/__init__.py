"""Acts on attestations, gold sets and dataset versions."""

from datasets_app.services.attestations import attest, attestation_manifest
from datasets_app.services.datasets import freeze_dataset
from datasets_app.services.exports import SPLITS, export_dataset
from datasets_app.services.gold_sets import freeze_gold_set

__all__ = [
    "SPLITS",
    "attest",
    "attestation_manifest",
    "export_dataset",
    "freeze_dataset",
    "freeze_gold_set",
]
