"""Reading notes.

People read raw text through `read_raw_note` only, and each reading is an entry of the trail. A run
reads every note of the project through `composed`; its entry is the run's own, not one a note.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.models import Leak, Note, PolicyTrial, Run, RunNote
from projects.permissions import require

# Between a note and its summary, which are de-identified and reviewed as one text.
DIVIDER = "\n\nSUMMARY\n"


def composed(note: Note) -> str:
    """Note and summary as the one text that a run works on; span offsets count in it."""
    text, summary = str(note.raw_text), note.raw_summary
    return f"{text}{DIVIDER}{summary}" if summary else text


@transaction.atomic
def read_raw_note(*, actor: User, note: Note, purpose: str) -> str:
    """The raw note with its summary, for a person who may; `purpose` is a few plain words."""
    require(actor, note.project, Permission.READ_RAW_NOTE)
    record(
        "phi.read",
        actor=actor,
        action="R",
        project_id=note.project_id,
        subject=note,
        purpose=purpose,
    )
    return composed(note)


def require_reading(actor: User, output: RunNote) -> bool:
    """Refuse whoever may not read a run's output; tells whether the output is clean. Raw rules hold
    until its run is signed off, for it may hold what leaked, and beyond that where a reviewer found
    something in it: that is still in the text."""
    run = output.run
    leaky = Leak.objects.filter(review__item__run_note=output, review__undone_at=None)
    clean = run.state == Run.State.SIGNED_OFF and not leaky.exists()
    require(actor, run.project, Permission.VIEW_PROJECT if clean else Permission.READ_RAW_NOTE)
    return clean


@transaction.atomic
def read_output(*, actor: User, output: RunNote, purpose: str) -> str:
    """A run's output, for whoever may read it in the state of its run."""
    clean = require_reading(actor, output)
    record(
        # What may still hold an identifier is read as identified text.
        "deid.read" if clean else "phi.read",
        actor=actor,
        action="R",
        project_id=output.run.project_id,
        subject=output,
        purpose=purpose,
    )
    return str(output.text)


def split_output(output: RunNote) -> tuple[str, str | None]:
    """A run's output as (note, summary or None), without the divider between them."""
    text = str(output.text)
    if output.summary_start is None:
        return text, None
    note, summary = text[: output.summary_start], text[output.summary_start :]
    return note.removesuffix(DIVIDER), summary


def shown_spans(output: RunNote) -> list[dict[str, Any]]:
    """A run's spans by their places in its output, for whoever may read that.

    `written` is what stands there and `surrogate` whether that is a fake and no tag: a fake does
    not show what it is, so pages mark it with its category.
    """
    text, spans = str(output.text), []
    for span in output.spans:
        start, end = span["output_start"], span["output_end"]
        written = text[start:end]
        about = {"written": written, "surrogate": written != span["tag"]}
        spans.append({**span, "start": start, "end": end, **about})
    return spans


def notes_at(run: Run | PolicyTrial) -> QuerySet[Note]:
    """The notes that were current when the run or trial started, whatever was imported since."""
    return Note.objects.filter(
        Q(replaced_at=None) | Q(replaced_at__gt=run.started_at),
        project_id=run.project_id,
        created_at__lte=run.started_at,
    )


def output_rows(run: Run, *, note_type: str = "", search: str = "") -> QuerySet[RunNote]:
    """A run's notes for a list: no text is decrypted. `search` looks at type and specialty."""
    rows = (
        run.notes.select_related("note")
        .only(
            "id", "run", "span_count", "note__id", "note__note_type", "note__specialty",
            "note__length",
        )
        .order_by("note__note_type", "note_id")
    )  # fmt: skip
    if note_type:
        rows = rows.filter(note__note_type=note_type)
    if search:
        rows = rows.filter(
            Q(note__note_type__icontains=search) | Q(note__specialty__icontains=search)
        )
    return rows


def note_types(run: Run) -> list[str]:
    found = run.notes.order_by().values_list("note__note_type", flat=True).distinct()
    return sorted(name for name in found if name)
