"""Projects and memberships: made by the system administrator, who is in none of them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from accounts.services import create_user, deactivate_user, reopen_user
from audit.services import record
from projects.models import DeliveryPhase, Membership, Project
from projects.permissions import require_sysadmin

# The five phases of delivery, with the weeks they are planned for.
PHASES = [
    (1, "Data assessment and de-identification", "1-2"),
    (2, "Dataset preparation and fine-tuning", "2-3"),
    (3, "Deployment and integration", "3-4"),
    (4, "Compliance validation and documentation", "4-5"),
    (5, "Monitoring, retraining and support", "ongoing"),
]


@transaction.atomic
def create_project(
    *,
    name: str,
    actor: User,
    purpose: str = "",
    leak_limit: float = 0.05,
    confidence: float = 0.95,
    sample_fraction: float = 0.05,
) -> Project:
    require_sysadmin(actor)
    slug = slugify(name)
    if not slug:
        raise InvalidInput("A project needs a name with at least one letter. Nothing was made.")
    if Project.objects.filter(slug=slug).exists():
        raise InvalidInput("A project with this name exists already. Choose another name.")
    project = Project.objects.create(
        name=name,
        slug=slug,
        purpose=purpose,
        leak_limit=leak_limit,
        confidence=confidence,
        sample_fraction=sample_fraction,
        created_by=actor,
    )
    DeliveryPhase.objects.bulk_create(
        DeliveryPhase(project=project, number=number, title=title, planned_weeks=weeks)
        for number, title, weeks in PHASES
    )
    record("project.create", actor=actor, action="C", project_id=project.pk, subject=project)
    return project


@transaction.atomic
def add_member(
    *, project: Project, user: User, role: Role, actor: User, is_chair: bool = False
) -> Membership:
    require_sysadmin(actor)
    if user.is_sysadmin or role is Role.SYSADMIN:
        raise NotAllowed("A system administrator sees no patient data and joins no project.")
    if is_chair and role is not Role.COMMITTEE:
        raise InvalidInput("Only a committee member can be the chair.")
    membership, created = Membership.objects.get_or_create(
        project=project, user=user, role=role, ended_at=None, defaults={"is_chair": is_chair}
    )
    if created:
        record(
            "iam.role.change",
            actor=actor,
            action="C",
            project_id=project.pk,
            subject=membership,
            details={"user": str(user.pk), "role": role.value},
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, actor: User) -> None:
    require_sysadmin(actor)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record(
        "iam.role.change",
        actor=actor,
        action="U",
        project_id=membership.project_id,
        subject=membership,
        details={"user": str(membership.user_id), "ended": True},
    )


@transaction.atomic
def add_person(*, email: str, full_name: str, actor: User) -> tuple[User, str]:
    """Create an account; returns it with the first password, which is shown once."""
    require_sysadmin(actor)
    return create_user(email=email, full_name=full_name, password=None, actor=actor)


@transaction.atomic
def reopen_account(*, user: User, actor: User) -> str:
    """A new first password, for a closed account or a forgotten password; shown once."""
    require_sysadmin(actor)
    return reopen_user(user=user, actor=actor)


@transaction.atomic
def close_account(*, user: User, actor: User) -> None:
    require_sysadmin(actor)
    if user.pk == actor.pk:
        raise NotAllowed("You cannot close your own account. Ask another system administrator.")
    deactivate_user(user=user, actor=actor)
