"""The result of a round, and the statement that a clinician signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deid.models import Review, Sample
from deid.sampling import leak_bound, reasons_to_fail, stratified_bound
from deid.selectors.checks import Checks
from deid.selectors.reviews import (
    Figures,
    decided,
    in_all,
    leaks_by_category,
    strata_of,
)
from evidence.manifests import Manifest, Parent


def result_of(sample: Sample, by_stratum: dict[str, Figures], checks: Checks) -> dict[str, Any]:
    """Judged once, at the planned size; a leak that was mended meanwhile counts like any other."""
    done, strata = in_all(by_stratum.values()), strata_of(sample, by_stratum)
    bound = stratified_bound(strata, sample.confidence)
    destroyed = [replace(s, events=by_stratum[s.name].over_redactions) for s in strata]
    over = stratified_bound(destroyed, sample.confidence)
    reasons = reasons_to_fail(done.leaks, bound.upper, sample.limit)
    if checks.leaks:
        reasons.append("mended-note-leaks")
    reviewers = decided(sample).order_by("reviewer").values_list("reviewer", flat=True).distinct()
    return {
        "passed": not reasons,
        "reasons": reasons,
        "read": done.read,
        "leaks": done.leaks,
        "mended_notes": checks.notes,
        "mended_notes_leaking": checks.leaks,
        "leaks_by_category": leaks_by_category(sample),
        "estimate": bound.estimate,
        "upper": bound.upper,
        "limit": sample.limit,
        "confidence": bound.confidence,
        "population": sample.population,
        "source": bound.source,
        "strata": [
            {
                "name": s.name,
                "population": s.population,
                "read": s.n,
                "leaks": s.events,
                "upper": leak_bound(s.n, s.events, sample.confidence, s.population).upper,
                "over_redactions": by_stratum[s.name].over_redactions,
            }
            for s in strata
        ],
        "sides": "one-sided",
        "over_redactions": done.over_redactions,
        "over_redaction_rate": over.estimate,
        "over_redaction_upper": over.upper,
        "reviewers": [str(reviewer) for reviewer in reviewers],
        "seconds": round(done.seconds, 1),
        "kept_after_warning": done.kept_after_warning,
    }


def sign_off_manifest(sample: Sample) -> Manifest:
    """What a clinician signs: plan, draw, every decision and the result, over the run's digest."""
    if sample.decided_at is None:
        raise ValueError("A round is signed after it is decided.")
    return Manifest(
        kind="qa_sample",
        subject=str(sample.pk),
        created_at=sample.decided_at.isoformat(),
        body={
            "round": sample.round,
            "plan": sample.plan,
            "seed": sample.seed,
            "items": _items(sample),
            "decisions": _decisions(sample),
            "result": sample.result,
            "people": _people(sample),
        },
        parents=(Parent("deid_run", sample.run.digest),),
    )


def _people(sample: Sample) -> dict[str, str]:
    """The names behind the ids of the decisions, as they were when the round was decided."""
    reviewers = Review.objects.filter(item__sample=sample).order_by("reviewer")
    found = reviewers.values_list("reviewer", "reviewer__full_name").distinct()
    return {str(pk): name for pk, name in found}


def _items(sample: Sample) -> list[dict[str, str]]:
    """The drawn notes in order and the mended ones behind them, bound to the outputs by
    commitment and never by text."""
    columns = ("run_note", "run_note__commitment", "kind")
    rows = sample.items.order_by("position").values_list(*columns)
    return [
        {"run_note": str(pk), "commitment": commitment, "kind": kind}
        for pk, commitment, kind in rows
    ]


def _decisions(sample: Sample) -> list[dict[str, Any]]:
    """Every decision, the undone ones too, in the order in which they were taken."""
    reviews = (
        Review.objects.filter(item__sample=sample)
        .select_related("item")
        .prefetch_related("leaks", "over_redactions")
        .order_by("decided_at", "pk")
    )
    return [
        {
            "position": review.item.position,
            "reviewer": str(review.reviewer_id),
            "verdict": review.verdict,
            "leaks": sorted(leak.category for leak in review.leaks.all()),
            "over_redactions": len(review.over_redactions.all()),
            "seconds": review.seconds,
            "kept_after_warning": review.kept_after_warning,
            "decided_at": review.decided_at.isoformat(),
            "undone_at": review.undone_at.isoformat() if review.undone_at else None,
        }
        for review in reviews
    ]
