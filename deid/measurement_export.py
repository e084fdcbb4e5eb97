"""A measurement as JSON, with the words that say what it is and what it is not."""

from __future__ import annotations

from typing import Any

from deid.categories import CATEGORIES
from deid.models import Run
from deid.selectors.measurement import CONFIDENCE, Measurement, Tally

IS = (
    "Recall is the share of identifiers that this run replaced, of all that it replaced rightly or "
    "that a reviewer flagged as missed, in the notes of the sample that people read.",
    "The notes were drawn by chance, so that the figures speak of notes like those of this "
    "project under this policy and engine.",
    "Precision counts a replaced part as wrong where a reviewer marked that it destroyed clinical "
    "meaning.",
    "The intervals are exact for a share (Clopper and Pearson 1934), two-sided, at 95 %.",
)
IS_NOT = (
    "It is no recall against the truth: what a reviewer overlooked counts as not there, so that "
    "the true recall is at most what stands here, and rather less.",
    "The intervals take identifiers for independent. Those of one note resemble each other, so "
    "that the intervals are rather too narrow.",
    "A needless replacement that harmed nothing was not marked, so that it counts as right.",
    "It decides nothing: a round passes by its notes with a leak and their exact bound, which "
    "stand on the round's own page.",
)


def measurement_body(run: Run, found: Measurement) -> dict[str, Any]:
    """Counts and rates of a run for machines; rates are fractions, null where n is 0."""
    total = found.total
    return {
        "run": {
            "id": str(run.pk),
            "number": run.number,
            "digest": run.digest,
            "policy": run.policy.number,
            "engine": run.engine,
        },
        "confidence": CONFIDENCE,
        "notes_read": found.notes,
        "notes_without_leak": found.without_leak.to_dict(),
        "recall": total.recall.to_dict(),
        "precision": total.precision.to_dict(),
        "characters": {
            "read": found.characters,
            "replaced": total.characters,
            "missed": total.missed_characters,
        },
        "categories": [
            {"category": code, **_tally(found.categories[code])}
            for code in CATEGORIES
            if code in found.categories
        ],
        "recognizers": [
            {
                "recognizer": name,
                "replaced": tally.replaced,
                "over_redacted": tally.wrongly,
                "share_of_identifiers": found.share_of(name).to_dict(),
                "precision": tally.precision.to_dict(),
            }
            for name, tally in sorted(found.recognizers.items())
        ],
        "what_it_is": list(IS),
        "what_it_is_not": list(IS_NOT),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "replaced": tally.replaced,
        "over_redacted": tally.wrongly,
        "missed": tally.missed,
        "recall": tally.recall.to_dict(),
        "precision": tally.precision.to_dict(),
    }
