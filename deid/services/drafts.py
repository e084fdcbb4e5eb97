"""What a reviewer marked in an open note, kept while the note is theirs.

A page that is loaded again, or a browser that dies, loses nothing; and nothing of a note ever
lies in the browser's storage. A draft is encrypted like the note, judges nothing, and ends with
the decision or with the lease.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import WrongState
from accounts.models import User
from deid.models import SampleItem
from deid.services.duties import require_reviewer
from deid.services.findings import Findings, read_findings
from deid.services.leases import LEASE


def as_draft(findings: Findings, comment: str) -> str:
    return json.dumps(
        {
            "leaks": [{"start": s, "end": e, "category": c} for s, e, c in findings.leaks],
            "over_redactions": [{"start": s, "end": e} for s, e in findings.over_redactions],
            "comment": comment,
        }
    )


def draft_of(item: SampleItem) -> dict[str, Any] | None:
    return None if item.draft is None else json.loads(str(item.draft))


@transaction.atomic
def save_draft(
    *,
    item: SampleItem,
    actor: User,
    leaks: Iterable[Mapping[str, Any]] = (),
    over_redactions: Iterable[Mapping[str, Any]] = (),
    comment: str = "",
) -> None:
    """Keep what is marked so far; whoever is at work on a note also keeps it for longer."""
    require_reviewer(actor, item.sample.run)
    item = (
        SampleItem.objects.select_for_update(of=("self",))
        .select_related("run_note")
        .get(pk=item.pk)
    )
    if item.decided or item.leased_to_id != actor.pk:
        raise WrongState("This note is not yours any more. What you marked was not kept.")
    findings = read_findings(item.run_note, leaks, over_redactions)
    kept = not findings.empty or comment.strip()
    item.draft = as_draft(findings, comment) if kept else None
    item.leased_until = timezone.now() + LEASE
    item.save(update_fields=["draft", "leased_until"])
