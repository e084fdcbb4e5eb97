"""What the current request knows of itself, for the trail."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    request_id: str = ""
    session_ref: str = ""
    source_ip: str | None = None
    auth_method: str = ""


NOWHERE = RequestContext()  # outside a request: a worker or a command
current: ContextVar[RequestContext] = ContextVar("audit_request", default=NOWHERE)
