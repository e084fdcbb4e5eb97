"""django-auditlog's table of changes is append-only like the trail."""

from django.db import migrations

from audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
        ("audit", "0002_append_only"),
        ("auditlog", "__latest__"),
    ]
    operations = [append_only("auditlog_logentry")]
