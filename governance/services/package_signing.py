"""Signing the finished file: each person by themselves, over the file that they were shown."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed, StaleContent, WrongState
from accounts.models import User
from accounts.roles import ROLE_LABELS, Permission, Role
from accounts.services import reauthenticate
from audit.services import record, record_refusal
from governance.models import Package, PackageSignature
from governance.services.packages import stored_file
from projects.permissions import require, roles_in
from vault import artefacts
from vault.keys import authority

MEANING = "Signed the documentation package"


@transaction.atomic
def sign_package(
    *, package: Package, actor: User, password: str, shown_digest: str
) -> PackageSignature:
    """Add the person's PAdES signature by incremental update; the last one completes it."""
    require(actor, package.project, Permission.SIGN_PACKAGE)
    # Locked: two people who sign at once would each sign the same file and one would be lost.
    package = Package.objects.select_for_update(of=("self",)).get(pk=package.pk)
    slot = _slot_of(actor, package)
    if shown_digest != package.artefact:
        _refused(actor, package, "stale")
        raise StaleContent(
            "The file changed after this page was opened: somebody signed it in between. Nothing "
            "was signed; open the page again and sign the file as it is now."
        )
    data = stored_file(package)
    # pyHanko takes a second to load: pages that sign nothing never need it.
    from governance.package import signing

    reauthenticate(user=actor, password=password, project_id=package.project_id, kind="package")
    signer = authority().issue_person(
        name=actor.full_name, email=actor.email, user_id=str(actor.pk), role=slot.role
    )
    slot.signed_digest = package.artefact
    slot.result_digest = artefacts.put_bytes(
        signing.sign_package(data, signer, slot.field, MEANING)
    )
    slot.meaning, slot.signed_at = MEANING, timezone.now()
    slot.save()
    package.artefact = slot.result_digest
    if not package.signatures.filter(signed_at=None).exists():
        package.state = Package.State.COMPLETE
    package.save(update_fields=["artefact", "state"])
    record(
        "sign.apply",
        actor=actor,
        project_id=package.project_id,
        subject=package,
        details={
            "meaning": MEANING,
            "field": slot.field,
            "digest": slot.signed_digest,
            "result": slot.result_digest,
        },
    )
    return slot


def _slot_of(actor: User, package: Package) -> PackageSignature:
    """The empty field that waits for this person; everybody else is told whom it waits for."""
    if package.state != Package.State.SIGNING:
        raise WrongState("This package does not wait for signatures. Nothing was signed.")
    slots = list(package.signatures.select_related("expected"))
    mine = [slot for slot in slots if slot.expected_id == actor.pk]
    if not mine:
        _refused(actor, package, "not-expected")
        waiting = " and ".join(s.expected.full_name for s in slots if s.signed_at is None)
        raise NotAllowed(
            f"This package is signed by those who decided on the version; it waits for {waiting}. "
            "Nothing was signed."
        )
    if mine[0].signed_at:
        raise WrongState("You have signed this package already. Nothing was signed again.")
    role = Role(mine[0].role)
    if role not in roles_in(actor, package.project):
        _refused(actor, package, "role")
        raise NotAllowed(
            f"This field is for the {ROLE_LABELS[role].lower()} and you do not hold that role any "
            "more. Nothing was signed."
        )
    return mine[0]


def _refused(actor: User, package: Package, reason: str) -> None:
    record_refusal(
        "sign.fail", actor=actor, project_id=package.project_id, subject=package, reason=reason
    )
