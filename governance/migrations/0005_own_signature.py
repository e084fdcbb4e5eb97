from django.db import migrations

from audit.separation import signed_by


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_resumers"), ("accounts", "0003_first_password")]
    operations = [
        signed_by(
            table="governance_decision", name="wrong_signer_on_decision", person="decided_by_id"
        ),
        signed_by(
            table="governance_override", name="wrong_signer_on_override", person="signed_by_id"
        ),
    ]
