"""A flag that is reopened is no longer taken over: whoever decides on it is judged as everybody."""

from importlib import import_module

from django.db import migrations

before = import_module("deid.migrations.0009_release_conditions")

_PLACE = ("id", "run_id", "run_note_id", "position", "found", "lookup")
_STAYS = f"OLD.decision = 'identifies' AND {before._changed('decision', 'decided_by_id')}"
_NEWLY_DECIDED = f"TG_OP = 'UPDATE' AND {before._changed('decision', 'decided_by_id')}"


def _replaced(*, name: str, was: str, becomes: str, sentence: str) -> migrations.RunSQL:
    """Operation: the function of a trigger refuses by another condition from now on."""

    def function(condition: str) -> str:
        return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {condition} THEN
                RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        """

    return migrations.RunSQL(sql=function(becomes), reverse_sql=function(was))


class Migration(migrations.Migration):
    dependencies = [("deid", "0010_sample_strata")]

    operations = [
        _replaced(
            name="flag_keeps_its_place",
            was=f"TG_OP = 'UPDATE' AND ({before._changed(*before._FOUND)} OR {_STAYS})",
            becomes=f"""TG_OP = 'UPDATE' AND ({before._changed(*_PLACE)} OR {_STAYS}
                OR NEW.earlier_id IS NOT NULL AND {before._changed("earlier_id")})""",
            sentence="a flag keeps its place, and what identifies stays so in its run",
        ),
        _replaced(
            name="operator_does_not_judge_flags",
            was=f"NEW.decided_by_id IS NOT NULL AND NEW.earlier_id IS NULL AND {before._WORKED}",
            becomes=f"""NEW.decided_by_id IS NOT NULL
                AND (NEW.earlier_id IS NULL OR {_NEWLY_DECIDED}) AND {before._WORKED}""",
            sentence="who worked off a run cannot decide on its flags",
        ),
        migrations.RunSQL(
            "UPDATE deid_uniqueflag SET earlier_id = NULL "
            "WHERE decision = 'open' AND earlier_id IS NOT NULL;",
            migrations.RunSQL.noop,
        ),
    ]
