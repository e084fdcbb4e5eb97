"""How well a run did on the notes that people read: counts from their decisions, with intervals.

Reviewed notes are those drawn by chance with a decision that stands; a skip judges nothing, and a
mended note was chosen for its leak. Counts only: nothing here decrypts a text.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from deid.models import Leak, Review, Run, SampleItem
from evidence.statistics import clopper_pearson_interval

CONFIDENCE = 0.95

# A replaced part counts as wrongly replaced if a reviewer's mark of lost meaning touches it.
_REPLACED = """
    SELECT n.run_id, s->>'category', s->>'recognizer', count(*),
        sum((s->>'end')::int - (s->>'start')::int),
        count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM deid_overredaction o WHERE o.review_id = r.id
            AND o.start < (s->>'output_end')::int AND o.end > (s->>'output_start')::int))
    FROM deid_review r
    JOIN deid_sampleitem i ON i.id = r.item_id
    JOIN deid_runnote n ON n.id = i.run_note_id
    CROSS JOIN jsonb_array_elements(n.spans) s
    WHERE n.run_id = ANY(%s) AND i.kind = 'drawn' AND r.undone_at IS NULL AND r.verdict <> 'skip'
    GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Rate:
    """A share of ``n`` with its exact two-sided interval; without any there is none."""

    count: int
    n: int

    @property
    def value(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return clopper_pearson_interval(self.count, self.n, CONFIDENCE) if self.n else None

    def to_dict(self) -> dict[str, Any]:
        low, high = self.interval or (None, None)
        return {"count": self.count, "n": self.n, "value": self.value, "low": low, "high": high}


@dataclass
class Tally:
    """Identifiers of one category, or replaced by one recognizer. Only a category has misses."""

    replaced: int = 0
    wrongly: int = 0
    missed: int = 0
    characters: int = 0
    missed_characters: int = 0

    @property
    def found(self) -> int:
        return self.replaced - self.wrongly

    @property
    def recall(self) -> Rate:
        return Rate(self.found, self.found + self.missed)

    @property
    def precision(self) -> Rate:
        return Rate(self.found, self.replaced)

    def add(self, other: Tally) -> None:
        self.replaced += other.replaced
        self.wrongly += other.wrongly
        self.missed += other.missed
        self.characters += other.characters
        self.missed_characters += other.missed_characters


@dataclass
class Measurement:
    """What reviewers found in the notes of one run that they read."""

    notes: int = 0
    leaking: int = 0
    characters: int = 0  # of all notes read, as they came
    categories: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    recognizers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def total(self) -> Tally:
        total = Tally()
        for tally in self.categories.values():
            total.add(tally)
        return total

    @property
    def without_leak(self) -> Rate:
        return Rate(self.notes - self.leaking, self.notes)

    def share_of(self, recognizer: str) -> Rate:
        """The share of all identifiers, the missed ones too, that this recognizer found."""
        return Rate(self.recognizers[recognizer].found, self.total.recall.n)


def measurement_of(run: Run) -> Measurement:
    return measurements([run])[run.pk]


def measurements(runs: Iterable[Run]) -> dict[uuid.UUID, Measurement]:
    """One for each run, read or not, in three queries however many there are."""
    found = {run.pk: Measurement() for run in runs}
    _count_notes(found)
    _count_replaced(found)
    _count_missed(found)
    return found


def read_reviews(run_ids: Collection[uuid.UUID]) -> QuerySet[Review]:
    """The decisions on which a measurement rests."""
    return Review.objects.filter(
        item__run_note__run__in=run_ids, item__kind=SampleItem.Kind.DRAWN, undone_at=None
    ).exclude(verdict=Review.Verdict.SKIP)


def _count_notes(found: dict[uuid.UUID, Measurement]) -> None:
    rows = (
        read_reviews(found)
        .annotate(leaky=Exists(Leak.objects.filter(review=OuterRef("pk"))))
        .order_by()
        .values_list("item__run_note__run")
        .annotate(
            notes=Count("pk"),
            leaking=Count("pk", filter=Q(leaky=True)),
            characters=Sum("item__run_note__note__length"),
        )
    )
    for run, notes, leaking, characters in rows:
        one = found[run]
        one.notes, one.leaking, one.characters = notes, leaking, characters


def _count_replaced(found: dict[uuid.UUID, Measurement]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REPLACED, [list(found)])
        for run, category, recognizer, replaced, characters, wrongly in cursor.fetchall():
            tally = Tally(replaced=replaced, wrongly=wrongly, characters=characters)
            found[run].categories[category].add(tally)
            found[run].recognizers[recognizer].add(tally)


def _count_missed(found: dict[uuid.UUID, Measurement]) -> None:
    rows = (
        Leak.objects.filter(review__in=read_reviews(found))
        .order_by()
        .values_list("review__item__run_note__run", "category")
        .annotate(missed=Count("pk"), characters=Sum(F("end") - F("start")))
    )
    for run, category, missed, characters in rows:
        found[run].categories[category].add(Tally(missed=missed, missed_characters=characters))
