"""Refuse to start as owner or superuser of the database: such a role could rewrite the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

_QUERY = """
SELECT r.rolsuper, d.datdba = r.oid
FROM pg_roles r JOIN pg_database d ON d.datname = current_database()
WHERE r.rolname = current_user
"""


@register(Tags.database)
def database_role(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(_QUERY)
        superuser, owner = cursor.fetchone()
    if superuser or owner:
        return [
            Error(
                "DATABASE_URL connects as owner or superuser of the database.",
                hint="Give DATABASE_URL the role countersign_app and keep the owner for "
                "DATABASE_OWNER_URL.",
                id="accounts.E001",
            )
        ]
    return []
