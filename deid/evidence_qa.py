"""What the documentation package says of the reviews: every round, the failed ones too."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from deid.categories import label
from deid.evidence import documented_run
from deid.models import Leak, Review, Sample, SampleItem
from deid.selectors.bound import bound_scope
from deid.services.results import sign_off_manifest
from evidence.dates import moment
from evidence.sections import (
    Block,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from evidence.shares import percent, percent_words

_STATES = {
    Sample.State.OPEN: "being read",
    Sample.State.PASSED: "passed, not signed off",
    Sample.State.FAILED: "FAILED",
    Sample.State.SIGNED_OFF: "signed off",
}


@section_provider("deid")
def collect(scope: Scope) -> list[Field]:
    run = documented_run(scope)
    if run is None:
        return []
    # A round of a later run is no part of what was decided on this one.
    samples = list(
        Sample.objects.filter(run__project_id=scope.project_id, run__number__lte=run.number)
        .select_related("run", "drawn_by", "signature")
        .order_by("round")
    )
    if not samples:
        return []
    return [
        Field("qa_plan", "Plan of the review", _plan(samples), "qa_plan"),
        Field("qa_result", "Result of the review", _results(samples), "qa_result"),
        Field("qa_review", "Reviewers", _reviewers(samples), "reviewers"),
        Field("qa_action", "Corrective actions", _actions(samples), "corrective_actions"),
    ]


def _plan(samples: list[Sample]) -> list[Block]:
    rows = tuple(
        (
            sample.round, sample.run.number, sample.run.note_count, sample.population,
            sample.size, str(sample.seed),
            sample.acceptance_number, percent_words(sample.limit),
            percent_words(sample.confidence), moment(sample.drawn_at),
            sample.drawn_by.full_name,
        )
        for sample in samples
    )  # fmt: skip
    head = (
        "Round", "Run", "Notes of the run", "Unread before", "To be read", "Seed",
        "Leaky notes allowed", "Target", "Confidence", "Drawn", "By",
    )  # fmt: skip
    return [
        Text(
            "The unit is the note: a note counts as a leak if one identifier is left in it. Each "
            "round is a sample of the notes that nobody had read before, drawn simply at random "
            "within strata: by how sure the engine was, note type and department, small ones "
            "together, each read to the same share. Plan and seed are stored when the sample is "
            "drawn, before the first note is opened. The round is judged once, when all planned "
            "notes are read. It passes only if "
            "no note with a leak was found and the exact upper bound keeps to the target. A leak "
            "fails the round even if it was mended meanwhile; a new run and a fresh sample follow. "
            "Notes that leaked in an earlier round are read again beside the sample, and one that "
            "still leaks fails the round too."
        ),
        Table("Plans of all rounds", head, rows),
    ]


def _results(samples: list[Sample]) -> list[Block]:
    decided = [sample for sample in samples if sample.result]
    if not decided:
        return [Gap("QA result", "No round of review is decided yet.")]
    rows = tuple(_result_row(sample) for sample in decided)
    head = (
        "Round", "Outcome", "Read", "Notes with a leak", "Rate", "Upper bound, unread notes",
        "Target", "Notes with lost meaning", "Upper bound of it",
    )  # fmt: skip
    last = decided[-1]
    bound, scope = last.result or {}, bound_scope(last)
    blocks: list[Block] = [
        Table("Results of all rounds, failed ones included", head, rows),
        _headline(last),
        Text(f"{scope.holds_for} {scope.over_rounds}"),
        Text(
            f"The bound is one-sided at {percent_words(last.confidence)}, for the finite number "
            f"of notes and whatever the division of leaks among the strata ({bound['source']}). "
            "The rate weighs each stratum by its notes."
        ),
        _by_stratum(decided),
        _by_category(decided),
        Gap("Severity of leaks", "Reviewers record the category of a leak and no severity."),
    ]
    return blocks + [_record(sample) for sample in decided]


def _record(sample: Sample) -> Evidence:
    """The round's manifest; the one of a round that nobody could sign stands there unsigned."""
    words = "Signed result" if sample.digest else "Result, unsigned,"
    digest = sample.digest or sign_off_manifest(sample).digest
    return Evidence(f"{words} of round {sample.round}", digest, "qa_sample")


def _result_row(sample: Sample) -> tuple[str | int | float | None, ...]:
    result = sample.result
    assert result is not None  # only decided rounds come here
    return (
        sample.round, _STATES[Sample.State(sample.state)], result["read"], result["leaks"],
        percent_words(result["estimate"]), percent_words(result["upper"]),
        percent_words(sample.limit), result["over_redactions"],
        percent_words(result["over_redaction_upper"]),
    )  # fmt: skip


def _headline(sample: Sample) -> Figure:
    result = sample.result
    assert result is not None
    return Figure(
        f"Notes with a missed identifier among the {sample.population} unread before round "
        f"{sample.round}",
        percent(result["estimate"]),
        "%",
        (0.0, percent(result["upper"])),
        result["read"],
        sample.digest or None,
    )


def _by_stratum(decided: list[Sample]) -> Block:
    rows = [
        (
            sample.round, stratum["name"], stratum["population"], stratum["read"],
            stratum["leaks"], percent_words(stratum["upper"]), stratum["over_redactions"],
        )
        for sample in decided
        for stratum in (sample.result or {}).get("strata", ())
    ]  # fmt: skip
    head = (
        "Round", "Stratum", "Unread before", "Read", "Notes with a leak",
        "Upper bound, for itself alone", "Notes with lost meaning",
    )  # fmt: skip
    return Table("Results by stratum", head, tuple(rows))


def _by_category(decided: list[Sample]) -> Block:
    rows = [
        (sample.round, label(code), count)
        for sample in decided
        for code, count in (sample.result or {})["leaks_by_category"].items()
    ]
    if not rows:
        return Text("No missed identifier was found in any decided round.")
    return Table("Missed identifiers by category", ("Round", "Category", "Found"), tuple(rows))


def _reviewers(samples: list[Sample]) -> list[Block]:
    counted = (
        Review.objects.filter(item__sample__in=samples, undone_at=None)
        .exclude(verdict=Review.Verdict.SKIP)
        .values("item__sample__round", "reviewer__full_name")
        .annotate(
            notes=Count("pk"),
            seconds=Sum("seconds"),
            kept=Count("pk", filter=Q(kept_after_warning=True)),
        )
        .order_by("item__sample__round", "reviewer__full_name")
    )
    if not counted:
        return [Gap("Reviewers", "No note has been read yet.")]
    rows = tuple(
        (
            row["item__sample__round"], row["reviewer__full_name"], row["notes"],
            round(row["seconds"] / 60, 1), round(row["seconds"] / row["notes"], 1), row["kept"],
        )
        for row in counted
    )  # fmt: skip
    undone = Review.objects.filter(
        ~Q(verdict=Review.Verdict.SKIP), item__sample__in=samples, undone_at__isnull=False
    ).count()
    return [
        Table(
            "Who read",
            ("Round", "Reviewer", "Notes", "Minutes", "Seconds a note", "Kept after a warning"),
            rows,
        ),
        Text(
            "An accept that came faster than anybody reads is asked about before it is stored. "
            "The last column counts the decisions that were kept after that question."
        ),
        _checks(samples),
        Text(
            "The person who started a run can neither read its sample nor sign it off: services "
            "and a database trigger refuse it. Reviewers decide each note without seeing "
            f"anybody else's decision. {taken_back(undone)}"
        ),
        Gap(
            "Blind double review, kappa and AC1",
            "Each note was read by one reviewer, so that no agreement can be computed.",
        ),
    ]


def _checks(samples: list[Sample]) -> Block:
    """Notes that leaked before, read again in the new run's output."""
    mended = SampleItem.objects.filter(sample__in=samples, kind=SampleItem.Kind.MENDED)
    leaky = Leak.objects.filter(review__item=OuterRef("pk"), review__undone_at=None)
    counted = (
        mended.annotate(leaky=Exists(leaky))
        .values("sample__round")
        .annotate(
            notes=Count("pk"),
            read=Count("pk", filter=Q(decided=True)),
            leaking=Count("pk", filter=Q(leaky=True)),
        )
        .order_by("sample__round")
    )
    rows = tuple(
        (row["sample__round"], row["notes"], row["read"], row["leaking"]) for row in counted
    )
    if not rows:
        return Text("No note that leaked in an earlier round came again in a later run.")
    return Table(
        "Mended notes read again beside the sample: they enter no figure, and a round passes only "
        "when each is confirmed clean",
        ("Round", "Notes", "Read", "Leaking again"),
        rows,
    )


def taken_back(undone: int) -> str:
    if undone == 1:
        return "1 decision was taken back before its round closed and is kept on record."
    return f"{undone} decisions were taken back before their round closed and are kept on record."


def _actions(samples: list[Sample]) -> list[Block]:
    counted: Any = (
        Leak.objects.filter(review__item__sample__in=samples, review__undone_at=None)
        .values("review__item__sample__round", "category", "remedy")
        .annotate(count=Count("pk"))
        .order_by("review__item__sample__round", "category", "remedy")
    )
    words = {choice.value: str(choice.label) for choice in Leak.Remedy}
    rows = tuple(
        (
            row["review__item__sample__round"], label(row["category"]),
            words.get(row["remedy"], "still open"), row["count"],
        )
        for row in counted
    )  # fmt: skip
    if not rows:
        return [Text("No missed identifier was found, so that no corrective action was needed.")]
    head = ("Round", "Category", "Action", "Count")
    blocks: list[Block] = [Table("What became of each missed identifier", head, rows)]
    failed = [sample for sample in samples if sample.state == Sample.State.FAILED]
    for sample in failed:
        after = next((s for s in samples if s.round > sample.round), None)
        if after is None:
            blocks.append(
                Gap(f"After round {sample.round}", "No fresh sample has been drawn since.")
            )
            continue
        blocks.append(
            Text(
                f"Round {sample.round} failed and rejected run {sample.run.number}. Run "
                f"{after.run.number} followed; round {after.round} is a fresh sample of notes "
                f"that nobody had read: {_STATES[Sample.State(after.state)]}."
            )
        )
    return blocks
