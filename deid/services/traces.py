"""The trace of a note: worked out when somebody asks, under the run's own policy.

The engine reads the raw notes of the patient once more; nothing of them reaches the person. Places
are turned into those of the run's output, and every word that is shown is taken from that output,
where what is hidden is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Prefetch, Q

from accounts.errors import WrongState
from accounts.models import User
from audit.services import record
from deid.engine_door import decisions_on, engine_version
from deid.models import KnownIdentifier, Note, Patient, RunNote, SampleItem
from deid.selectors.notes import composed, notes_at, require_reading
from deid.services.chunks import known_of
from deid.services.duties import require_reviewer
from deid.traces import Trace, trace_of

if TYPE_CHECKING:
    from deid.engine.trace import Decision

# A trace takes about as long as a run over the same notes: this much is a few seconds of work.
MOST_CHARACTERS = 200_000


def explain_output(*, actor: User, output: RunNote) -> Trace:
    """For whoever may read the output."""
    with transaction.atomic():
        require_reading(actor, output)
        _record(actor, output, "see why parts were replaced")
    return _explained(output)


def explain_item(*, actor: User, item: SampleItem) -> Trace:
    """For the reviewer who holds this note of a round."""
    with transaction.atomic():
        require_reviewer(actor, item.sample.run)
        if item.decided or item.leased_to_id != actor.pk:
            raise WrongState("This note is not yours any more. Nothing was worked out.")
        _record(actor, item.run_note, "review")
    return _explained(item.run_note)


def _record(actor: User, output: RunNote, purpose: str) -> None:
    # The engine reads identified text on this person's behalf, so that it is an entry of its own.
    record(
        "deid.trace",
        actor=actor,
        action="R",
        project_id=output.run.project_id,
        subject=output,
        purpose=purpose,
    )


def _explained(output: RunNote) -> Trace:
    run = output.run
    notes, unread = _notes_of(output)
    decisions: list[Decision] = decisions_on(
        [(str(note.pk), composed(note)) for note in notes],
        known_of(_patient(output), notes),
        run.policy,
        only=str(output.note_id),
    )
    # A run that is not finished has not stated its engine yet: it is the one at work.
    same = not run.engine or run.engine == engine_version()
    return trace_of(output, decisions, same_engine=same, notes_unread=unread)


def _notes_of(output: RunNote) -> tuple[list[Note], int]:
    """The patient's notes in the order of the run, as many as are read, and how many are not."""
    others = notes_at(output.run).filter(patient_id=output.note.patient_id)
    taken, left, room = [], 0, MOST_CHARACTERS - output.note.length
    for note in others.order_by("created_at", "pk").defer("raw_text", "raw_summary"):
        if note.pk != output.note_id:
            room -= note.length
            left += room < 0
        if note.pk == output.note_id or room >= 0:
            taken.append(note)
    return taken, left


def _patient(output: RunNote) -> Patient:
    """With what was known when the run ended: what is mended since belongs to the next run."""
    known = KnownIdentifier.objects.filter(
        Q(added_at__lte=output.run.finished_at) if output.run.finished_at else Q()
    )
    return Patient.objects.prefetch_related(Prefetch("known", known)).get(pk=output.note.patient_id)
