"""Jobs that wait are found without looking at those that are done."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                fields=["queue", "created_at"],
                condition=models.Q(("state", "queued")),
                name="jobs_waiting",
            ),
        )
    ]
