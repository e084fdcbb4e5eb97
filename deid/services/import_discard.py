"""Discarding an upload of which nothing was imported; its row and trail entries stay."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.errors import WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.models import ImportBatch
from projects.permissions import require
from vault import files

UNSTARTED = (ImportBatch.State.UPLOADED, ImportBatch.State.UNREADABLE)


def discardable(batch: ImportBatch) -> bool:
    """Notes point to the file that they came from, so it goes only where none came out."""
    return batch.state in UNSTARTED or (
        batch.state == ImportBatch.State.FAILED and not batch.position
    )


@transaction.atomic
def discard_import(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Delete the encrypted upload and say so in the trail."""
    require(actor, batch.project, Permission.IMPORT_NOTES)
    # A start locks the same row: an import is either started or discarded.
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == ImportBatch.State.DISCARDED:
        return batch
    if not discardable(batch):
        raise WrongState(
            "Only an upload of which nothing was imported can be discarded. Nothing was changed."
        )
    batch.state, batch.finished_at = ImportBatch.State.DISCARDED, timezone.now()
    batch.save(update_fields=["state", "finished_at"])
    record(
        "phi.import",
        actor=actor,
        action="D",
        project_id=batch.project_id,
        subject=batch,
        reason="discard",
        details={"commitment": batch.commitment},
    )
    transaction.on_commit(partial(files.delete, batch.file_id))
    return batch


def note_readable(*, batch: ImportBatch, readable: bool) -> None:
    """Keep what the last look at an upload found, so that lists say what its page says."""
    state = ImportBatch.State
    was, now = (
        (state.UNREADABLE, state.UPLOADED) if readable else (state.UPLOADED, state.UNREADABLE)
    )
    # Filtered by state: an import that was started meanwhile is left alone.
    ImportBatch.objects.filter(pk=batch.pk, state=was).update(state=now)
    if batch.state == was:
        batch.state = now
