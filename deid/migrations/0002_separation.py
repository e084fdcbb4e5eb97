from django.db import migrations

from audit.append_only import append_only
from audit.separation import refuse_when


class Migration(migrations.Migration):
    dependencies = [("deid", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        refuse_when(
            table="deid_review",
            name="operator_is_not_reviewer",
            condition="""EXISTS (
                SELECT 1 FROM deid_sampleitem i
                JOIN deid_sample s ON s.id = i.sample_id
                JOIN deid_run r ON r.id = s.run_id
                WHERE i.id = NEW.item_id AND r.operator_id = NEW.reviewer_id)""",
            sentence="the operator of a run cannot review its sample",
        ),
        # What a run wrote is what was reviewed: no output changes afterwards.
        append_only("deid_runnote"),
        append_only("deid_policyversion"),
    ]
