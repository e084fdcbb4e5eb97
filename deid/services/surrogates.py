"""Keys of surrogates, and the map back to the originals.

A key is random and derived from nothing. It lies encrypted as long as its run works, so that a
chunk that is done again writes the same surrogates, and is destroyed when the run is finished. What
a surrogate stands for is kept only where that was asked for with a reason, can be looked up one by
one by a person with a permission of its own, and can be deleted at any time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.engine.output_basis import SURROGATES, basis_of
from deid.lookups import surrogate_lookup
from deid.models import Note, Run, RunNote, SurrogateEntry, SurrogateKey, SurrogateMap
from deid.selectors.notes import composed
from projects.permissions import require

MAX_REASON = 500
MAX_SURROGATE = 300
#: A failed run still takes its other chunks; a cancelled or finished one takes none.
WORKING = (Run.State.RUNNING, Run.State.FAILED)
#: Why a surrogate is looked up. Chosen and not typed: what is typed may name a patient, and the
#: trail keeps it for ever.
PURPOSES = {
    "safety": "The patient's safety or treatment",
    "request": "A request of the patient",
    "correction": "An error in the output",
    "inquiry": "An inquiry into a disclosure",
}


@transaction.atomic
def keys_of(run: Run, patients: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes] | None:
    """The key of each patient in a run that writes surrogates, made where there is none yet.

    Two workers on one chunk get the same keys: the database keeps whichever came first. `None`
    when the run takes no chunk any more: a late chunk brings no destroyed key back.
    """
    if basis_of(run.policy.content).output != SURROGATES:
        return {}
    from deid.engine.surrogates import new_key  # heavy: loads spaCy, and only in a worker

    # Locked before it is judged, as at its end, which destroys the keys. Not for the keys of the
    # row: others write notes of the run meanwhile.
    locked = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    if locked.state not in WORKING:
        return None
    wanted = list(patients)
    SurrogateKey.objects.bulk_create(
        [SurrogateKey(run=run, patient_id=patient, key=new_key()) for patient in wanted],
        ignore_conflicts=True,
    )
    kept = SurrogateKey.objects.filter(run=run, patient__in=wanted)
    return {row.patient_id: bytes(row.key) for row in kept}


def destroy_keys(run: Run) -> None:
    """A finished run is never written again, so nothing needs its keys."""
    SurrogateKey.objects.filter(run=run).delete()


def has_map(run: Run) -> bool:
    """Whether a map was asked for, deleted since or not."""
    return SurrogateMap.objects.filter(run=run).exists()


def ask_for_map(*, run: Run, actor: User, reason: str) -> SurrogateMap:
    """Keep what the surrogates of a run that is just being started stand for."""
    require(actor, run.project, Permission.RUN_DEID)
    shown = " ".join(reason.split())
    if basis_of(run.policy.content).output != SURROGATES:
        raise InvalidInput(
            "Only a run that writes surrogates has something to look up. Nothing was started."
        )
    if not shown or len(shown) > MAX_REASON:
        raise InvalidInput(
            f"A re-identification map needs a reason of at most {MAX_REASON} characters. "
            "Nothing was started."
        )
    kept = SurrogateMap.objects.create(run=run, reason=shown, asked_by=actor)
    record(
        "deid.reid",
        actor=actor,
        action="C",
        project_id=run.project_id,
        subject=kept,
        reason="ask-for-map",
        details={"run": run.number},
    )
    return kept


def open_map(run: Run) -> SurrogateMap | None:
    """The map that the run fills; ``None`` where none was asked for or it was deleted."""
    return SurrogateMap.objects.filter(run=run, deleted_at=None).first()


def map_entries(
    kept: SurrogateMap, notes: Sequence[Note], outputs: Sequence[RunNote]
) -> list[SurrogateEntry]:
    """What the surrogates of one patient stand for, each pair once."""
    pairs: dict[tuple[str, str, str], uuid.UUID] = {}
    for note, output in zip(notes, outputs, strict=True):
        original = composed(note)
        for span in output.spans:
            surrogate = output.text[span["output_start"] : span["output_end"]]
            if surrogate != span["tag"]:
                surface = original[span["start"] : span["end"]]
                pairs[span["category"], surrogate, surface] = note.patient_id
    return [
        SurrogateEntry(
            map=kept,
            patient_id=patient,
            category=category,
            surrogate=surrogate,
            original=surface,
            lookup=surrogate_lookup(kept.pk, surrogate),
        )
        for (category, surrogate, surface), patient in pairs.items()
    ]


def write_map(run: Run, entries: Sequence[SurrogateEntry]) -> None:
    """Keep the entries of a chunk in the transaction of its commit."""
    # Locked, so that a map which is deleted while the run works gets nothing behind that.
    if entries and SurrogateMap.objects.select_for_update().filter(run=run, deleted_at=None):
        SurrogateEntry.objects.bulk_create(entries)


def the_map(run: Run) -> SurrogateMap:
    """The map of a run, to look into or delete."""
    kept = SurrogateMap.objects.select_for_update().filter(run=run).first()
    if kept is None:
        raise WrongState(
            "No map was asked for when this run was started, so nobody can look up a surrogate."
        )
    if kept.deleted_at is not None:
        raise WrongState("The map of this run was deleted. What it held cannot be looked up.")
    return kept


@transaction.atomic
def look_up(*, run: Run, actor: User, surrogate: str, purpose: str) -> list[SurrogateEntry]:
    """What one surrogate stands for: one entry for each patient and form that has it.

    Every look-up is recorded, the vain ones too; neither surrogate nor original is.
    """
    require(actor, run.project, Permission.REIDENTIFY)
    wanted = " ".join(surrogate.split())
    if not wanted or len(wanted) > MAX_SURROGATE:
        raise InvalidInput("Type one surrogate as the note has it. Nothing was looked up.")
    if purpose not in PURPOSES:
        raise InvalidInput("A look-up needs one of the purposes. Nothing was looked up.")
    kept = the_map(run)
    found = list(
        kept.entries.filter(lookup=surrogate_lookup(kept.pk, wanted)).order_by("category", "pk")
    )
    record(
        "deid.reid",
        actor=actor,
        action="R",
        project_id=run.project_id,
        subject=kept,
        purpose=purpose,
        reason="look-up",
        details={"run": run.number, "entries": len(found)},
    )
    return found


@transaction.atomic
def delete_map(*, run: Run, actor: User) -> SurrogateMap:
    """Delete what the surrogates of a run stand for. The output stays as it is."""
    require(actor, run.project, Permission.REIDENTIFY)
    kept = the_map(run)
    count = kept.entries.count()
    kept.entries.all().delete()
    kept.deleted_by, kept.deleted_at = actor, timezone.now()
    kept.save(update_fields=["deleted_by", "deleted_at"])
    record(
        "deid.reid",
        actor=actor,
        action="D",
        project_id=run.project_id,
        subject=kept,
        reason="delete-map",
        details={"run": run.number, "entries": count},
    )
    return kept
