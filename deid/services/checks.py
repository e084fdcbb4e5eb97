"""Mended notes are read again: each note that leaked before, as the new run left it.

They stand beside the random sample and enter none of its figures. A round waits for them, and one
that leaks again fails it like a leak among the drawn notes.
"""

from __future__ import annotations

from django.db.models import Max

from accounts.errors import WrongState
from deid.models import Sample, SampleItem
from deid.selectors.checks import notes_to_check


def add_checks(sample: Sample) -> int:
    """Put every note that leaked in another round behind the drawn ones; how many were added.

    Called when the sample is drawn and again before it is judged, since another round of the
    project may have found a leak meanwhile. The caller holds the sample's lock.
    """
    missing = list(notes_to_check(sample).values_list("pk", flat=True))
    last = sample.items.aggregate(last=Max("position"))["last"] or 0
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, run_note_id=note, kind=SampleItem.Kind.MENDED, position=position)
        for position, note in enumerate(missing, start=last + 1)
    )
    return len(missing)


def require_no_new_leak(sample: Sample) -> None:
    """Refuse a signature when another round found a leak after this one was judged."""
    if notes_to_check(sample).exists():
        raise WrongState(
            "Another round found a leak after this one was judged, and its note was not read "
            "again here. Nothing was signed; mend it, run again and review a fresh sample."
        )
