"""The act by which a person signs a manifest; it needs the password.

The finished PDF is signed in `governance.services.package_signing`, with the same password.
There is no third way to make a person's signature.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from accounts.errors import StaleContent
from accounts.models import Signature, User
from accounts.services import reauthenticate
from audit.services import record, record_refusal
from evidence.manifests import Manifest
from vault.keys import authority


@transaction.atomic
def sign_manifest(
    *,
    actor: User,
    password: str,
    role: str,
    meaning: str,
    manifest: Manifest,
    shown_digest: str,
    subject_digest: str | None = None,
    project_id: UUID | None = None,
) -> Signature:
    """Sign what was shown: the digest from the screen must be what is decided on now.

    That is the manifest's own digest, or `subject_digest` when the manifest is a decision about
    something else (then it names that digest among its parents).
    Raises WrongPassword or StaleContent; then nothing is written but the refusal.
    """
    if subject_digest and subject_digest not in [p.digest for p in manifest.parents]:
        raise ValueError("A decision names what it decides on among its parents.")
    if shown_digest != (subject_digest or manifest.digest):
        record_refusal(
            "sign.fail",
            actor=actor,
            project_id=project_id,
            reason="stale",
            details={"kind": manifest.kind},
        )
        raise StaleContent(
            "Something changed after this page was opened. Nothing was signed; "
            "open the page again and look at what is different."
        )
    reauthenticate(user=actor, password=password, project_id=project_id, kind=manifest.kind)
    content = manifest.canonical()
    person = authority().issue_person(
        name=actor.full_name, email=actor.email, user_id=str(actor.pk), role=role
    )
    signature = Signature.objects.create(
        signer=actor,
        signer_name=actor.full_name,
        signer_role=role,
        meaning=meaning,
        kind=manifest.kind,
        manifest=content,
        manifest_digest=manifest.digest,
        cms=person.sign_cms(content, meaning),
        signed_at=datetime.now(UTC),
    )
    record(
        "sign.apply",
        actor=actor,
        project_id=project_id,
        subject=signature,
        details={"digest": manifest.digest, "meaning": meaning, "kind": manifest.kind},
    )
    return signature
