from django.db import migrations

from audit.append_only import append_only
from audit.separation import refuse_when


class Migration(migrations.Migration):
    dependencies = [("datasets_app", "0001_initial"), ("deid", "0002_separation")]
    operations = [
        refuse_when(
            table="datasets_app_attestation",
            name="operator_does_not_attest",
            condition="""EXISTS (
                SELECT 1 FROM deid_run r
                WHERE r.id = NEW.run_id
                AND (r.operator_id = NEW.attested_by_id OR r.state <> 'signed_off'))""",
            sentence="only a signed-off run is attested, and not by its operator",
        ),
        append_only("datasets_app_attestation"),
        append_only("datasets_app_datasetversion"),
        append_only("datasets_app_datasetpatient"),
        append_only("datasets_app_goldset"),
        append_only("datasets_app_golditem"),
    ]
