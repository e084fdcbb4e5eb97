"""The trail cannot be changed, not even by SQL of the application's own role."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from audit.models import Entry
from audit.services import record

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

REFUSED = [
    "UPDATE audit_entry SET event = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_no_change ON audit_entry",
    "GRANT ALL ON audit_entry TO countersign_app",
    "UPDATE audit_seal SET hash = 'x'",
    "UPDATE accounts_signature SET meaning = 'x'",
    "DELETE FROM auditlog_logentry",
    "CREATE TABLE mine (id int)",
    "SET ROLE countersign_owner",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_it_refuses_sql_of_the_application(statement: str) -> None:
    record("system.start", actor=None)
    before = Entry.objects.count()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        if statement.startswith("GRANT"):  # PostgreSQL only warns; the privilege must not exist
            cursor.execute("UPDATE audit_entry SET event = 'x'")
    assert Entry.objects.count() == before
