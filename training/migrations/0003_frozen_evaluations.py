from django.db import migrations

from audit.separation import refuse_when


class Migration(migrations.Migration):
    dependencies = [("training", "0002_append_only")]
    operations = [
        # Gates, overrides and decisions rest on it.
        refuse_when(
            table="training_evaluation",
            name="finished_evaluation_is_frozen",
            condition="TG_OP = 'UPDATE' AND OLD.state = 'done' AND NEW IS DISTINCT FROM OLD",
            sentence="a finished evaluation does not change",
        ),
    ]
