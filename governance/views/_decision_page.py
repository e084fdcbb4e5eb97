"""What the decision screen shows, in its fixed order, and the bar that is always in sight."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from governance import selectors
from governance.lineage import chain_of
from governance.models import Decision, Submission
from governance.selectors import Comparison
from governance.services.submissions import SECTIONS, newer_evaluation
from projects.models import Project
from projects.permissions import allowed
from training.gates import gate_views
from training.what_ran import unfinished_words

SECTION_TITLES = {
    "change": "What changes",
    "gates": "Gates",
    "evidence": "Evidence",
    "people": "Who did what",
}
MEANING = (
    "I have looked at what changes, at the gates, at the evidence and at who did what. The "
    "decision that I chose here is mine, on exactly this content."
)
CHOICES = {
    Decision.Verdict.APPROVE: "",
    Decision.Verdict.CONDITIONS: "Needs a reason: the conditions",
    Decision.Verdict.CHANGES: "Needs a reason: what is to change",
    Decision.Verdict.REJECT: "Needs a reason",
}
STATE_OF_VERDICT = {
    Decision.Verdict.APPROVE: "approved",
    Decision.Verdict.CONDITIONS: "approved_with_conditions",
    Decision.Verdict.CHANGES: "changes_requested",
    Decision.Verdict.REJECT: "rejected",
}
# Where the records of each kind are read in the application.
PAGE_OF_KIND = {
    "import_batch": "deid:imports",
    "policy_version": "deid:runs",
    "deid_run": "deid:runs",
    "qa_sample": "deid:reviews",
    "expert_determination": "deid:determinations",
    "attestation": "datasets:index",
    "gold_set": "datasets:index",
    "dataset": "datasets:index",
    "base_model": "training:index",
    "training_config": "training:index",
    "model_version": "training:index",
    "evaluation": "training:evaluations",
}


def choices(chosen: str = "") -> list[dict[str, Any]]:
    return [
        {"value": verdict.value, "label": verdict.label, "hint": hint,
         "checked": verdict.value == chosen}
        for verdict, hint in CHOICES.items()
    ]  # fmt: skip


def bar(actor: User, found: Submission, opened: datetime) -> dict[str, Any]:
    """The decision bar: what is missing, why not, or the form that signs."""
    newer = newer_evaluation(found) if found.state == Submission.State.OPEN else None
    if newer:
        return stale_bar(found, [f"Evaluation {newer.number} finished after the submission."])
    seen = selectors.viewed_by(actor, found)
    args = [found.project.slug, found.pk]
    query = urlencode({"opened": opened.isoformat()})
    return {
        "label": "Your decision",
        "url": f"{reverse('governance:decide', args=args)}?{query}",
        "digest": found.digest,
        "digest_label": "You decide on exactly this submission (SHA-256)",
        "meaning": MEANING,
        "verb": "Decide and sign",
        "blocked": selectors.why_not_decide(actor, found),
        "missing": [SECTION_TITLES[s].lower() for s in SECTIONS if s not in seen],
        "ready": "All four parts are viewed.",
        "choices": choices(),
        "reason_label": "Reason or conditions",
    }


def stale_bar(found: Submission, changes: list[str]) -> dict[str, Any]:
    return {
        "label": "Your decision",
        "digest": found.digest,
        "stale": {
            "what": " ".join(changes) + " Nothing was signed.",
            "url": reverse("governance:submission", args=[found.project.slug, found.pk]),
        },
    }


def page(
    request: HttpRequest,
    actor: User,
    found: Submission,
    decision: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    project, seen = found.project, selectors.viewed_by(actor, found)
    comparison = selectors.compare(found)
    decides = allowed(actor, project, Permission.DECIDE)
    opened = urlencode({"opened": timezone.now().isoformat()})
    args = [project.slug, found.pk]
    return render(
        request,
        "governance/submission.html",
        {
            "project": project,
            "rail_current": "approve",
            "submission": found,
            "title": f"Version {found.model_version.number}",
            "breadcrumb": [
                {"label": "Approve", "url": reverse("governance:index", args=[project.slug])},
                {"label": f"Submission {found.number}"},
            ],
            "actions": _actions(actor, found),
            "decision": decision if found.state == Submission.State.OPEN else None,
            "sections": {
                key: {"key": key, "title": title, "seen": key in seen, "ticked": decides}
                for key, title in SECTION_TITLES.items()
            },
            "viewed_url": f"{reverse('governance:viewed', args=args)}?{opened}",
            "pulse_url": f"{reverse('governance:pulse', args=args)}?{opened}",
            "comparison": comparison,
            **_tables(comparison),
            "gates": gate_views(found.evaluation),
            "overridden": found.evaluation.overrides.all(),
            "unfinished": unfinished_words(
                found.evaluation.results.get("unfinished_answers", 0),
                len(found.evaluation.results.get("items", [])),
            ),
            **_evidence(project, found),
            "events": selectors.timeline_of(found),
            "seats": _seats(found),
        },
        status=status,
    )


def _actions(actor: User, found: Submission) -> list[dict[str, Any]]:
    if found.state != Submission.State.OPEN:
        return []
    if not allowed(actor, found.project, Permission.SUBMIT):
        return []
    url = reverse("governance:withdraw", args=[found.project.slug, found.pk])
    return [{"label": "Withdraw", "url": url, "method": "post", "kind": "quiet"}]


def _tables(comparison: Comparison) -> dict[str, Any]:
    """The rows of the two tables of `What changes`."""
    before = f"Version {comparison.before.number}" if comparison.before else "Base model"
    number = {"number": True}
    return {
        "change_columns": [
            {"label": "What"}, {"label": before, **number}, {"label": "Candidate", **number},
            {"label": "Change", **number}, {"label": "Reads"},
        ],
        "change_rows": [
            {
                "cells": [
                    row["label"] if row["interval"] is None else
                    {"value": row["label"], "url": "#items"},
                    score(row["before"]),
                    {"value": score(row["candidate"]), "detail": _interval(row["interval"])},
                    "" if row["change"] is None else _signed(row["change"]),
                    {"state": "failed", "value": "Regression"} if row["worse"] else "",
                ]
            }
            for row in comparison.rows
        ],
        "item_columns": [
            {"label": "Gold item"}, {"label": "Candidate", **number},
            *([{"label": before, **number}] if comparison.same_gold_set else []),
            {"label": "Base model", **number},
        ],
        "item_rows": [
            {
                "cells": [
                    str(item.id)[:8], score(item.candidate),
                    *([score(item.before)] if comparison.same_gold_set else []), score(item.base),
                ]
            }
            for item in comparison.items
        ],
    }  # fmt: skip


def score(value: Any) -> Any:
    """A score with three decimals, so that a column lines up; anything else as it is."""
    return f"{value:.3f}" if isinstance(value, float) else value


def _signed(change: float) -> str:
    return f"{change:+.3f}" if isinstance(change, float) else f"{change:+d}"


def _interval(interval: Any) -> str:
    return f"95 %: {interval[0]:.3f} to {interval[1]:.3f}" if interval else ""


def _evidence(project: Project, found: Submission) -> dict[str, Any]:
    rows = []
    for link in chain_of(found):
        page = PAGE_OF_KIND.get(link.kind)
        signature = link.signature
        rows.append(
            {
                "cells": [
                    {"value": link.label, "url": reverse(page, args=[project.slug])}
                    if page
                    else link.label,
                    {"digest": link.digest},
                    {"value": signature.signer_name, "detail": signature.meaning}
                    if signature
                    else "",
                    {"when": signature.signed_at} if signature else "",
                ]
            }
        )
    columns = [
        {"label": "Record"}, {"label": "SHA-256"}, {"label": "Signed by"}, {"label": "Signed"},
    ]  # fmt: skip
    return {"evidence_columns": columns, "evidence_rows": rows}


def _seats(found: Submission) -> list[dict[str, Any]]:
    decisions = {decision.seat: decision for decision in found.decisions.all()}
    rows: list[dict[str, Any]] = []
    for seat in Decision.Seat:
        decision = decisions.get(seat)
        if decision is None:
            waits = found.state == Submission.State.OPEN
            rows.append({"key": seat.label, "state": "waiting" if waits else "skipped"})
        else:
            detail = f"{decision.decided_by.full_name}. {decision.reason}"
            state = STATE_OF_VERDICT[Decision.Verdict(decision.verdict)]
            rows.append(
                {"key": seat.label, "state": state, "value": decision.get_verdict_display(),
                 "detail": detail}
            )  # fmt: skip
    return rows
