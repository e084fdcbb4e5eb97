"""The chain of seals shows every change, and a refusal survives its request's rollback."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction

from audit import seals
from audit.models import Entry, Seal
from audit.services import record, record_refusal
from evidence.canonical import canonical_json
from evidence.pki.verify import verify_seal
from tests.conftest import Cluster
from vault.keys import authority


@pytest.mark.django_db(databases=["default", "trail"])
def test_every_entry_gets_one_seal_without_gaps() -> None:
    for _ in range(7):
        record("system.start", actor=None)
    assert seals.seal_pending() == Entry.objects.count()
    record("system.stop", actor=None)
    assert seals.seal_pending() == 1
    assert list(Seal.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert seals.verify_chain().valid


@pytest.mark.django_db(databases=["default", "trail"])
def test_an_event_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="catalogue"):
        record("made.up", actor=None)


@pytest.mark.django_db(databases=["default", "trail"])
def test_a_checkpoint_is_signed_by_the_installation() -> None:
    record("system.start", actor=None)
    found = seals.checkpoint()
    pem = authority().ca_certificate_pem
    statement = canonical_json(found["statement"])
    assert verify_seal(statement, bytes.fromhex(found["seal"]), pem)
    assert not verify_seal(statement + b" ", bytes.fromhex(found["seal"]), pem)


def test_a_superusers_change_breaks_the_chain(fresh_database: str, cluster: Cluster) -> None:
    for _ in range(3):
        record("system.start", actor=None)
    seals.seal_pending()
    with psycopg.connect(cluster.postgres.url("superuser", fresh_database)) as superuser:
        superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        superuser.execute(
            "UPDATE audit_entry SET outcome = 'denied' WHERE id = "
            "(SELECT entry_id FROM audit_seal WHERE number = 2)"
        )
    assert seals.verify_chain().problems == ["The entry under seal 2 was changed."]


def test_an_entry_that_was_rewritten_with_its_own_seal_breaks_the_link(
    fresh_database: str, cluster: Cluster
) -> None:
    """Whoever can write everything makes one seal fit again; the next one still names the old."""
    for _ in range(3):
        record("system.start", actor=None)
    seals.seal_pending()
    seal = Seal.objects.select_related("entry").get(number=2)
    seal.entry.outcome = "denied"
    entry_hash = seals.entry_hash(seal.entry)
    link = seals._link(2, seal.previous_hash, entry_hash)
    with psycopg.connect(cluster.postgres.url("superuser", fresh_database)) as superuser:
        for table in ("audit_entry", "audit_seal"):
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        superuser.execute(
            "UPDATE audit_entry SET outcome = 'denied' WHERE id = %s", [seal.entry_id]
        )
        superuser.execute(
            "UPDATE audit_seal SET entry_hash = %s, hash = %s WHERE number = 2", [entry_hash, link]
        )
    assert seals.verify_chain().problems == ["Seal 3 does not follow the seal before it."]


def test_a_removed_seal_is_noticed(fresh_database: str, cluster: Cluster) -> None:
    for _ in range(3):
        record("system.start", actor=None)
    seals.seal_pending()
    with psycopg.connect(cluster.postgres.url("superuser", fresh_database)) as superuser:
        superuser.execute("ALTER TABLE audit_seal DISABLE TRIGGER ALL")
        superuser.execute("DELETE FROM audit_seal WHERE number = 2")
    assert not seals.verify_chain().valid


def test_a_refusal_outlives_the_rollback_of_its_request(fresh_database: str) -> None:
    class RolledBack(Exception):
        pass

    with pytest.raises(RolledBack), transaction.atomic():
        record("system.start", actor=None)
        record_refusal("access.denied", actor=None, reason="role")
        raise RolledBack
    assert list(Entry.objects.values_list("event", flat=True)) == ["access.denied"]
