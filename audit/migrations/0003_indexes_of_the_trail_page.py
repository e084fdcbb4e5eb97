from django.db import migrations, models


class Migration(migrations.Migration):
    """What the trail's page is cut and narrowed by: the newest first, within one project."""

    dependencies = [("audit", "0002_append_only")]

    operations = [
        # The indexes below begin with these columns or are narrower than theirs alone.
        migrations.AlterField("entry", "event", models.CharField(max_length=64)),
        migrations.AlterField("entry", "actor_id", models.UUIDField(null=True)),
        migrations.AlterField("entry", "project_id", models.UUIDField(null=True)),
        migrations.AddIndex(
            "entry",
            models.Index(fields=["project_id", "-occurred_at", "-id"], name="trail_newest_first"),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["project_id", "event", "-occurred_at", "-id"], name="trail_by_event"
            ),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["project_id", "actor_id", "-occurred_at", "-id"], name="trail_by_person"
            ),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["project_id", "outcome", "-occurred_at", "-id"], name="trail_by_outcome"
            ),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["project_id", "object_type", "-occurred_at", "-id"], name="trail_by_kind"
            ),
        ),
        migrations.AddIndex(
            "entry", models.Index(fields=["object_id", "-occurred_at"], name="trail_by_subject")
        ),
    ]
