"""SQL triggers for the separation of duties: the database refuses what the services refuse."""

from __future__ import annotations

from django.db import migrations


def refuse_when(*, table: str, name: str, condition: str, sentence: str) -> migrations.RunSQL:
    """Operation: refuse an INSERT into `table` when `condition` (SQL over NEW) holds."""
    return migrations.RunSQL(
        sql=f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {condition} THEN
                RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        reverse_sql=f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def signed_by(*, table: str, name: str, person: str) -> migrations.RunSQL:
    """Operation: the signature of a row in `table` is that of the person in its column `person`."""
    signer = "(SELECT signer_id FROM accounts_signature WHERE id = NEW.signature_id)"
    return refuse_when(
        table=table,
        name=name,
        condition=f"NEW.{person} IS DISTINCT FROM {signer}",
        sentence="a decision carries the signature of the person who gives it",
    )
