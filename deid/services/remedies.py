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
from deid.models import Leak, RunNote
from deid.services.known import add_known_identifier
from deid.services.policies import add_terms, current_policy
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
    surfaces = [_surface(leak, text) for leak in locked]
    if remedy == Leak.Remedy.KNOWN:
        for leak, surface in zip(locked, surfaces, strict=True):
            add_known_identifier(
                patient=leak.review.item.run_note.note.patient,
                actor=actor,
                category=leak.category,
                value=surface,
                source="review",
            )
    else:
        _add_terms(project, actor, locked, surfaces)
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


def _surface(leak: Leak, text: str | None) -> str:
    """What leaked, from the stored output; a correction must be text that overlaps the flag."""
    output = leak.review.item.run_note
    if text is None:
        return _unreplaced(output, leak)
    if not _overlaps(output, leak, text):
        raise InvalidInput(
            "The corrected text does not stand in the note where the flag is. "
            "Nothing was changed; type it exactly as the note has it."
        )
    return text


def _unreplaced(output: RunNote, leak: Leak) -> str:
    """What was marked, without tags and surrogates in it: they are nobody's identifiers."""
    inside = [
        span
        for span in output.spans
        if span["output_start"] < leak.end and leak.start < span["output_end"]
    ]
    at, pieces = leak.start, []
    for span in inside:
        pieces.append(output.text[at : max(at, span["output_start"])])
        at = max(at, span["output_end"])
    pieces.append(output.text[at : max(at, leak.end)])
    return " ".join(piece.strip() for piece in pieces if piece.strip(" ,.;"))


def _overlaps(output: RunNote, leak: Leak, text: str) -> bool:
    place = output.text.find(text) if text.strip() else -1
    while place >= 0:
        if place < leak.end and leak.start < place + len(text):
            return True
        place = output.text.find(text, place + 1)
    return False


def _add_terms(
    project: Project, actor: User, leaks: Sequence[Leak], surfaces: Sequence[str]
) -> None:
    wanted = {
        (" ".join(surface.split()), leak.category)
        for leak, surface in zip(leaks, surfaces, strict=True)
    }
    held = {(t["text"], t["category"]) for t in current_policy(project).content["terms"]}
    if missing := sorted(wanted - held):
        numbers = sorted({leak.review.item.sample.round for leak in leaks})
        rounds = ", ".join(str(number) for number in numbers)
        add_terms(project=project, actor=actor, terms=missing, note=f"Leaks of round {rounds}")
