import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vault.fields
from audit.separation import refuse_when

# Who started a run or resumed it: both worked it off.
_WORKED = """(EXISTS (SELECT 1 FROM deid_run r WHERE r.id = NEW.run_id
        AND r.operator_id = NEW.decided_by_id)
    OR EXISTS (SELECT 1 FROM jobs_job j WHERE j.group_id = NEW.run_id
        AND j.requested_by_id = NEW.decided_by_id))"""
# Only in the transition: a row that was signed before is not judged again when it is touched.
_SIGNS = """NEW.state = 'signed_off'
    AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM NEW.state)"""
_OPEN_FLAGS = """EXISTS (SELECT 1 FROM deid_uniqueflag f
    WHERE f.run_id = {run} AND f.decision <> 'harmless')"""
# The policy is encrypted; what it needs stands in the run's manifest.
NOT_COVERED = """EXISTS (SELECT 1 FROM deid_run r WHERE r.id = {run}
    AND r.manifest->'body'->>'needs_expert_determination' = 'true'
    AND NOT EXISTS (SELECT 1 FROM deid_expertdetermination d
        WHERE d.project_id = r.project_id AND (d.run_id IS NULL OR d.run_id = r.id)
        AND d.signature_id IS NOT NULL AND d.withdrawn_at IS NULL
        AND d.expires_on >= (now() AT TIME ZONE 'utc')::date))"""
NEEDS_DETERMINATION = (
    "surrogates with shifted dates need an expert determination that is signed and in force"
)
_STATED = (
    "id", "project_id", "number", "run_id", "expert", "qualification", "method", "recipients",
    "covers", "determined_on", "expires_on", "file_id", "size", "pages", "salt", "commitment",
    "uploaded_by_id", "uploaded_at",
)  # fmt: skip
_FOUND = ("id", "run_id", "run_note_id", "position", "found", "lookup", "earlier_id")


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns) + ")"


def _never_deleted(table: str) -> migrations.RunSQL:
    """Operation: no row of this table goes, whoever asks."""
    return migrations.RunSQL(
        sql=f"""
        REVOKE DELETE, TRUNCATE ON {table} FROM countersign_app;
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_no_delete ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("deid", "0008_run_output"),
        ("accounts", "0001_initial"),
        ("audit", "0002_append_only"),
        ("jobs", "0001_initial"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpertDetermination",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("expert", models.CharField(max_length=200)),
                ("qualification", models.CharField(max_length=1000)),
                ("method", models.CharField(max_length=2000)),
                ("recipients", models.CharField(max_length=1000)),
                ("covers", models.CharField(max_length=1000)),
                ("determined_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("file_id", models.UUIDField()),
                ("size", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("salt", vault.fields.EncryptedBytesField()),
                ("commitment", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="determinations",
                        to="projects.project",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="determinations",
                        to="deid.run",
                    ),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.signature",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "number"), name="determination_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gt", models.F("determined_on"))),
                        name="determination_expires_after_its_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UniqueFlag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("found", vault.fields.EncryptedJSONField()),
                ("lookup", models.BinaryField(max_length=32)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("identifies", "Identifies"),
                            ("harmless", "Harmless"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", vault.fields.EncryptedTextField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deid.uniqueflag",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="deid.run",
                    ),
                ),
                (
                    "run_note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="deid.runnote",
                    ),
                ),
            ],
            options={
                "ordering": ["run_note", "position"],
                "indexes": [
                    models.Index(
                        fields=["run", "decision", "run_note", "position"], name="flag_queue"
                    ),
                    models.Index(fields=["lookup"], name="flag_lookup"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run_note", "position"), name="flag_place_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("decision", "open")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decision", "open"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="flag_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "harmless"), _negated=True),
                            ("reason__isnull", False),
                            _connector="OR",
                        ),
                        name="flag_harmless_with_a_reason",
                    ),
                ],
            },
        ),
        refuse_when(
            table="deid_expertdetermination",
            name="determination_keeps_its_words",
            condition=f"""TG_OP = 'UPDATE' AND ({_changed(*_STATED)}
                OR OLD.signature_id IS NOT NULL AND {_changed("signature_id", "digest")}
                OR OLD.withdrawn_at IS NOT NULL
                    AND {_changed("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")})""",
            sentence="an expert determination does not change; upload another one",
        ),
        refuse_when(
            table="deid_expertdetermination",
            name="determination_is_signed_itself",
            condition="""NEW.signature_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM accounts_signature g WHERE g.id = NEW.signature_id
                AND g.kind = 'expert_determination' AND g.manifest_digest = NEW.digest)""",
            sentence="the signature of a determination is one over its own manifest",
        ),
        _never_deleted("deid_expertdetermination"),
        refuse_when(
            table="deid_uniqueflag",
            name="flag_keeps_its_place",
            condition=f"""TG_OP = 'UPDATE' AND ({_changed(*_FOUND)}
                OR OLD.decision = 'identifies' AND {_changed("decision", "decided_by_id")})""",
            sentence="a flag keeps its place, and what identifies stays so in its run",
        ),
        refuse_when(
            table="deid_uniqueflag",
            name="signed_run_keeps_its_flags",
            condition="""EXISTS (SELECT 1 FROM deid_run r
                WHERE r.id = NEW.run_id AND r.state = 'signed_off')""",
            sentence="the flags of a run that is signed off do not change",
        ),
        refuse_when(
            table="deid_uniqueflag",
            name="operator_does_not_judge_flags",
            condition="NEW.decided_by_id IS NOT NULL AND NEW.earlier_id IS NULL AND " + _WORKED,
            sentence="who worked off a run cannot decide on its flags",
        ),
        _never_deleted("deid_uniqueflag"),
        refuse_when(
            table="deid_run",
            name="run_queue_is_empty",
            condition=f"{_SIGNS} AND {_OPEN_FLAGS.format(run='NEW.id')}",
            sentence="a run is signed off when no passage of it waits or identifies",
        ),
        refuse_when(
            table="deid_sample",
            name="round_queue_is_empty",
            condition=f"{_SIGNS} AND {_OPEN_FLAGS.format(run='NEW.run_id')}",
            sentence="a round is signed off when no passage of its run waits or identifies",
        ),
        refuse_when(
            table="deid_sample",
            name="round_is_covered_by_an_expert",
            condition=f"{_SIGNS} AND {NOT_COVERED.format(run='NEW.run_id')}",
            sentence=NEEDS_DETERMINATION,
        ),
        refuse_when(
            table="deid_run",
            name="run_is_covered_by_an_expert",
            condition=f"{_SIGNS} AND {NOT_COVERED.format(run='NEW.id')}",
            sentence=NEEDS_DETERMINATION,
        ),
    ]
