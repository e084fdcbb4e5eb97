"""One vocabulary of states for all pages: word, tone (colour) and icon (shape)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class State:
    word: str
    tone: str  # good, bad, warn, wait, busy or idle
    icon: str


DONE = State("Done", "good", "done")
RUNNING = State("Running", "busy", "running")
WAITING = State("Waiting", "wait", "waiting")
QUEUED = State("Queued", "busy", "queued")
FAILED = State("Failed", "bad", "failed")
STALE = State("Stale", "warn", "stale")
NOT_STARTED = State("Not started", "idle", "not_started")
CANCELLED = State("Cancelled", "idle", "cancelled")
MISSING = State("Missing", "warn", "missing")

STATES: dict[str, State] = {
    "done": DONE,
    "complete": State("Complete", "good", "done"),
    "accepted": State("Accepted", "good", "done"),
    "approved": State("Approved", "good", "done"),
    "signed": State("Signed", "good", "done"),
    "signed_off": State("Signed off", "good", "done"),
    "attested": State("Attested", "good", "done"),
    "frozen": State("Frozen", "good", "done"),
    "live": State("Live", "good", "done"),
    "active": State("Active", "good", "done"),
    "valid": State("Valid", "good", "done"),
    "pass": State("PASS", "good", "done"),
    "running": RUNNING,
    "in_progress": State("In progress", "busy", "running"),
    "queued": QUEUED,
    "waiting": WAITING,
    "in_review": State("In review", "wait", "waiting"),
    "open": State("Open", "wait", "waiting"),
    "submitted": State("Waiting for decision", "wait", "waiting"),
    "candidate": State("Candidate", "wait", "waiting"),
    "failed": FAILED,
    "error": FAILED,
    "fail": State("FAIL", "bad", "failed"),
    "rejected": State("Rejected", "bad", "failed"),
    "refused": State("Refused", "bad", "failed"),
    "mismatch": State("Does not match", "bad", "failed"),
    "leak": State("Leak found", "bad", "failed"),
    "revoked": State("Revoked", "bad", "failed"),
    "stale": STALE,
    "overridden": State("Overridden", "warn", "override"),
    "changes_requested": State("Changes requested", "warn", "stale"),
    "approved_with_conditions": State("Approved with conditions", "warn", "done"),
    "interrupted": State("Interrupted", "warn", "stale"),
    "missing": MISSING,
    "not_started": NOT_STARTED,
    "skipped": State("Skipped", "idle", "cancelled"),
    "cancelled": CANCELLED,
    "previous": State("Previous", "idle", "cancelled"),
    "retired": State("Retired", "idle", "cancelled"),
    "withdrawn": State("Withdrawn", "idle", "cancelled"),
    "superseded": State("Superseded", "idle", "cancelled"),
    "info": State("Note", "busy", "info"),
}


def state_of(key: Any) -> State:
    """The state of that name; an unknown name reads as itself, in the quiet tone."""
    name = str(getattr(key, "value", key) or "not_started").strip().lower()
    name = name.replace(" ", "_").replace("-", "_")
    known = STATES.get(name)
    return known or State(name.replace("_", " ").capitalize(), "idle", "not_started")
