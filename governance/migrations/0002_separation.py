from django.db import migrations

from audit.append_only import append_only
from audit.separation import refuse_when

# Everybody who imported, de-identified, built or trained what a version came from: itself and
# every version that it continues.
_MADE_VERSION = """
    WITH RECURSIVE lineage AS (
        SELECT v.training_run_id FROM training_modelversion v WHERE v.id = {version}
        UNION SELECT p.training_run_id FROM lineage l
            JOIN training_trainingrun t ON t.id = l.training_run_id
            JOIN training_modelversion p ON p.id = t.continues_id
    ), taught AS (
        SELECT t.started_by_id, d.created_by_id, r.operator_id FROM lineage l
            JOIN training_trainingrun t ON t.id = l.training_run_id
            JOIN datasets_app_datasetversion d ON d.id = t.dataset_id
            JOIN deid_run r ON r.id = d.run_id
    )
    SELECT started_by_id FROM taught
    UNION SELECT created_by_id FROM taught
    UNION SELECT operator_id FROM taught
    UNION SELECT b.created_by_id FROM training_modelversion v
        JOIN deid_importbatch b ON b.project_id = v.project_id WHERE v.id = {version}
"""
_OF_SUBMISSION = "(SELECT model_version_id FROM governance_submission WHERE id = NEW.submission_id)"
_OF_EVALUATION = "(SELECT model_version_id FROM training_evaluation WHERE id = NEW.evaluation_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0001_initial"),
        ("training", "0002_append_only"),
        ("datasets_app", "0002_separation"),
    ]
    operations = [
        refuse_when(
            table="governance_decision",
            name="maker_does_not_approve",
            condition=f"""NEW.decided_by_id IN ({_MADE_VERSION.format(version=_OF_SUBMISSION)}
                UNION SELECT requested_by_id FROM governance_submission
                    WHERE id = NEW.submission_id
                UNION SELECT e.started_by_id FROM governance_submission s
                    JOIN training_evaluation e ON e.id = s.evaluation_id
                    WHERE s.id = NEW.submission_id)""",
            sentence="who made or requested a version cannot decide on it",
        ),
        refuse_when(
            table="governance_override",
            name="maker_does_not_override",
            condition=f"""NEW.signed_by_id IN ({_MADE_VERSION.format(version=_OF_EVALUATION)}
                UNION SELECT started_by_id FROM training_evaluation
                    WHERE id = NEW.evaluation_id)""",
            sentence="who made a version cannot override its gates",
        ),
        append_only("governance_decision"),
        append_only("governance_override"),
    ]
