"""Handing a dataset out: the guide's JSONL, to roles that may, on the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from datasets_app.models import DatasetVersion
from deid.services.release import require_release
from evidence.digests import digest_file
from projects.permissions import require
from vault import artefacts

SPLITS = ("train", "validation")
BLOCK = 64 * 1024


@transaction.atomic
def export_dataset(*, dataset: DatasetVersion, actor: User, split: str) -> Iterator[bytes]:
    """The lines of one split, `{"instruction", "response"}` each, as a stream of bytes."""
    require(actor, dataset.project, Permission.EXPORT_DATASET)
    if split not in SPLITS:
        raise InvalidInput("A dataset has the splits train and validation. Nothing was exported.")
    # Again at every export: a determination may have expired or been withdrawn since.
    require_release(dataset.run, kept="Nothing was exported.")
    digest = dataset.train_artefact if split == "train" else dataset.validation_artefact
    path = artefacts.path_of(digest)
    # What leaves must be what was frozen and attested, byte for byte.
    if not path.is_file() or digest_file(path) != digest:
        raise WrongState(
            "The stored file of this dataset is missing or was changed. Nothing was exported; "
            "restore it from the backup and try again."
        )
    record(
        "phi.export",
        actor=actor,
        action="R",
        project_id=dataset.project_id,
        subject=dataset,
        purpose="dataset export",
        details={"class": "de-identified", "split": split, "digest": digest},
    )
    return _blocks(path)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            yield block
