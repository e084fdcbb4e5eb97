"""Reading a sample note by note: decisions and undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from audit.services import record
from deid.models import Leak, OverRedaction, Review, RunNote, Sample, SampleItem
from deid.services.drafts import as_draft
from deid.services.duties import require_reviewer
from deid.services.findings import Findings, check_verdict, read_findings
from deid.services.leases import LEASE, locked_sample
from deid.services.samples import close_if_read

UNDO_REACH = 10
LONGEST_SECONDS = 24 * 3600.0
# Nobody reads, let alone searches, fifteen words a second: silent reading is about four.
WORDS_PER_SECOND = 15.0


@dataclass(frozen=True)
class Decided:
    """A stored decision; or none yet, when `second_look` asks to read once more first."""

    review: Review | None
    second_look: bool


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
    warned: bool = False,
) -> Decided:
    """Store one decision on one note; the last one of all decides the round.

    An implausibly fast accept is not stored but asked about, also the one that would close the
    round. `warned` says that the reviewer was asked about this note; then it is stored, and
    counted as kept after a warning.
    """
    sample = locked_sample(item.sample_id)
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
    fast = chosen is Review.Verdict.ACCEPT and _too_fast(item.run_note, seconds)
    if fast and not warned and not _looked_before(item, actor):
        return Decided(None, second_look=True)
    review = _store(item, actor, chosen, findings, comment, seconds, kept=fast and warned)
    item.decided = chosen is not Review.Verdict.SKIP
    item.leased_to, item.leased_until, item.draft = None, timezone.now(), None
    item.save(update_fields=["decided", "leased_to", "leased_until", "draft"])
    _record_decision(review, sample, "C")
    close_if_read(sample, actor)
    return Decided(review, second_look=False)


def _looked_before(item: SampleItem, actor: User) -> bool:
    """Whether the reviewer decided this note already and took that back."""
    decided = item.reviews.filter(reviewer=actor).exclude(verdict=Review.Verdict.SKIP)
    return decided.exists()


def _store(
    item: SampleItem,
    actor: User,
    chosen: Review.Verdict,
    findings: Findings,
    comment: str,
    seconds: float,
    *,
    kept: bool,
) -> Review:
    # A skip gives way to the decision that follows it.
    item.reviews.filter(undone_at=None).update(undone_at=timezone.now())
    review = Review.objects.create(
        item=item,
        reviewer=actor,
        verdict=chosen,
        comment=comment.strip() or None,
        seconds=seconds,
        kept_after_warning=kept,
    )
    Leak.objects.bulk_create(
        Leak(review=review, start=start, end=end, category=category)
        for start, end, category in findings.leaks
    )
    OverRedaction.objects.bulk_create(
        OverRedaction(review=review, start=start, end=end)
        for start, end in findings.over_redactions
    )
    return review


@transaction.atomic
def undo(*, sample: Sample, actor: User) -> SampleItem:
    """Take back the reviewer's latest standing decision, at most ten back; it stays on record."""
    sample = locked_sample(sample.pk)
    require_reviewer(actor, sample.run)
    if sample.state != Sample.State.OPEN:
        raise WrongState("This round is closed, so its decisions stand. Nothing was changed.")
    recent = Review.objects.filter(item__sample=sample, reviewer=actor).order_by("-decided_at")
    review = next((r for r in recent[:UNDO_REACH] if r.undone_at is None), None)
    if review is None:
        raise WrongState("There is no decision of yours left to take back. Nothing was changed.")
    # A mended leak was a leak: taking its flag back would let the round pass after all.
    if review.leaks.exclude(remedy="").exists():
        raise WrongState(
            "A leak of this decision is mended already, so the decision stands. "
            "Nothing was changed."
        )
    review.undone_at = timezone.now()
    review.save(update_fields=["undone_at"])
    item = SampleItem.objects.select_for_update(of=("self",)).get(pk=review.item_id)
    now = timezone.now()
    taken = item.leased_to_id not in (None, actor.pk) and (item.leased_until or now) > now
    item.decided, item.draft = False, None
    if not taken:
        item.leased_to, item.leased_until = actor, now + LEASE
        # What was marked comes back with the note: nobody is asked to mark it twice. The reason
        # of a skip does not: it says why nobody read the note.
        skipped = review.verdict == Review.Verdict.SKIP
        item.draft = as_draft(_findings_of(review), "" if skipped else str(review.comment or ""))
    item.save(update_fields=["decided", "leased_to", "leased_until", "draft"])
    _record_decision(review, sample, "U")
    return item


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
    return found if _findings_of(found) == findings else None


def _findings_of(review: Review) -> Findings:
    leaks = review.leaks.order_by("start", "end").values_list("start", "end", "category")
    over = review.over_redactions.order_by("start", "end").values_list("start", "end")
    return Findings(tuple(leaks), tuple(over))


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
            "kept_after_warning": review.kept_after_warning,
        },
    )
