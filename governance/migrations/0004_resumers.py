from django.db import migrations

from audit.separation import refuse_when

# Whoever asked for a job of the chain that made a version took part in it: who imported a file
# that somebody else had uploaded, who resumed a run, a training or an evaluation.
_ASKED = """
    EXISTS (
        WITH RECURSIVE lineage AS (
            SELECT v.training_run_id FROM training_modelversion v WHERE v.id = {version}
            UNION SELECT p.training_run_id FROM lineage l
                JOIN training_trainingrun t ON t.id = l.training_run_id
                JOIN training_modelversion p ON p.id = t.continues_id
        )
        SELECT 1 FROM jobs_job j WHERE j.requested_by_id = {person} AND j.group_id IN (
            SELECT training_run_id FROM lineage
            UNION SELECT d.run_id FROM lineage l
                JOIN training_trainingrun t ON t.id = l.training_run_id
                JOIN datasets_app_datasetversion d ON d.id = t.dataset_id
            UNION SELECT b.id FROM training_modelversion v
                JOIN deid_importbatch b ON b.project_id = v.project_id WHERE v.id = {version}
            UNION SELECT {evaluation}
        )
    )
"""
_OF_SUBMISSION = "(SELECT model_version_id FROM governance_submission WHERE id = NEW.submission_id)"
_JUDGED = "(SELECT evaluation_id FROM governance_submission WHERE id = NEW.submission_id)"
_OF_EVALUATION = "(SELECT model_version_id FROM training_evaluation WHERE id = NEW.evaluation_id)"


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_frozen_submissions"), ("jobs", "0001_initial")]
    operations = [
        refuse_when(
            table="governance_decision",
            name="worker_does_not_approve",
            condition=_ASKED.format(
                version=_OF_SUBMISSION, person="NEW.decided_by_id", evaluation=_JUDGED
            ),
            sentence="who worked on a version cannot decide on it",
        ),
        refuse_when(
            table="governance_override",
            name="worker_does_not_override",
            condition=_ASKED.format(
                version=_OF_EVALUATION, person="NEW.signed_by_id", evaluation="NEW.evaluation_id"
            ),
            sentence="who worked on a version cannot override its gates",
        ),
    ]
