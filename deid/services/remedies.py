"""Mending what leaked: it becomes a known identifier of the patient, or a term of the policy.

A remedy changes no output: it takes effect in the next run, which needs a fresh sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.leaked import leaked_values, overlapping
from deid.models import Leak, RunNote
from deid.selectors.notes import composed
from deid.services.known import add_known_identifier
from deid.services.policies import ALREADY_HIDDEN, add_terms
from projects.models import Project
from projects.permissions import require


def remedy_leak(*, leak: Leak, actor: User, remedy: str = "known", text: str | None = None) -> Leak:
    """Mend one leak. `text` corrects the reviewer's boundaries and must overlap the flag."""
    return _remedy([leak], actor, remedy, text)[0]


def remedy_leaks(*, leaks: Sequence[Leak], actor: User, remedy: str = "known") -> list[Leak]:
    """Mend several leaks of one project; as terms they make one new policy version together."""
    return _remedy(leaks, actor, remedy, None)


@transaction.atomic
def _remedy(leaks: Sequence[Leak], actor: User, remedy: str, text: str | None) -> list[Leak]:
    if not leaks:
        raise InvalidInput("No leak was chosen. Nothing was changed; choose at least one.")
    project = leaks[0].review.item.sample.run.project
    require(actor, project, Permission.EDIT_POLICY)
    if remedy not in Leak.Remedy.values:
        raise InvalidInput("A leak becomes a known identifier or a term. Nothing was changed.")
    locked = _open_ones(leaks, project)
    wanted = [(leak, value) for leak in locked for value in _values(leak, text)]
    if remedy == Leak.Remedy.KNOWN:
        for leak, value in wanted:
            add_known_identifier(
                patient=leak.review.item.run_note.note.patient,
                actor=actor,
                category=leak.category,
                value=value,
                source="review",
            )
    else:
        _add_terms(project, actor, wanted)
    for leak in locked:
        leak.remedy, leak.remedied_by, leak.remedied_at = remedy, actor, timezone.now()
        leak.save(update_fields=["remedy", "remedied_by", "remedied_at"])
        record(
            "deid.override",
            actor=actor,
            action="U",
            project_id=project.pk,
            subject=leak,
            reason=f"remedy-{remedy}",
            details={"category": leak.category, "corrected": text is not None},
        )
    return locked


def _open_ones(leaks: Sequence[Leak], project: Project) -> list[Leak]:
    """The same leaks under lock; all open, and all of this project."""
    locked = list(
        Leak.objects.select_for_update(of=("self",))
        .filter(
            pk__in=[leak.pk for leak in leaks],
            remedy="",
            review__undone_at=None,
            review__item__sample__run__project=project,
        )
        .select_related("review__item__run_note__note__patient", "review__item__sample")
        .order_by("review__item__sample__round", "review__item__position", "start")
    )
    if len(locked) != len({leak.pk for leak in leaks}):
        raise WrongState(
            "One of these leaks is mended already, or its flag was taken back. "
            "Nothing was changed; open the list again."
        )
    return locked


def _values(leak: Leak, text: str | None) -> list[str]:
    """The texts that must be hidden so that this leak cannot be read again."""
    output = leak.review.item.run_note
    start, end = (leak.start, leak.end) if text is None else _place(output, leak, text)
    note = output.note
    found = leaked_values(composed(note), str(output.text), output.spans, start, end)
    if not found:
        raise InvalidInput(
            "What is flagged is a single letter or digit: hidden everywhere it would destroy the "
            "notes. Nothing was changed; correct the text so that it holds more of the identifier."
        )
    return found


def _place(output: RunNote, leak: Leak, text: str) -> tuple[int, int]:
    """Where a correction of the reviewer's boundaries stands; it must overlap the flag."""
    place = overlapping(str(output.text), text, leak.start, leak.end)
    if place is None:
        raise InvalidInput(
            "The corrected text does not stand in the note where the flag is. "
            "Nothing was changed; type it exactly as the note has it."
        )
    return place


def _add_terms(project: Project, actor: User, leaked: Sequence[tuple[Leak, str]]) -> None:
    wanted = sorted({(value, leak.category) for leak, value in leaked})
    numbers = sorted({leak.review.item.sample.round for leak, _ in leaked})
    rounds = ", ".join(str(number) for number in numbers)
    try:
        add_terms(project=project, actor=actor, terms=wanted, note=f"Leaks of round {rounds}")
    except InvalidInput as problem:
        # Added since the run, in this spelling or another: the next run hides it all the same.
        if problem.code != ALREADY_HIDDEN:
            raise
