"""Writing the trail. `record` joins the transaction of the act: if the row cannot be written,
the act does not happen. `record_refusal` writes on a second connection, so that a rolled-back
request leaves its trace."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from django.conf import settings
from django.db import models
from django.utils import timezone

from audit.catalogue import events
from audit.context import current
from audit.models import Entry

Action = Literal["C", "R", "U", "D", "E"]
Outcome = Literal["success", "failure", "denied"]


class Actor(Protocol):
    """Whoever acts: a user, with the roles held at that moment."""

    @property
    def pk(self) -> Any: ...

    @property
    def role_names(self) -> Sequence[str]: ...


def record(
    event: str,
    *,
    actor: Actor | None,
    outcome: Outcome = "success",
    action: Action = "E",
    project_id: uuid.UUID | None = None,
    subject: models.Model | None = None,
    purpose: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> Entry:
    """Record an act in the transaction of that act.

    The outcome says whether the act came about, not whether its verdict was favourable: a
    rejection that was given is a success, a job that ended without its result is a failure.
    """
    entry = _entry(event, actor, action, outcome, project_id, subject, purpose, reason, details)
    entry.save(using="default", force_insert=True)
    return entry


def record_refusal(
    event: str,
    *,
    actor: Actor | None,
    outcome: Literal["denied", "failure"] = "denied",
    action: Action = "E",
    project_id: uuid.UUID | None = None,
    subject: models.Model | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> Entry:
    """Record a denial or failure so that it survives the rollback of its request."""
    entry = _entry(event, actor, action, outcome, project_id, subject, "", reason, details)
    entry.save(using="trail", force_insert=True)
    return entry


def _entry(
    event: str,
    actor: Actor | None,
    action: Action,
    outcome: Outcome,
    project_id: uuid.UUID | None,
    subject: models.Model | None,
    purpose: str,
    reason: str,
    details: dict[str, Any] | None,
) -> Entry:
    if event not in events():
        raise ValueError(f"{event} is not in the audit event catalogue.")
    request = current.get()
    return Entry(
        occurred_at=timezone.now(),
        event=event,
        action=action,
        outcome=outcome,
        actor_id=actor.pk if actor else None,
        actor_roles=list(actor.role_names) if actor else [],
        auth_method=request.auth_method,
        session_ref=request.session_ref,
        source_ip=request.source_ip,
        request_id=request.request_id,
        project_id=project_id,
        object_type=subject._meta.label if subject is not None else "",
        object_id=str(subject.pk) if subject is not None else "",
        purpose=purpose,
        reason=reason,
        details=details or {},
        app_version=settings.VERSION,
    )
