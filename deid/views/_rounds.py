"""How a round of review reads on a page: rows, words and the decision bar."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.roles import Permission
from deid.categories import label
from deid.models import Sample
from deid.sampling import reasons_to_fail
from deid.selectors.reviews import progress
from deid.services.duties import why_not_judge
from deid.services.release import why_not_release
from deid.services.results import sign_off_manifest
from evidence.shares import percent_words
from projects.models import Project
from projects.pages import why_not

STATE_WORDS = {
    Sample.State.OPEN: ("in_review", "Being read"),
    Sample.State.PASSED: ("waiting", "Waits for sign-off"),
    Sample.State.FAILED: ("failed", "Failed"),
    Sample.State.SIGNED_OFF: ("signed_off", "Signed off"),
}
MEANING = (
    "I verified this QA result: the planned notes were read, no missed identifier was found in "
    "them, and the bound on the rate of notes with one keeps to the target."
)
ROUND_COLUMNS = [
    {"label": "Round"}, {"label": "State"}, {"label": "Read", "number": True},
    {"label": "Notes with a leak", "number": True}, {"label": "Upper bound", "number": True},
    {"label": "Target", "number": True}, {"label": "Drawn"},
]  # fmt: skip


def shown(share: float | None) -> str | None:
    return None if share is None else percent_words(share)


def in_words(sample: Sample, leaks: int, read: int, upper: float) -> str:
    """The bound as a clinician says it: how many of which notes can hold an identifier."""
    sure = percent_words(sample.confidence)
    most = notes_at_most(upper, sample.population)
    unread = f"the {sample.population:,} notes that nobody had read before this round"
    found = f"{leaks:,} with a leak" if leaks else "No leak"
    if not most:
        return f"{found} in {read:,} notes: we can be {sure} sure that none of {unread} holds one."
    return (
        f"{found} in {read:,} notes: we can be {sure} sure that at most {most:,} of {unread} "
        f"{'holds' if most == 1 else 'hold'} one."
    )


def notes_at_most(upper: float, population: int) -> int:
    # The exact bound is a number of notes over the population: rounding only undoes the division.
    return round(upper * population)


def figures_of(sample: Sample) -> dict[str, Any]:
    """Counts of a round: the stored result once decided, the live header before."""
    return sample.result if sample.result is not None else progress(sample)


def round_rows(project: Project, samples: list[Sample]) -> list[dict[str, Any]]:
    return [_row(project, sample) for sample in samples]


def _row(project: Project, sample: Sample) -> dict[str, Any]:
    state, words = STATE_WORDS[Sample.State(sample.state)]
    found = figures_of(sample)
    return {
        "cells": [
            {
                "value": f"Round {sample.round}",
                "url": reverse("deid:sample", args=[project.slug, sample.pk]),
                "detail": f"run {sample.run.number}",
            },
            {"state": state, "value": words},
            {"value": f"{found['read']:,} of {sample.size:,}"},
            found["leaks"],
            {"value": shown(found["upper"])},
            {"value": shown(sample.limit)},
            {"when": sample.drawn_at},
        ]
    }


def what_if_rows(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """What finding 0, 1 or 2 notes with a leak would mean, as stated before reading."""
    rows = []
    for bound in plan["what_if"]:
        fails = reasons_to_fail(bound["leaks"], bound["upper"], plan["limit"])
        rows.append(
            {
                "cells": [
                    bound["leaks"],
                    {
                        "value": shown(bound["upper"]),
                        "detail": f"at most {notes_at_most(bound['upper'], plan['population']):,}"
                        f" of {plan['population']:,} notes",
                    },
                    {"state": "fail" if fails else "pass"},
                ]
            }
        )
    return rows


WHAT_IF_COLUMNS = [
    {"label": "Leaky notes"}, {"label": "Upper bound", "number": True}, {"label": "Outcome"},
]  # fmt: skip


STRATUM_COLUMNS = [
    {"label": "Stratum"}, {"label": "Unread notes", "number": True},
    {"label": "To read", "number": True}, {"label": "Read", "number": True},
    {"label": "Notes with a leak", "number": True}, {"label": "Upper bound", "number": True},
    {"label": "Notes with lost meaning", "number": True},
]  # fmt: skip


def stratum_rows(sample: Sample) -> list[dict[str, Any]]:
    """The plan of each stratum and, once the round is decided, what was found in it."""
    decided = (sample.result or {}).get("strata", ())
    found = {stratum["name"]: stratum for stratum in decided}
    nothing = dict.fromkeys(("read", "leaks", "upper", "over_redactions"))
    return [_stratum_row(sample, name, found.get(name, nothing)) for name in sample.populations]


def _stratum_row(sample: Sample, name: str, found: dict[str, Any]) -> dict[str, Any]:
    head = [name or "all", sample.populations[name], sample.sizes[name]]
    upper = {"value": shown(found["upper"])}
    return {"cells": [*head, found["read"], found["leaks"], upper, found["over_redactions"]]}


def category_rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    counted = result["leaks_by_category"].items()
    return [{"cells": [label(code), count]} for code, count in counted]


def reading_job(project: Project, sample: Sample) -> dict[str, Any]:
    """The reading as a long job: counts, risk and minutes left, refreshed while it is open."""
    risk = progress(sample)
    words = [f"{risk['leaks']} with a leak"]
    if risk["checks"]:
        words.append(f"{risk['checked']} of {risk['checks']} mended notes read again")
    if not risk["can_pass"]:
        words.append("this round can no longer pass; reading on shows what else leaks")
    elif risk["upper"] is not None:
        words.append(
            f"upper bound {shown(risk['upper'])} so far, {shown(risk['best_upper'])} at best "
            f"when all are read (target {shown(risk['target'])})"
        )
    minutes = risk["minutes_left"]
    is_open = sample.state == Sample.State.OPEN
    return {
        "id": f"round-{sample.round}",
        "label": f"Reading {sample.size:,} notes",
        "state": "in_progress" if is_open else "done",
        "done": risk["read"],
        "total": sample.size,
        "unit": "notes",
        "detail": ", ".join(words),
        "remaining": None if minutes is None or not is_open else 60 * minutes,
        "poll_url": reverse("deid:sample-progress", args=[project.slug, sample.pk])
        if is_open
        else "",
    }


def sign_off_bar(
    user: User, project: Project, sample: Sample, errors: dict[str, str] | None = None
) -> dict[str, Any] | None:
    """The decision bar of a round that met its target."""
    if sample.state != Sample.State.PASSED:
        return None
    bar: dict[str, Any] = {
        "url": reverse("deid:sample-sign-off", args=[project.slug, sample.pk]),
        "label": "Sign off the review",
        "digest": sign_off_manifest(sample).digest,
        "meaning": MEANING,
        "verb": "Sign off this round",
        "ready": "The planned notes are read, none with a leak; the bound keeps to the target.",
        "errors": errors or {},
    }
    duty = why_not_judge(user, sample.run, act="sign off its review")
    person = duty or why_not(user, project, Permission.SIGN_OFF_SAMPLE)
    if refusal := person or why_not_release(sample.run):
        bar["blocked"] = refusal
    return bar
