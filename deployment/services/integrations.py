"""Keys of hospital systems: shown once, kept as a digest, revoked at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deployment.gateway.snapshot import new_api_key
from deployment.models import Integration
from deployment.services.routing import publish
from projects.models import Project
from projects.permissions import require


@transaction.atomic
def issue_key(*, project: Project, actor: User, name: str) -> tuple[Integration, str]:
    """Make a key for a hospital system. The key itself is returned once and not kept."""
    require(actor, project, Permission.ISSUE_KEYS)
    if not name.strip():
        raise InvalidInput("Name the system that will use the key. No key was made.")
    # Locked: a form that is sent twice must not make a second key that nobody has seen.
    Project.objects.select_for_update().get(pk=project.pk)
    if Integration.objects.filter(project=project, name=name.strip(), revoked_at=None).exists():
        raise InvalidInput(
            f"{name.strip()} has a live key already. No key was made; revoke that one first, or "
            "give this system another name."
        )
    key, digest = new_api_key()
    integration = Integration.objects.create(
        project=project,
        name=name.strip(),
        key_digest=digest,
        key_hint=key[-4:],
        created_by=actor,
    )
    record("integration.key", actor=actor, action="C", project_id=project.pk, subject=integration)
    transaction.on_commit(publish)
    return integration, key


@transaction.atomic
def revoke_key(*, integration: Integration, actor: User) -> None:
    require(actor, integration.project, Permission.ISSUE_KEYS)
    locked = Integration.objects.select_for_update().get(pk=integration.pk)
    if locked.revoked_at:
        raise WrongState("This key was revoked already.")
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(
        "integration.key",
        actor=actor,
        action="U",
        project_id=locked.project_id,
        subject=locked,
        reason="revoked",
    )
    # Before the commit: if the gateway cannot be told, nobody is told that the key is revoked.
    publish()
