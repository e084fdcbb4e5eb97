"""Section 4 of the package, the access matrix, and who may read the trail (section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.roles import MATRIX, ROLE_LABELS, Permission, Role, labels, roles_with
from evidence.dates import day
from evidence.sections import Block, Field, Figure, Gap, Scope, Table, Text, section_provider
from projects.models import Membership

# The rules that services and database triggers hold; see the migrations of the rooms.
DUTIES = (
    ("Runs the de-identification", "does not review its sample or sign it off"),
    ("Runs the de-identification", "does not attest that nothing identifies"),
    (
        "Imports, de-identifies, builds, trains or evaluates a version",
        "does not override its gates",
    ),
    ("Imports, de-identifies, builds, trains or evaluates a version", "does not decide on it"),
    ("Submits a version", "does not decide on it"),
    ("Decides on a version", "does not deploy it; each person decides once, in one seat"),
    ("Administers people", "joins no project, sees no patient data, approves nothing"),
)


@section_provider("access")
def collect(scope: Scope) -> Iterator[Field]:
    yield Field("role_permission_matrix", "", _matrix(), key="matrix")
    yield Field("user_directory_export", "", _users(scope), key="users")
    yield Field("service_account_register", "", _special(), key="special_accounts")
    yield Field("sod_report", "", _duties(), key="separation")
    yield Field("crosswalk ACL", "", _reidentification(), key="reidentification")
    yield Field("user_lifecycle_log", "", _lifecycle(scope), key="lifecycle")
    yield Field("auth_settings_snapshot", "", _settings(), key="settings")


@section_provider("audit")
def collect_log_access(scope: Scope) -> Iterator[Field]:
    readers = labels(roles_with(Permission.READ_AUDIT))
    blocks = [
        Text(
            f"The trail is read by the {readers} of a project; each reading is an entry of its "
            "own. Nobody alters it: the application's database role may insert and read only, and "
            "a system administrator has no other role in the application."
        )
    ]
    yield Field("role_permission_matrix", "", blocks, key="log_access")


def _matrix() -> list[Block]:
    roles = list(Role)
    rows = tuple(
        (permission.value, *("yes" if role in MATRIX[permission] else "" for role in roles))
        for permission in Permission
    )
    head = ("May", *(ROLE_LABELS[role] for role in roles))
    return [Table("What each role may do, printed from the permission code", head, rows)]


def _members(scope: Scope) -> list[Membership]:
    return list(
        Membership.objects.filter(project_id=scope.project_id)
        .select_related("user")
        .order_by("role", "started_at")
    )


def _users(scope: Scope) -> list[Block]:
    rows = tuple(
        (
            ROLE_LABELS[Role(member.role)] + (" (chair)" if member.is_chair else ""),
            member.user.full_name,
            "active" if member.user.is_active else "closed",
            "password",
            day(member.user.last_login) if member.user.last_login else "never",
        )
        for member in _members(scope)
        if member.ended_at is None
    )
    head = ("Role", "Person", "Account", "Factor", "Last log-in")
    return [Table("People of this project", head, rows)]


def _special() -> list[Block]:
    administrators = User.objects.filter(is_sysadmin=True, is_active=True).count()
    return [
        Figure("System administrators", administrators, "accounts"),
        Text(
            "System administrators manage people and projects and join no project. There is no "
            "superuser and no break-glass account. The application reaches its database as a role "
            "without superuser rights and without the right to change tables."
        ),
    ]


def _duties() -> list[Block]:
    return [
        Table("Rules held by the services and by database triggers", ("Who", "Then"), DUTIES),
    ]


def _reidentification() -> list[Block]:
    return [
        Text(
            "There is no crosswalk: identifiers are replaced by their category, and no map from a "
            "tag to what stood there is kept. The notes as they came stay encrypted in the "
            f"database and are read only by the {labels(roles_with(Permission.READ_RAW_NOTE))} of "
            "the project; each reading is in the audit trail."
        )
    ]


def _lifecycle(scope: Scope) -> list[Block]:
    rows = tuple(
        (
            member.user.full_name,
            ROLE_LABELS[Role(member.role)],
            day(member.started_at),
            day(member.ended_at) if member.ended_at else "",
        )
        for member in _members(scope)
    )
    return [Table("Joiners and leavers of this project", ("Person", "Role", "From", "To"), rows)]


def _settings() -> list[Block]:
    rules: Any = settings.AUTH_PASSWORD_VALIDATORS
    minimum = next(r["OPTIONS"]["min_length"] for r in rules if "MinimumLength" in r["NAME"])
    return [
        Figure(
            "Session ends after", settings.SESSION_COOKIE_AGE // 60, "minutes without a request"
        ),
        Figure("Log-in is locked after", settings.AXES_FAILURE_LIMIT, "wrong passwords"),
        Figure("Lock-out lasts", round(settings.AXES_COOLOFF_TIME * 60), "minutes"),
        Figure("Shortest password", minimum, "characters"),
        Text(
            "Common passwords and passwords like the person's own name or address are refused. "
            "Every signature asks for the password again in its own request."
        ),
        Gap("Second factor", "This version has no second factor; people log in by password."),
    ]
