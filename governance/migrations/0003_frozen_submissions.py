from django.db import migrations

from audit.separation import refuse_when


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_separation")]
    operations = [
        # Deployment asks the state alone, so the state must not be a word that anyone can write.
        refuse_when(
            table="governance_submission",
            name="approval_needs_both_seats",
            condition="""NEW.state = 'approved' AND 2 > (
                SELECT count(DISTINCT d.seat) FROM governance_decision d
                WHERE d.submission_id = NEW.id AND d.verdict IN ('approve', 'conditions'))""",
            sentence="a version is approved by the signed decisions of both seats",
        ),
        refuse_when(
            table="governance_submission",
            name="submission_is_frozen",
            condition="""TG_OP = 'UPDATE' AND (
                NEW.digest IS DISTINCT FROM OLD.digest
                OR NEW.manifest IS DISTINCT FROM OLD.manifest
                OR NEW.model_version_id IS DISTINCT FROM OLD.model_version_id
                OR NEW.evaluation_id IS DISTINCT FROM OLD.evaluation_id
                OR NEW.requested_by_id IS DISTINCT FROM OLD.requested_by_id)""",
            sentence="what was submitted does not change",
        ),
    ]
