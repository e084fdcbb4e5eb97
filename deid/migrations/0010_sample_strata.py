from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deid", "0009_release_conditions")]
    operations = [
        migrations.AddField(
            "sampleitem", "stratum", models.CharField(max_length=200, blank=True, default=""),
            preserve_default=False,
        ),
    ]  # fmt: skip
