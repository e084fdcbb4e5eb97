from django.db import migrations

from audit.separation import refuse_when


class Migration(migrations.Migration):
    dependencies = [("deployment", "0001_initial"), ("governance", "0002_separation")]
    operations = [
        refuse_when(
            table="deployment_deployment",
            name="only_approved_versions_run",
            condition="""NOT EXISTS (
                SELECT 1 FROM governance_submission s
                WHERE s.id = NEW.submission_id AND s.state = 'approved'
                AND s.model_version_id = NEW.model_version_id)""",
            sentence="only an approved version is deployed",
        ),
        refuse_when(
            table="deployment_deployment",
            name="approver_does_not_deploy",
            condition="""EXISTS (
                SELECT 1 FROM governance_decision d
                WHERE d.submission_id = NEW.submission_id
                AND d.decided_by_id = NEW.started_by_id)""",
            sentence="who approved a version cannot deploy it",
        ),
    ]
