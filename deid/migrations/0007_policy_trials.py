import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vault.fields
from audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("deid", "0006_import_standards"),
        ("projects", "0002_change_log_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyChange",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="change",
                        serialize=False,
                        to="deid.policyversion",
                    ),
                ),
                ("lowers", models.BooleanField()),
                ("summary", models.JSONField()),
                ("trial", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", vault.fields.EncryptedJSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("summary", models.JSONField()),
                ("lowers", models.BooleanField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="deid.policyversion",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_drafts",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="PolicyTrial",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                            ("done", "Done"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("seed", models.BigIntegerField()),
                ("note_count", models.PositiveIntegerField()),
                ("population", models.PositiveIntegerField()),
                ("read_count", models.PositiveIntegerField()),
                ("result", models.JSONField(null=True)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "against",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deid.policyversion",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="deid.policydraft",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="TrialChunk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("note_count", models.PositiveIntegerField()),
                ("counts", models.JSONField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("patients", models.ManyToManyField(related_name="+", to="deid.patient")),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="deid.policytrial",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="TrialNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("more", models.PositiveIntegerField(default=0)),
                ("fewer", models.PositiveIntegerField(default=0)),
                ("other", models.PositiveIntegerField(default=0)),
                ("differences", vault.fields.EncryptedJSONField(null=True)),
                (
                    "chunk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="deid.trialchunk",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="deid.note",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="deid.policytrial",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="policydraft",
            constraint=models.UniqueConstraint(
                fields=("project", "number"), name="policy_draft_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="policytrial",
            constraint=models.UniqueConstraint(
                fields=("draft", "number"), name="trial_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="policytrial",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("draft",),
                name="one_running_trial_per_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="trialnote",
            constraint=models.UniqueConstraint(
                fields=("trial", "note"), name="note_once_per_trial"
            ),
        ),
        # What a version changed is said once, with the version, and stays.
        append_only("deid_policychange"),
    ]
