"""SQL that makes a table append-only, for migrations of any app.

Two locks: the application's role may only INSERT and SELECT, and a trigger refuses the rest
even to a role that has the privilege. The application's role does not own the tables, so it
can neither grant itself anything nor disable a trigger.
"""

from __future__ import annotations

from django.db import migrations

APP_ROLE = "countersign_app"

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Operation that makes `table` append-only."""
    return migrations.RunSQL(
        sql=f"""{_FUNCTION}
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE};
        CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_no_change ON {table};
        DROP TRIGGER {table}_no_truncate ON {table};
        """,
    )
