"""The frame of a round: the unread notes of a run, and the stratum that each belongs to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

from deid.models import Run, RunNote
from deid.sampling import Cell, form_strata, plan_sample
from deid.selectors.reviews import unread_notes

#: A find below this score rests on context or on the statistical model alone.
UNSURE_BELOW = 0.75
#: Fewer read notes than these say nothing about a stratum of its own.
NOTES_PER_STRATUM = 10

_LEAST_SCORE = RawSQL(
    "(SELECT min((span->>'score')::float) FROM jsonb_array_elements(deid_runnote.spans) span)",
    (),
    output_field=FloatField(),
)


def frame_of(run: Run) -> dict[str, list[str]]:
    """The ids of the unread outputs by stratum: how sure the engine was, note type, department."""
    rows = _features(unread_notes(run))
    counted = Counter(cell for _, cell in rows)
    strata = form_strata(counted, _smallest(run, len(rows)))
    frame: dict[str, list[str]] = defaultdict(list)
    for note, cell in rows:
        frame[strata[cell]].append(note)
    return dict(sorted(frame.items()))


def _features(notes: QuerySet[RunNote]) -> list[tuple[str, Cell]]:
    found = notes.annotate(least=_LEAST_SCORE).values_list(
        "pk", "least", "note__note_type", "note__specialty"
    )
    return [(str(pk), (_band(least), kind, department)) for pk, least, kind, department in found]


def _band(least: float | None) -> str:
    if least is None:
        return "nothing found"
    return "unsure" if least < UNSURE_BELOW else "sure"


def _smallest(run: Run, population: int) -> int:
    """Notes of which the planned share would read enough for a figure."""
    if not population:
        return 1
    project = run.project
    plan = plan_sample(population, project.leak_limit, project.confidence, project.sample_fraction)
    return math.ceil(NOTES_PER_STRATUM * population / plan.n)
