"""Invented content for the style guide. No real person, note or measurement."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
DIGEST = "9f2c41d07be5a83c6610f4d2b9e7a15c3d84f06b2a917ce85d30b4f6127ac9e8"

RAIL: list[dict[str, Any]] = [
    {"key": "import", "label": "Import", "state": "done", "detail": "412 notes", "url": "#rail"},
    {
        "key": "deid",
        "label": "De-identify",
        "state": "done",
        "detail": "Run 2, complete",
        "url": "#rail",
    },
    {
        "key": "review",
        "label": "Review",
        "state": "waiting",
        "detail": "Waits for a clinician",
        "url": "#rail",
        "current": True,
    },
    {
        "key": "dataset",
        "label": "Dataset",
        "state": "stale",
        "detail": "Stale: run 2 is newer",
        "url": "#rail",
    },
    {
        "key": "train",
        "label": "Train",
        "state": "running",
        "detail": "Step 7 of 12",
        "url": "#rail",
    },
    {
        "key": "evaluate",
        "label": "Evaluate",
        "state": "failed",
        "detail": "2 gates fail",
        "url": "#rail",
    },
    {"key": "approve", "label": "Approve", "state": "not_started", "url": "#rail"},
    {"key": "deploy", "label": "Deploy", "state": "not_started"},
    {"key": "package", "label": "Package", "state": "not_started"},
]

STATE_NAMES = [
    "not_started",
    "queued",
    "running",
    "waiting",
    "done",
    "approved",
    "live",
    "failed",
    "rejected",
    "stale",
    "overridden",
    "missing",
    "cancelled",
    "pass",
    "fail",
]

NOTE_COLUMNS: list[dict[str, Any]] = [
    {"label": "Version", "sort": "name"},
    {"label": "State", "sort": "state"},
    {"label": "ROUGE-L", "number": True, "sort": "rouge"},
    {"label": "Digest"},
    {"label": "Trained", "sort": "trained"},
]
NOTE_ROWS: list[dict[str, Any]] = [
    {
        "cells": [
            {"value": "summary-2", "url": "#table", "detail": "SmolLM2-135M, rank 32"},
            {"state": "live"},
            {"value": "0.182", "detail": "0.151 to 0.214"},
            {"digest": DIGEST},
            {"when": NOW},
        ],
        "actions": [{"label": "Roll back", "url": "#table", "kind": "quiet", "about": "summary-2"}],
    },
    {
        "cells": [
            {"value": "summary-1", "url": "#table", "detail": "SmolLM2-135M, rank 32"},
            {"state": "previous"},
            {"value": "0.174", "detail": "0.143 to 0.205"},
            {"digest": DIGEST[::-1]},
            {"when": NOW - timedelta(days=2)},
        ],
        "actions": [{"label": "Compare", "url": "#table", "kind": "quiet", "about": "summary-1"}],
    },
]
FILTERS: list[dict[str, Any]] = [
    {"name": "state", "label": "State", "options": [("live", "Live"), ("previous", "Previous")]},
]


JOBS: list[dict[str, Any]] = [
    {
        "id": "queued",
        "label": "Train summary-2",
        "state": "queued",
        "done": 0,
        "total": 12,
        "unit": "steps",
        "queue_position": 2,
        "cancel_url": "#jobs",
    },
    {
        "id": "running",
        "label": "De-identify 412 notes",
        "state": "running",
        "done": 248,
        "total": 412,
        "unit": "notes",
        "rate": 9.4,
        "remaining": 17,
        "cancel_url": "#jobs",
    },
    {
        "id": "failed",
        "label": "Train summary-2",
        "state": "failed",
        "done": 7,
        "total": 12,
        "unit": "steps",
        "resume_url": "#jobs",
        "error": "The worker stopped at step 7.",
        "kept": "Step 6 is saved. Resume goes on from there.",
    },
    {
        "id": "done",
        "label": "Import discharge.csv",
        "state": "done",
        "done": 412,
        "total": 412,
        "unit": "notes",
        "detail": "3 rejected, took 4 s",
    },
]


PAIRS: list[dict[str, Any]] = [
    {"key": "Base model", "value": "SmolLM2-135M-Instruct", "detail": "Apache-2.0"},
    {"key": "State", "state": "approved"},
    {"key": "Rank", "value": 32},
    {"key": "Adapter", "digest": DIGEST},
    {"key": "Trained", "when": NOW},
    {"key": "Dataset", "value": "Discharge summaries, version 3", "url": "#pairs"},
]

INBOX: list[dict[str, Any]] = [
    {
        "title": "Review round 2, 113 notes left",
        "why": "You are the clinician of this round",
        "url": "#inbox",
        "since": NOW - timedelta(hours=3),
        "due": NOW + timedelta(days=2),
    },
    {
        "title": "Approve summary-2",
        "why": "Needs a compliance officer",
        "url": "#inbox",
        "since": NOW - timedelta(days=3),
        "due": NOW - timedelta(days=1),
        "overdue": True,
    },
    {
        "title": "The dataset is stale",
        "why": "Run 2 replaced run 1",
        "url": "#inbox",
        "since": NOW - timedelta(hours=1),
        "state": "stale",
    },
]

TABS: list[dict[str, Any]] = [
    {"label": "Overview", "url": "#tabs", "current": True},
    {"label": "Notes", "url": "#tabs", "count": 412},
    {"label": "Runs", "url": "#tabs", "count": 2},
    {"label": "History", "url": "#tabs"},
]
BREADCRUMB: list[dict[str, str]] = [
    {"label": "Projects", "url": "#head"},
    {"label": "Discharge summaries", "url": "#head"},
    {"label": "Model summary-2"},
]
ACTIONS: list[dict[str, Any]] = [
    {"label": "Compare with live", "url": "#head", "kind": "quiet"},
    {"label": "Roll back", "dialog": "roll-back", "kind": "danger"},
    {"label": "Deploy", "url": "#head", "disabled_reason": "Not approved yet"},
]
