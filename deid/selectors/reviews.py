"""Reading reviews: figures of a round, what is open, and what was read before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from deid.models import Leak, OverRedaction, Review, Run, RunNote, Sample, SampleItem
from deid.sampling import possibly_leaky
from deid.selectors.checks import checks_of
from evidence.statistics import Stratum
from projects.models import Project


@dataclass(frozen=True)
class Figures:
    """Counts of the decisions that stand. Leaks and over-redactions count notes, not marks."""

    read: int
    leaks: int
    over_redactions: int
    seconds: float
    kept_after_warning: int = 0


NOTHING = Figures(0, 0, 0, 0.0)


def decided(sample: Sample) -> QuerySet[Review]:
    """The decisions that stand: not undone, and not a skip, since nobody has judged that note."""
    return Review.objects.filter(item__sample=sample, undone_at=None).exclude(
        verdict=Review.Verdict.SKIP
    )


def standing(sample: Sample) -> QuerySet[Review]:
    """Those on drawn notes: the statistics rest on them alone."""
    return decided(sample).filter(item__kind=SampleItem.Kind.DRAWN)


def in_all(strata: Iterable[Figures]) -> Figures:
    """The figures of some strata together."""
    return Figures(*map(sum, zip(*map(astuple, strata), strict=True)))


def figures_by_stratum(sample: Sample) -> dict[str, Figures]:
    """The figures of each stratum of the plan, also of those of which nothing is read yet."""
    rows = (
        standing(sample)
        .annotate(
            leaky=Exists(Leak.objects.filter(review=OuterRef("pk"))),
            destroyed=Exists(OverRedaction.objects.filter(review=OuterRef("pk"))),
        )
        .values(stratum=F("item__stratum"))
        .annotate(
            read=Count("pk"),
            missed=Count("pk", filter=Q(leaky=True)),
            lost=Count("pk", filter=Q(destroyed=True)),
            spent=Sum("seconds", default=0.0),
            kept=Count("pk", filter=Q(kept_after_warning=True)),
        )
        .values_list("stratum", "read", "missed", "lost", "spent", "kept")
    )
    found = {stratum: Figures(*counts) for stratum, *counts in rows}
    return {name: found.get(name, NOTHING) for name in sample.populations}


def progress(sample: Sample) -> dict[str, Any]:
    """The review screen's header: risk so far, at best, and against the target; and what is
    left. `can_pass` is false once a leak was found, whatever the rest will show."""
    by_stratum, checks = figures_by_stratum(sample), checks_of(sample)
    done = in_all(by_stratum.values())
    shown = header(sample, by_stratum)
    clean = not done.leaks and not checks.leaks
    return {
        **shown,
        "state": sample.state,
        "can_pass": clean and shown["best_upper"] <= sample.limit,
        "checks": checks.notes,
        "checked": checks.read,
        "checks_leaking": checks.leaks,
        "undecided": sample.size - done.read + checks.notes - checks.read,
    }


def header(sample: Sample, by_stratum: dict[str, Figures]) -> dict[str, Any]:
    """`upper` bounds the rate now, `best_upper` if all that is still unread is clean."""
    done = in_all(by_stratum.values())
    left = sample.size - done.read
    now = strata_of(sample, by_stratum)
    return {
        "read": done.read,
        "planned": sample.size,
        "leaks": done.leaks,
        "over_redactions": done.over_redactions,
        "upper": _upper(sample, now) if done.read else None,
        "best_upper": _upper(sample, [replace(s, n=sample.sizes[s.name]) for s in now]),
        "target": sample.limit,
        "minutes_left": left * done.seconds / done.read / 60 if done.read else None,
    }


def _upper(sample: Sample, strata: list[Stratum]) -> float:
    return possibly_leaky(strata, sample.confidence) / sample.population


def strata_of(sample: Sample, by_stratum: dict[str, Figures]) -> list[Stratum]:
    """The strata for a bound: notes with a leak among those read."""
    return [
        Stratum(name, sample.populations[name], found.read, found.leaks)
        for name, found in by_stratum.items()
    ]


def leaks_by_category(sample: Sample) -> dict[str, int]:
    counted = (
        Leak.objects.filter(review__in=standing(sample))
        .values_list("category")
        .annotate(count=Count("pk"))
        .order_by("category")
    )
    return dict(counted)


def standing_leaks(sample: Sample) -> QuerySet[Leak]:
    return Leak.objects.filter(review__item__sample=sample, review__undone_at=None)


def standing_over_redactions(sample: Sample) -> QuerySet[OverRedaction]:
    """Replaced parts that destroyed clinical meaning, in reading order."""
    return (
        OverRedaction.objects.filter(review__item__sample=sample, review__undone_at=None)
        .select_related("review__item__run_note", "review__reviewer")
        .order_by("review__item__position", "start")
    )


def open_leaks(project: Project) -> QuerySet[Leak]:
    """Every leak of the project that nobody has mended, the oldest round first."""
    return (
        Leak.objects.filter(
            review__item__sample__run__project=project, review__undone_at=None, remedy=""
        )
        .select_related("review__item__sample__run", "review__item__run_note__note__patient")
        .order_by("review__item__sample__round", "review__item__position", "start")
    )


def leaky_run_notes(run: Run) -> QuerySet[RunNote]:
    """Outputs of a run in which a reviewer found an identifier: they are still in the text."""
    return RunNote.objects.filter(
        run=run,
        pk__in=Leak.objects.filter(review__item__run_note__run=run, review__undone_at=None).values(
            "review__item__run_note"
        ),
    )


def unread_notes(run: Run) -> QuerySet[RunNote]:
    """The run's notes that nobody opened or judged in an earlier round of the project.

    A note that was read once is no longer a fresh draw: what leaked in it has been mended.
    """
    opened = (
        SampleItem.objects.filter(sample__run__project_id=run.project_id)
        .filter(Q(leased_until__isnull=False) | Exists(Review.objects.filter(item=OuterRef("pk"))))
        .exclude(sample__run=run)
    )
    return RunNote.objects.filter(run=run).exclude(note__in=opened.values("run_note__note"))


def rounds(project: Project) -> QuerySet[Sample]:
    """Every round of the project, the failed ones too, the newest first."""
    return (
        Sample.objects.filter(run__project=project)
        .select_related("run__operator", "drawn_by", "signature")
        .order_by("-round")
    )


def sample_of(project: Project, sample_id: uuid.UUID) -> Sample | None:
    """A round of this project; an id from elsewhere finds nothing."""
    found = Sample.objects.filter(pk=sample_id, run__project=project)
    return found.select_related("run__project", "run__operator", "signature", "drawn_by").first()
