from django.db import migrations

from audit.separation import refuse_when

# Who started a run or resumed it: both worked it off.
_WORKED = """(EXISTS (SELECT 1 FROM deid_run r WHERE r.id = {run} AND r.operator_id = {person})
    OR EXISTS (SELECT 1 FROM jobs_job j WHERE j.group_id = {run} AND j.requested_by_id = {person}))
"""
_RUN_OF_ITEM = """(SELECT s.run_id FROM deid_sampleitem i JOIN deid_sample s ON s.id = i.sample_id
    WHERE i.id = NEW.item_id)"""
_SIGNER = "(SELECT g.signer_id FROM accounts_signature g WHERE g.id = NEW.signature_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("deid", "0002_separation"),
        ("jobs", "0001_initial"),
        ("accounts", "0001_initial"),
    ]
    operations = [
        refuse_when(
            table="deid_review",
            name="resumer_is_not_reviewer",
            condition=_WORKED.format(run=_RUN_OF_ITEM, person="NEW.reviewer_id"),
            sentence="who worked off a run cannot review its sample",
        ),
        refuse_when(
            table="deid_sample",
            name="operator_does_not_sign_off",
            condition="NEW.signature_id IS NOT NULL AND "
            + _WORKED.format(run="NEW.run_id", person=_SIGNER),
            sentence="who worked off a run cannot sign off its review",
        ),
        # There is no override: not of the result, and not of the state that it was given.
        refuse_when(
            table="deid_sample",
            name="failed_round_stays_failed",
            condition="""(NEW.state IN ('passed', 'signed_off')
                    AND (NEW.result->>'passed') IS DISTINCT FROM 'true')
                OR (TG_OP = 'UPDATE' AND OLD.state <> 'open'
                    AND (NEW.result IS DISTINCT FROM OLD.result
                        OR NEW.state IS DISTINCT FROM OLD.state
                        AND (OLD.state, NEW.state) IS DISTINCT FROM ('passed', 'signed_off')))""",
            sentence="a decided round keeps its result",
        ),
        refuse_when(
            table="deid_run",
            name="sign_off_needs_a_signed_round",
            condition="""NEW.state = 'signed_off' AND NOT EXISTS (
                SELECT 1 FROM deid_sample s WHERE s.run_id = NEW.id
                AND s.state = 'signed_off' AND s.signature_id IS NOT NULL)""",
            sentence="a run is signed off by a signed round only",
        ),
        refuse_when(
            table="deid_run",
            name="finished_run_is_frozen",
            condition="""TG_OP = 'UPDATE' AND OLD.digest <> '' AND OLD.state IN
                ('rejected', 'signed_off') AND (
                NEW.digest IS DISTINCT FROM OLD.digest
                OR NEW.manifest IS DISTINCT FROM OLD.manifest
                OR NEW.operator_id IS DISTINCT FROM OLD.operator_id
                OR NEW.policy_id IS DISTINCT FROM OLD.policy_id)""",
            sentence="a run that was judged does not change",
        ),
    ]
