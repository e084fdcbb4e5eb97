from django.db import migrations, models

import vault.fields
from audit.separation import refuse_when

# A mended note that is not confirmed, or that leaks again.
_UNCONFIRMED = """EXISTS (SELECT 1 FROM deid_sampleitem i
    WHERE i.sample_id = NEW.id AND i.kind = 'mended' AND (NOT i.decided OR EXISTS (
        SELECT 1 FROM deid_leak l JOIN deid_review v ON v.id = l.review_id
        WHERE v.item_id = i.id AND v.undone_at IS NULL)))"""
# A note of this run that leaked in another round of the project and is not shown again here.
_NOT_SHOWN = """EXISTS (SELECT 1 FROM deid_leak l
    JOIN deid_review v ON v.id = l.review_id AND v.undone_at IS NULL
    JOIN deid_sampleitem i ON i.id = v.item_id
    JOIN deid_runnote before ON before.id = i.run_note_id
    JOIN deid_sample s ON s.id = i.sample_id
    JOIN deid_run r ON r.id = s.run_id
    JOIN deid_run mine ON mine.id = NEW.run_id
    JOIN deid_runnote again ON again.run_id = mine.id AND again.note_id = before.note_id
    WHERE r.project_id = mine.project_id AND r.id <> mine.id AND NOT EXISTS (
        SELECT 1 FROM deid_sampleitem k
        WHERE k.sample_id = NEW.id AND k.run_note_id = again.id))"""


class Migration(migrations.Migration):
    dependencies = [("deid", "0003_frozen_judgement")]
    operations = [
        migrations.AddField(
            model_name="sampleitem",
            name="kind",
            field=models.CharField(
                choices=[("drawn", "Drawn"), ("mended", "Mended")], default="drawn", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="sampleitem", name="draft", field=vault.fields.EncryptedTextField(null=True)
        ),
        migrations.AddField(
            model_name="review",
            name="kept_after_warning",
            field=models.BooleanField(default=False),
        ),
        refuse_when(
            table="deid_sample",
            name="mended_notes_are_confirmed",
            condition=f"""NEW.state IN ('passed', 'signed_off')
                AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM NEW.state)
                AND ({_UNCONFIRMED} OR {_NOT_SHOWN})""",
            sentence="a round passes when every note that leaked before is confirmed clean",
        ),
    ]
