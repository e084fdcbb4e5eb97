from django.db import migrations

from audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("audit", "0002_append_only")]
    operations = [append_only("training_modelversion")]
