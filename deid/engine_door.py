"""The way from Django to the engine's pipeline, which loads spaCy: only who uses it imports it.

The engine's values, word lists and sentences are light; whoever needs them imports them directly.
The pipeline blocks torch while spaCy loads; a worker of the `deid` queue thus never holds it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from accounts.errors import WrongState
from deid.engine import NoteText, Policy, default_policy
from deid.models import PolicyDraft, PolicyVersion

if TYPE_CHECKING:
    from deid.engine import Deidentifier, KnownIdentifier
    from deid.engine.trace import Decision

# A trace takes a core for as long as it lasts, and pages share the process: one at a time. Whoever
# waits holds a thread that serves pages, so that nobody waits for long.
_ONE_TRACE = Lock()
TRACE_PATIENCE_SECONDS = 10.0


def default_content() -> dict[str, Any]:
    """The policy that ships with the engine, as plain JSON."""
    return default_policy().to_dict()


@lru_cache(maxsize=4)
def _engine(policy_id: uuid.UUID) -> Deidentifier:
    from deid.engine import Deidentifier  # heavy: loads spaCy

    version = PolicyVersion.objects.get(pk=policy_id)
    return Deidentifier(Policy.from_dict(version.content))


def engine_for(policy: PolicyVersion) -> Deidentifier:
    """The engine under a policy version; built once a process, since versions never change."""
    return _engine(policy.pk)


@lru_cache(maxsize=2)
def _draft_engine(draft_id: uuid.UUID, revision: int) -> Deidentifier:
    from deid.engine import Deidentifier  # heavy: loads spaCy

    draft = PolicyDraft.objects.get(pk=draft_id, revision=revision)
    return Deidentifier(Policy.from_dict(draft.content))


def engine_for_draft(draft: PolicyDraft) -> Deidentifier:
    """The engine under a draft as it stands; each edit of a draft is another policy."""
    return _draft_engine(draft.pk, draft.revision)


def engine_version() -> dict[str, str]:
    from deid.engine import engine_version as version  # heavy: loads spaCy

    return version()


def decisions_on(
    notes: Sequence[tuple[str, str]],
    known: Sequence[KnownIdentifier],
    policy: PolicyVersion,
    *,
    only: str,
) -> list[Decision]:
    """The engine's decisions on one of a patient's notes, given as pairs of id and text.

    Raises WrongState where another trace does not end in time.
    """
    from deid.engine.trace import explain_patient  # heavy: loads spaCy, when asked for

    texts = [NoteText(note_id, text) for note_id, text in notes]
    rules = Policy.from_dict(policy.content)
    if not _ONE_TRACE.acquire(timeout=TRACE_PATIENCE_SECONDS):
        raise WrongState("Another trace is being worked out. Try again in a moment.")
    try:
        traces = explain_patient(texts, known, rules, only=only)
    finally:
        _ONE_TRACE.release()
    return next(found for note, found in zip(texts, traces, strict=True) if note.id == only)
