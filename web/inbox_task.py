"""One thing that waits for a person, and in which projects the person has which roles."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from accounts.roles import Role


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, why, where, and since when."""

    title: str
    why: str
    url: str
    since: datetime
    state: str = "waiting"


Roles = dict[uuid.UUID, set[Role]]


def projects_with(roles: Roles, *wanted: Role) -> list[uuid.UUID]:
    return [project for project, held in roles.items() if held & set(wanted)]
