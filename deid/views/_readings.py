"""What was read, as rows of a round's page: note by note, and reviewer by reviewer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse

from deid.categories import label
from deid.models import Review, Sample, SampleItem
from projects.models import Project

NOTE_COLUMNS = [
    {"label": "Note"}, {"label": "Reader"}, {"label": "Decision"}, {"label": "Found"},
    {"label": "Seconds", "number": True}, {"label": "Comment"},
]  # fmt: skip
READER_COLUMNS = [
    {"label": "Reviewer"}, {"label": "Notes", "number": True}, {"label": "Minutes", "number": True},
    {"label": "Seconds a note", "number": True}, {"label": "Kept after a warning", "number": True},
]  # fmt: skip
VERDICT_WORDS = {
    Review.Verdict.ACCEPT: "accepted",
    Review.Verdict.FLAG: "flagged",
    Review.Verdict.SKIP: "skipped",
}


def verdict_words(review: Review) -> str:
    words = VERDICT_WORDS[Review.Verdict(review.verdict)]
    return f"{words}, kept after a warning" if review.kept_after_warning else words


def found_words(review: Review) -> str:
    """What was marked, by category: `Names 2, over-redacted 1`."""
    leaks = Counter(label(leak.category) for leak in review.leaks.all())
    parts = [f"{name} {count}" for name, count in sorted(leaks.items())]
    if destroyed := len(review.over_redactions.all()):
        parts.append(f"over-redacted {destroyed}")
    return ", ".join(parts)


def note_rows(
    project: Project, sample: Sample, items: list[SampleItem], *, may_read: bool
) -> list[dict[str, Any]]:
    """`may_read` opens the note itself and what reviewers wrote of it, which may quote it."""
    return [_row(project, sample, item, may_read=may_read) for item in items]


def note_name(item: SampleItem, size: int) -> str:
    if item.kind == SampleItem.Kind.MENDED:
        return f"Mended note {item.position - size}"
    return f"Note {item.position}"


def _row(project: Project, sample: Sample, item: SampleItem, *, may_read: bool) -> dict[str, Any]:
    name: dict[str, Any] = {"value": note_name(item, sample.size)}
    if item.decided and may_read:
        name["url"] = reverse("deid:sample-note", args=[project.slug, sample.pk, item.pk])
    reviews = list(item.reviews.all())
    review = next((one for one in reviews if one.undone_at is None), None)
    if taken := sum(1 for one in reviews if one.undone_at is not None):
        name["detail"] = f"{taken} earlier decision{'s' if taken > 1 else ''}"
    if review is None:
        return {"cells": [name, "", "taken back", "", "", ""]}
    words = [str(one.comment) for one in reviews if one.comment] if may_read else []
    if not may_read and any(one.comment for one in reviews):
        words = ["for readers of raw notes only"]
    return {
        "cells": [
            name, review.reviewer.full_name, verdict_words(review), found_words(review),
            f"{review.seconds:.1f}", " / ".join(dict.fromkeys(words)),
        ]
    }  # fmt: skip


def reader_rows(readers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "cells": [
                row["name"], row["notes"], f"{row['seconds'] / 60:.1f}",
                f"{row['seconds'] / row['notes']:.1f}", row["kept"],
            ]
        }
        for row in readers
    ]  # fmt: skip
