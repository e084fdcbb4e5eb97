"""People and projects in the state a test needs, made through the real services."""

from __future__ import annotations

import itertools

from django.test import Client

from accounts.models import User
from accounts.roles import Role
from accounts.services import create_user
from projects.models import Project
from projects.services import add_member, create_project

PASSWORD = "a long enough passphrase"
_count = itertools.count(1)


def make_user(full_name: str = "Test Person", *, sysadmin: bool = False) -> User:
    user, _ = create_user(
        email=f"person{next(_count)}@test.invalid",
        full_name=full_name,
        password=PASSWORD,
        actor=None,
        sysadmin=sysadmin,
    )
    return user


def signed_in(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_project(name: str = "", **settings: float) -> Project:
    sysadmin = make_user("System Administrator", sysadmin=True)
    return create_project(name=name or f"Project {next(_count)}", actor=sysadmin, **settings)  # type: ignore[arg-type]


def make_member(
    project: Project, role: Role, full_name: str = "", *, is_chair: bool = False
) -> User:
    """A new person with one role in the project."""
    user = make_user(full_name or role.value.replace("_", " ").title())
    add_member(project=project, user=user, role=role, actor=project.created_by, is_chair=is_chair)
    return user
