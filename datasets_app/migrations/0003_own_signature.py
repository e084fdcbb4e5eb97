from django.db import migrations

from audit.separation import signed_by


class Migration(migrations.Migration):
    dependencies = [("datasets_app", "0002_separation"), ("accounts", "0003_first_password")]
    operations = [
        signed_by(
            table="datasets_app_attestation",
            name="wrong_signer_on_attestation",
            person="attested_by_id",
        ),
    ]
