"""Reading a sample note by note: leases, decisions and undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from audit.services import record
from deid.models import Leak, OverRedaction, Review, RunNote, Sample, SampleItem
from deid.services.duties import require_reviewer
from deid.services.findings import Findings, check_verdict, read_findings
from deid.services.samples import close_if_read

LEASE = timedelta(minutes=15)
UNDO_REACH = 10
LONGEST_SECONDS = 24 * 3600.0
# Nobody reads, let alone searches, fifteen words a second: silent reading is about four.
WORDS_PER_SECOND = 15.0


@dataclass(frozen=True)
class Decided:
    """A stored decision. `second_look` asks once to read again, when it came implausibly fast."""

    review: Review
    second_look: bool


@transaction.atomic
def next_items(*, sample: Sample, reviewer: User, prefetch: int = 3) -> list[SampleItem]:
    """The reviewer's next note and `prefetch` more, leased for 15 minutes in reading order.

    Notes that this reviewer skipped come last, so that somebody else meets them first.
    """
    require_reviewer(reviewer, sample.run)
    if sample.state != Sample.State.OPEN:
        return []
    now = timezone.now()
    items: list[SampleItem] = list(
        SampleItem.objects.filter(sample=sample, decided=False)
        .filter(Q(leased_to=None) | Q(leased_until__lte=now) | Q(leased_to=reviewer))
        .annotate(
            skipped=Exists(
                Review.objects.filter(
                    item=OuterRef("pk"),
                    reviewer=reviewer,
                    verdict=Review.Verdict.SKIP,
                    undone_at=None,
                )
            )
        )
        .order_by("skipped", "position")
        # Rows that somebody else is leasing at this moment are passed over, not waited for.
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("run_note__note")[: prefetch + 1]
    )
    for item in items:
        held = item.leased_to_id == reviewer.pk and item.leased_until and item.leased_until > now
        if not held:
            _record_opening(item, sample, reviewer)
        item.leased_to, item.leased_until = reviewer, now + LEASE
    SampleItem.objects.filter(pk__in=[item.pk for item in items]).update(
        leased_to=reviewer, leased_until=now + LEASE
    )
    return items


def _record_opening(item: SampleItem, sample: Sample, reviewer: User) -> None:
    # A tagged note may still hold what leaked, so that opening it is a reading of PHI.
    record(
        "qa.review",
        actor=reviewer,
        action="R",
        project_id=sample.run.project_id,
        subject=item,
        purpose="review",
        details={"round": sample.round, "position": item.position},
    )


@transaction.atomic
def decide(
    *,
    item: SampleItem,
    actor: User,
    verdict: str,
    seconds: float,
    leaks: Iterable[Mapping[str, Any]] = (),
    over_redactions: Iterable[Mapping[str, Any]] = (),
    comment: str = "",
) -> Decided:
    """Store one decision on one note; the planned size's last one decides the round."""
    sample = _locked(item.sample_id)
    require_reviewer(actor, sample.run)
    item = (
        SampleItem.objects.select_for_update(of=("self",))
        .select_related("run_note")
        .get(pk=item.pk)
    )
    findings = read_findings(item.run_note, leaks, over_redactions)
    if repeated := _repeated(item, actor, verdict, seconds, findings):
        return Decided(repeated, second_look=False)
    _check_turn(sample, item, actor)
    chosen = check_verdict(verdict, findings, comment)
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise InvalidInput("The time for a note must lie between 0 s and a day. Nothing was saved.")
    looked_before = (
        item.reviews.filter(reviewer=actor).exclude(verdict=Review.Verdict.SKIP).exists()
    )
    # A skip gives way to the decision that follows it.
    item.reviews.filter(undone_at=None).update(undone_at=timezone.now())
    review = Review.objects.create(
        item=item,
        reviewer=actor,
        verdict=chosen,
        comment=comment.strip() or None,
        seconds=seconds,
    )
    Leak.objects.bulk_create(
        Leak(review=review, start=start, end=end, category=category)
        for start, end, category in findings.leaks
    )
    OverRedaction.objects.bulk_create(
        OverRedaction(review=review, start=start, end=end)
        for start, end in findings.over_redactions
    )
    item.decided = chosen is not Review.Verdict.SKIP
    item.leased_to, item.leased_until = None, timezone.now()
    item.save(update_fields=["decided", "leased_to", "leased_until"])
    _record_decision(review, sample, "C")
    closed = close_if_read(sample, actor)
    fast = chosen is Review.Verdict.ACCEPT and _too_fast(item.run_note, seconds)
    # Once closed, nothing can be taken back, so that a second look would be an empty question.
    return Decided(review, second_look=fast and not looked_before and not closed)


@transaction.atomic
def undo(*, sample: Sample, actor: User) -> SampleItem:
    """Take back the reviewer's latest standing decision, at most ten back; it stays on record."""
    sample = _locked(sample.pk)
    require_reviewer(actor, sample.run)
    if sample.state != Sample.State.OPEN:
        raise WrongState("This round is closed, so its decisions stand. Nothing was changed.")
    recent = Review.objects.filter(item__sample=sample, reviewer=actor).order_by("-decided_at")
    review = next((r for r in recent[:UNDO_REACH] if r.undone_at is None), None)
    if review is None:
        raise WrongState("There is no decision of yours left to take back. Nothing was changed.")
    review.undone_at = timezone.now()
    review.save(update_fields=["undone_at"])
    item = SampleItem.objects.select_for_update(of=("self",)).get(pk=review.item_id)
    now = timezone.now()
    taken = item.leased_to_id not in (None, actor.pk) and (item.leased_until or now) > now
    item.decided = False
    if not taken:
        item.leased_to, item.leased_until = actor, now + LEASE
    item.save(update_fields=["decided", "leased_to", "leased_until"])
    _record_decision(review, sample, "U")
    return item


def _locked(sample_id: Any) -> Sample:
    # One decision of a sample at a time: the one that completes the plan must see all others.
    return (
        Sample.objects.select_for_update(of=("self",))
        .select_related("run__project")
        .get(pk=sample_id)
    )


def _check_turn(sample: Sample, item: SampleItem, actor: User) -> None:
    if sample.state != Sample.State.OPEN:
        raise WrongState("This round is closed. Your decision was not saved.")
    if item.decided:
        raise WrongState("This note is decided already. Your decision was not saved; go on.")
    if item.leased_to_id != actor.pk:
        raise WrongState(
            "This note is not yours at present: it went back to the queue after 15 minutes. "
            "Your decision was not saved; ask for the next note."
        )


def _repeated(
    item: SampleItem, actor: User, verdict: str, seconds: float, findings: Findings
) -> Review | None:
    """The same decision sent again, because the answer to the first sending was lost."""
    found = item.reviews.filter(
        reviewer=actor, undone_at=None, verdict=verdict, seconds=seconds
    ).first()
    if found is None or (not item.decided and found.verdict != Review.Verdict.SKIP):
        return None
    leaks = found.leaks.order_by("start", "end").values_list("start", "end", "category")
    over = found.over_redactions.order_by("start", "end").values_list("start", "end")
    same = tuple(leaks) == findings.leaks and tuple(over) == findings.over_redactions
    return found if same else None


def _too_fast(run_note: RunNote, seconds: float) -> bool:
    return seconds < len(run_note.text.split()) / WORDS_PER_SECOND


def _record_decision(review: Review, sample: Sample, action: Any) -> None:
    record(
        "qa.review",
        actor=review.reviewer,
        action=action,
        project_id=sample.run.project_id,
        subject=review,
        details={
            "round": sample.round,
            "verdict": review.verdict,
            "seconds": round(review.seconds, 1),
            "undone": review.undone_at is not None,
        },
    )
