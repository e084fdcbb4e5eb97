"""The record of a finished import: counts and types, never content."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils import timezone

from deid.models import ImportBatch
from evidence.manifests import Manifest


def seal_batch(batch: ImportBatch, *, complete: bool) -> None:
    """Close a batch with its manifest; the caller holds its lock and the transaction."""
    batch.state, batch.finished_at = ImportBatch.State.DONE, timezone.now()
    manifest = Manifest(
        kind="import_batch",
        subject=str(batch.pk),
        created_at=batch.finished_at.isoformat(),
        body={
            "project": str(batch.project_id),
            "number": batch.number,
            "kind": batch.kind,
            "complete": complete,
            "bytes": batch.size,
            "file_commitment": batch.commitment,
            "records": batch.position,
            "added": batch.added,
            "updated": batch.updated,
            "unchanged": batch.unchanged,
            "rejected": batch.rejected,
            "withdrawn": batch.withdrawn,
            "left_out_because": _reasons(batch),
            "authority": _authority(batch),
            "without_patient": batch.without_patient,
            "patients": batch.notes.values("patient").distinct().count(),
            "note_types": _counts(batch, "note_type"),
            "specialties": _counts(batch, "specialty"),
            "imported_by": str(batch.created_by_id),
        },
    )
    batch.manifest, batch.digest = manifest.to_dict(), manifest.digest
    batch.save()


def _counts(batch: ImportBatch, field: str) -> dict[str, int]:
    found = batch.notes.values(field).annotate(n=Count("pk")).order_by(field)
    return {row[field] or "not stated": row["n"] for row in found}


def _reasons(batch: ImportBatch) -> dict[str, int]:
    found = batch.rejections.values("code").annotate(n=Count("pk")).order_by("code")
    return {row["code"]: row["n"] for row in found}


def _authority(batch: ImportBatch) -> dict[str, Any] | None:
    """What admitted restricted records, and who wrote it down."""
    if batch.authority is None:
        return None
    assert batch.authority_at is not None
    return {
        **batch.authority,
        "recorded_by": str(batch.authority_by_id),
        "recorded_at": batch.authority_at.isoformat(),
    }
