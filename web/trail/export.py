"""The trail as a file: CSV or JSON lines, the same entries as the page, an entry of its own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from audit.selectors import Wanted, entries
from audit.services import record
from audit.wording import what_happened, why
from projects.models import Project

FORMATS = {"csv": "CSV", "jsonl": "JSON lines"}
_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
COLUMNS = (
    "id", "occurred_at", "event", "what", "outcome", "reason", "why", "actor_id", "actor",
    "actor_roles", "action", "project_id", "object_type", "object_id", "purpose", "details",
    "auth_method", "session_ref", "source_ip", "request_id", "app_version", "seal", "seal_hash",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 2000


def export_response(
    actor: User, project: Project | None, wanted: Wanted, form: str
) -> StreamingHttpResponse:
    """Hand out what was asked for, streamed: a million entries are never in memory at once.

    The export is on record before its first line; what happens after that is not in the file.
    """
    until = timezone.now()
    if wanted.before is None or wanted.before > until:
        wanted = replace(wanted, before=until)
    record(
        "audit.export",
        actor=actor,
        action="R",
        project_id=wanted.project_id,
        subject=project,
        details={**wanted.narrowed(), "format": form, "entries": entries(wanted).count()},
    )
    names = dict(User.objects.values_list("pk", "full_name"))
    name = f"{project.slug if project else 'installation'}-trail.{form}"
    return StreamingHttpResponse(
        _lines(wanted, form, names),
        content_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _lines(wanted: Wanted, form: str, names: dict[Any, str]) -> AsyncIterator[str]:
    if form == "csv":
        yield _csv(COLUMNS)
    rows = entries(wanted).select_related("seal")
    waiting: list[str] = []
    async for entry in rows.aiterator(chunk_size=_CHUNK):
        row = _row(entry, names)
        waiting.append(_csv(_cells(row)) if form == "csv" else _json(row))
        if len(waiting) == _CHUNK:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def _row(entry: Entry, names: dict[Any, str]) -> dict[str, Any]:
    # A reverse one-to-one that is not there raises: an entry may still wait for its seal.
    seal = getattr(entry, "seal", None)
    return {
        "id": str(entry.id),
        "occurred_at": entry.occurred_at.isoformat(),
        "event": entry.event,
        "what": what_happened(entry),
        "outcome": entry.outcome,
        "reason": entry.reason,
        "why": why(entry),
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "actor": names.get(entry.actor_id),
        "actor_roles": entry.actor_roles,
        "action": entry.action,
        "project_id": str(entry.project_id) if entry.project_id else None,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "purpose": entry.purpose,
        "details": entry.details,
        "auth_method": entry.auth_method,
        "session_ref": entry.session_ref,
        "source_ip": entry.source_ip,
        "request_id": entry.request_id,
        "app_version": entry.app_version,
        "seal": seal.number if seal else None,
        "seal_hash": seal.hash if seal else None,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    return [_cell(row[name]) for name in COLUMNS]


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
