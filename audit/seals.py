"""Sealing the trail: a gap-free chain over entries, and signed checkpoints of its head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit.models import Entry, Seal
from evidence.canonical import canonical_json
from evidence.digests import digest_of, sha256_hex
from vault.keys import authority

GENESIS = "0" * 64
LOCK = 7_201_118  # advisory lock: one sealer at a time, or the chain would fork
BATCH = 5_000


@dataclass(frozen=True)
class Verification:
    """Result of walking the whole chain."""

    entries: int
    sealed: int
    problems: list[str]

    @property
    def valid(self) -> bool:
        return not self.problems


def entry_hash(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of everything an entry says."""
    return digest_of(
        {
            "id": str(entry.id),
            "occurred_at": entry.occurred_at.isoformat(),
            "event": entry.event,
            "action": entry.action,
            "outcome": entry.outcome,
            "actor_id": str(entry.actor_id or ""),
            "actor_roles": entry.actor_roles,
            "auth_method": entry.auth_method,
            "session_ref": entry.session_ref,
            "source_ip": entry.source_ip or "",
            "request_id": entry.request_id,
            "project_id": str(entry.project_id or ""),
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "purpose": entry.purpose,
            "reason": entry.reason,
            "details": entry.details,
            "app_version": entry.app_version,
        }
    )


def _link(number: int, previous: str, of_entry: str) -> str:
    return sha256_hex(f"{number}:{previous}:{of_entry}".encode())


def seal_pending() -> int:
    """Seal every committed entry that has no seal yet; returns how many.

    Unsealed entries are found by anti-join and not by id: transactions commit late.
    """
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        head = Seal.objects.order_by("-number").first()
        number, previous = (head.number, head.hash) if head else (0, GENESIS)
        pending = Entry.objects.filter(seal=None).order_by("occurred_at", "id")[:BATCH]
        now = timezone.now()
        seals = []
        for entry in pending:
            number += 1
            digest = entry_hash(entry)
            link = _link(number, previous, digest)
            seals.append(
                Seal(
                    number=number,
                    entry=entry,
                    entry_hash=digest,
                    previous_hash=previous,
                    hash=link,
                    sealed_at=now,
                )
            )
            previous = link
        Seal.objects.bulk_create(seals)
        return len(seals)


def verify_chain() -> Verification:
    """Walk the chain from its first seal: numbers, links and the entries themselves."""
    problems: list[str] = []
    previous, expected = GENESIS, 1
    for seal in Seal.objects.select_related("entry").order_by("number").iterator(chunk_size=5_000):
        if seal.number != expected:
            problems.append(f"Seal {expected} is missing.")
        if seal.previous_hash != previous:
            problems.append(f"Seal {seal.number} does not follow the seal before it.")
        if entry_hash(seal.entry) != seal.entry_hash:
            problems.append(f"The entry under seal {seal.number} was changed.")
        if _link(seal.number, seal.previous_hash, seal.entry_hash) != seal.hash:
            problems.append(f"Seal {seal.number} was changed.")
        previous, expected = seal.hash, seal.number + 1
    return Verification(Entry.objects.count(), Seal.objects.count(), problems)


def checkpoint() -> dict[str, Any]:
    """Seal what is pending and sign the head of the chain with the installation key.

    The signed bytes are the canonical JSON of `statement`; `seal` is hexadecimal.
    """
    seal_pending()
    head = Seal.objects.order_by("-number").first()
    statement = {
        "kind": "audit-checkpoint",
        "number": head.number if head else 0,
        "hash": head.hash if head else GENESIS,
        "at": timezone.now().isoformat(),
    }
    return {"statement": statement, "seal": authority().seal(canonical_json(statement)).hex()}
