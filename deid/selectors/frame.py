"""The frame of a round: the unread notes of a run, and the stratum that each belongs to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db.models import Case, CharField, Count, FloatField, QuerySet, Value, When
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
_BAND = Case(
    When(least=None, then=Value("nothing found")),
    When(least__lt=UNSURE_BELOW, then=Value("unsure")),
    default=Value("sure"),
    output_field=CharField(),
)
_CELL = ("band", "note__note_type", "note__specialty")


def strata_sizes(run: Run) -> dict[str, int]:
    """How many unread outputs each stratum has: all that a plan asks for."""
    counted = _counted(_in_bands(run))
    sizes: Counter[str] = Counter()
    for cell, name in _strata(run, counted).items():
        sizes[name] += counted[cell]
    return dict(sorted(sizes.items()))


def frame_of(run: Run) -> dict[str, list[str]]:
    """The ids of the unread outputs by stratum: how sure the engine was, note type, department."""
    notes = _in_bands(run)
    strata = _strata(run, _counted(notes))
    frame: dict[str, list[str]] = defaultdict(list)
    for note, *cell in notes.values_list("pk", *_CELL):
        frame[strata[tuple(cell)]].append(str(note))
    return dict(sorted(frame.items()))


def _in_bands(run: Run) -> QuerySet[RunNote]:
    return unread_notes(run).annotate(least=_LEAST_SCORE).annotate(band=_BAND)


def _counted(notes: QuerySet[RunNote]) -> dict[Cell, int]:
    rows = notes.order_by().values_list(*_CELL).annotate(notes=Count("pk"))
    return {tuple(cell): count for *cell, count in rows}


def _strata(run: Run, counted: Mapping[Cell, int]) -> dict[Cell, str]:
    return form_strata(counted, _smallest(run, sum(counted.values())))


def _smallest(run: Run, population: int) -> int:
    """Notes of which the planned share would read enough for a figure."""
    if not population:
        return 1
    project = run.project
    plan = plan_sample(population, project.leak_limit, project.confidence, project.sample_fraction)
    return math.ceil(NOTES_PER_STRATUM * population / plan.n)
