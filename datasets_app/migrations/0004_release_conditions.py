from importlib import import_module

from django.db import migrations

from audit.separation import refuse_when

# Where text leaves its run: the statement over it, and what is frozen from it.
_TABLES = {
    "datasets_app_attestation": "attestation_is_covered_by_an_expert",
    "datasets_app_datasetversion": "dataset_is_covered_by_an_expert",
    "datasets_app_goldset": "gold_set_is_covered_by_an_expert",
}
_CONDITIONS = import_module("deid.migrations.0009_release_conditions")


class Migration(migrations.Migration):
    dependencies = [
        ("datasets_app", "0003_own_signature"),
        ("deid", "0009_release_conditions"),
    ]
    operations = [
        refuse_when(
            table=table,
            name=name,
            condition=_CONDITIONS.NOT_COVERED.format(run="NEW.run_id"),
            sentence=_CONDITIONS.NEEDS_DETERMINATION,
        )
        for table, name in _TABLES.items()
    ]
