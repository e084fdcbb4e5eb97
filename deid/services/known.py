"""What is known of a patient: from structured columns, and from what reviewers found."""

from __future__ import annotations

from django.db import transaction

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.categories import CATEGORIES
from deid.lookups import known_lookup
from deid.models import KnownIdentifier, Patient
from projects.permissions import require

MAX_VALUE = 300


@transaction.atomic
def add_known_identifier(
    *,
    patient: Patient,
    actor: User,
    category: str,
    value: str,
    source: str = "review",
    permission: Permission = Permission.EDIT_POLICY,
) -> KnownIdentifier:
    """Hide this value in every note of the patient from the next run on. Twice is once.

    What a reviewer found is confirmed: it is hidden wherever it stands as written, also where a
    structured field has given the same value before, which a name's context could still spare.
    `permission` is what the act needs that hides it; adding one by itself needs the policy's.
    """
    require(actor, patient.project, permission)
    shown = " ".join(value.split())
    if category not in CATEGORIES:
        raise InvalidInput("An identifier needs one of the 18 categories. Nothing was added.")
    if sum(c.isalnum() for c in shown) < 2 or len(shown) > MAX_VALUE:
        raise InvalidInput(
            f"An identifier needs two letters or digits and at most {MAX_VALUE} characters. "
            "Nothing was added."
        )
    known, created = KnownIdentifier.objects.get_or_create(
        patient=patient,
        lookup=known_lookup(patient.pk, category, shown),
        defaults={"category": category, "value": shown, "source": source, "added_by": actor},
    )
    confirmed = not created and source == "review" and known.source != source
    if confirmed:
        known.source, known.value = source, shown
        known.save(update_fields=["source", "value"])
    if created or confirmed:
        record(
            "deid.known",
            actor=actor,
            action="C" if created else "U",
            project_id=patient.project_id,
            subject=known,
            details={"category": category, "source": source},
        )
    return known
