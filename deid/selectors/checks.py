"""Reading the notes that leaked in an earlier round and are shown again in a new run."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deid.models import Leak, Run, RunNote, Sample, SampleItem


@dataclass(frozen=True)
class Checks:
    """Mended notes of a round: how many, how many are decided, in how many something leaks."""

    notes: int
    read: int
    leaks: int


def checks_of(sample: Sample) -> Checks:
    leaky = Leak.objects.filter(review__item=OuterRef("pk"), review__undone_at=None)
    found = (
        SampleItem.objects.filter(sample=sample, kind=SampleItem.Kind.MENDED)
        .annotate(leaky=Exists(leaky))
        .aggregate(
            notes=Count("pk"),
            read=Count("pk", filter=Q(decided=True)),
            leaks=Count("pk", filter=Q(leaky=True)),
        )
    )
    return Checks(**found)


def earlier_leaks(run: Run) -> QuerySet[Leak]:
    """What reviewers found in the rounds of the project's other runs."""
    return Leak.objects.filter(
        review__undone_at=None, review__item__sample__run__project_id=run.project_id
    ).exclude(review__item__sample__run=run)


def notes_to_check(sample: Sample) -> QuerySet[RunNote]:
    """Outputs of the sample's run whose note leaked in another round and is not in this sample."""
    leaked = earlier_leaks(sample.run).values("review__item__run_note__note")
    return (
        RunNote.objects.filter(run=sample.run_id, note__in=leaked)
        .exclude(pk__in=sample.items.values("run_note"))
        .order_by("pk")
    )


def missed_before(item: SampleItem) -> list[str]:
    """Categories that leaked in this note in earlier rounds; empty for a drawn note."""
    if item.kind != SampleItem.Kind.MENDED:
        return []
    found = earlier_leaks(item.sample.run).filter(
        review__item__run_note__note=item.run_note.note_id
    )
    return sorted(set(found.values_list("category", flat=True)))
