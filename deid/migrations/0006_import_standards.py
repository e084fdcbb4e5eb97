import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deid", "0005_import_states"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("csv", "CSV table"),
                    ("jsonl", "JSON lines"),
                    ("zip", "Zip of text files"),
                    ("fhir", "FHIR resources"),
                    ("hl7", "HL7 v2 messages"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="withdrawn",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importbatch", name="authority", field=models.JSONField(null=True)
        ),
        migrations.AddField(
            model_name="importbatch",
            name="authority_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="authority_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
