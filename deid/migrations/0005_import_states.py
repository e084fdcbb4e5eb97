from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deid", "0004_mended_notes")]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Uploaded"),
                    ("importing", "Importing"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("unreadable", "Unreadable"),
                    ("discarded", "Discarded"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
    ]
