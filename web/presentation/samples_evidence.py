"""Invented gates, decisions, history and a note, for the style guide."""

from datetime import timedelta
from typing import Any

from web.presentation.samples import DIGEST, NOW

GATES: list[dict[str, Any]] = [
    {
        "label": "Leak rate after review",
        "status": "pass",
        "value": 1.4,
        "unit": "%",
        "limit": 5,
        "direction": "at_most",
        "low": 0.2,
        "high": 3.9,
        "n": 150,
        "explanation": "The upper limit, 3.9 %, stays below the limit.",
        "url": "#gates",
    },
    {
        "label": "ROUGE-L on the gold set",
        "status": "fail",
        "value": 0.182,
        "unit": "",
        "limit": 0.4,
        "direction": "at_least",
        "low": 0.151,
        "high": 0.214,
        "n": 60,
        "explanation": "The lower limit, 0.151, is under what the guide asks.",
        "override": {
            "by": "R. Okafor, compliance officer",
            "date": NOW,
            "reason": "A demonstration on a small model. Not for clinical use.",
            "url": "#gates",
        },
    },
    {
        "label": "Examples in the dataset",
        "status": "fail",
        "value": 214,
        "unit": "examples",
        "limit": 1000,
        "direction": "at_least",
        "low": None,
        "high": None,
        "n": None,
        "explanation": "The guide asks for a thousand examples or more.",
    },
    {
        "label": "Clinical usefulness",
        "status": "missing",
        "value": None,
        "unit": "of 5",
        "limit": 4,
        "direction": "at_least",
        "low": None,
        "high": None,
        "n": None,
        "explanation": "No clinician has rated this version yet.",
    },
]

EVENTS: list[dict[str, Any]] = [
    {
        "when": NOW - timedelta(hours=5),
        "act": "De-identification run 2 finished",
        "actor": "T. Lindqvist",
        "role": "data engineer",
        "state": "done",
        "detail": "412 notes, 6,180 identifiers replaced",
        "digest": DIGEST,
    },
    {
        "when": NOW - timedelta(hours=3),
        "act": "Round 2 of the review is open",
        "actor": "A. Haddad",
        "role": "clinician",
        "state": "waiting",
        "detail": "37 of 150 notes read",
    },
    {
        "when": NOW - timedelta(hours=2),
        "act": "Evaluation failed two gates",
        "actor": "System",
        "state": "failed",
        "detail": "ROUGE-L and dataset size",
        "url": "#events",
    },
    {
        "when": NOW,
        "act": "Override signed",
        "actor": "R. Okafor",
        "role": "compliance officer",
        "state": "overridden",
        "digest": DIGEST,
    },
]

MEANING = (
    "I have read the seven sections above, and I approve this version for the use that they "
    "describe."
)

DECISIONS: dict[str, dict[str, Any]] = {
    "missing": {
        "label": "Decision, sections missing",
        "verb": "Decide and sign",
        "digest": DIGEST,
        "meaning": MEANING,
        "missing": ["Evaluation", "Audit trail"],
    },
    "ready": {
        "url": "#decision",
        "verb": "Decide and sign",
        "digest": DIGEST,
        "meaning": MEANING,
        "ready": "All seven sections viewed.",
        "reason_label": "Reason or conditions",
        "choices": [
            {"value": "approve", "label": "Approve"},
            {
                "value": "conditions",
                "label": "Approve with conditions",
                "hint": "Needs a reason",
                "checked": True,
            },
            {"value": "changes", "label": "Request changes", "hint": "Needs a reason"},
            {"value": "reject", "label": "Reject", "hint": "Needs a reason"},
        ],
        "errors": {
            "password": "That is not your password. Nothing was signed.",
            "reason": "Say which conditions apply.",
        },
    },
    "blocked": {
        "label": "Decision, not allowed",
        "verb": "Decide and sign",
        "digest": DIGEST,
        "meaning": MEANING,
        "blocked": "You trained this model, so you cannot approve it.",
    },
    "stale": {
        "label": "Decision, stale",
        "verb": "Decide and sign",
        "digest": DIGEST,
        "meaning": MEANING,
        "stale": {"what": "The evaluation was run again at 09:12 UTC.", "url": "#decision"},
    },
}

NOTE = (
    "PROGRESS NOTE\n\nPt [NAME] seen on [DATE] in [LOCATION]. MRN [MRN], call [PHONE].\n"
    "CC: SOB x 3 d. Hx of Parkinson dz, on carbidopa-levodopa 25/100 TID.\n"
    "Pacemaker [DEVICE] interrogated, no events. Seen with Dr Varga.\n\n"
    "A/P: 1. CHF exacerbation, furosemide 40 mg IV BID, daily weights. 2. Follow up in 2 wk."
)


def _span(surface: str, category: str, **more: Any) -> dict[str, Any]:
    start = NOTE.index(surface)
    return {"start": start, "end": start + len(surface), "category": category, **more}


SPANS: list[dict[str, Any]] = [
    _span("[NAME]", "NAME", recognizer="known identifiers", rule="patient", score=1.0),
    _span("[DATE]", "DATE_AGE", recognizer="dates", rule="numeric", score=0.98),
    _span("[LOCATION]", "LOCATION", recognizer="facilities", rule="ward", score=0.9),
    _span("[MRN]", "MRN", recognizer="context", rule="mrn", score=0.99),
    _span("[PHONE]", "PHONE", recognizer="shape", rule="phone", score=0.95),
    _span("[DEVICE]", "DEVICE", recognizer="context", rule="serial", score=0.8),
    _span("Parkinson", "NAME", kind="over"),
    _span("Varga", "NAME", kind="leak"),
]
