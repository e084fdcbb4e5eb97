from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deid", "0006_import_standards")]
    operations = [
        migrations.AddField(
            "sampleitem", "stratum", models.CharField(max_length=200, blank=True, default=""),
            preserve_default=False,
        ),
    ]  # fmt: skip
