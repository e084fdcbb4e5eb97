"""People: creating them, their passwords, and proving who is at the keyboard."""

from __future__ import annotations

import secrets
from uuid import UUID

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest

from accounts.errors import InvalidInput, WrongPassword, WrongState
from accounts.models import User
from audit.services import record, record_refusal


@transaction.atomic
def create_user(
    *, email: str, full_name: str, password: str | None, actor: User | None, sysadmin: bool = False
) -> tuple[User, str]:
    """Create a person; returns the person and the password (made here when none is given)."""
    if User.objects.filter(email=email.strip().lower()).exists():
        raise InvalidInput("A person with this e-mail address exists already. Nothing was changed.")
    chosen = password or secrets.token_urlsafe(15)
    try:
        validate_email(email.strip())
        validate_password(chosen, User(email=email, full_name=full_name))
    except ValidationError as problem:
        raise InvalidInput(" ".join(problem.messages)) from problem
    user = User.objects.create_user(email=email, full_name=full_name, password=chosen)
    user.is_sysadmin, user.password_is_first = sysadmin, password is None
    user.save(update_fields=["is_sysadmin", "password_is_first"])
    record("iam.user.create", actor=actor, action="C", subject=user, details={"sysadmin": sysadmin})
    return user, chosen


@transaction.atomic
def deactivate_user(*, user: User, actor: User) -> None:
    """Close an account. People are never deleted: their signatures stay theirs."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("iam.user.deactivate", actor=actor, action="U", subject=user)


@transaction.atomic
def reopen_user(*, user: User, actor: User) -> str:
    """Open an account again, or give a lost password a successor; returns it, to be shown once.

    Signed-in sessions of the person end, since they hang on the old password.
    """
    password = secrets.token_urlsafe(15)
    user.is_active = user.password_is_first = True
    user.set_password(password)
    user.save(update_fields=["is_active", "password", "password_is_first"])
    record("iam.user.change", actor=actor, action="U", subject=user, reason="reopened")
    return password


@transaction.atomic
def change_password(*, user: User, old: str, new: str) -> None:
    _prove(user=user, password=old)
    try:
        validate_password(new, user)
    except ValidationError as problem:
        raise InvalidInput(" ".join(problem.messages)) from problem
    if new == old:
        raise InvalidInput("The new password is the old one. Nothing was changed.")
    user.set_password(new)
    user.password_is_first = False
    user.save(update_fields=["password", "password_is_first"])
    record("iam.user.change", actor=user, action="U", subject=user, reason="password")


def reauthenticate(
    *, user: User, password: str, project_id: UUID | None = None, kind: str = ""
) -> None:
    """Prove that the signed-in person is at the keyboard, in the request of the act itself.

    A first password proves nothing: whoever made the account has seen it. `kind` says what the
    password was asked for; with `project_id` the project's trail shows right and wrong ones.
    """
    if user.password_is_first:
        record_refusal(
            "auth.reauth",
            actor=user,
            project_id=project_id,
            reason="first-password",
            details={"kind": kind} if kind else {},
        )
        raise WrongState(
            "Your first password was handed to you by somebody else, so it signs nothing. Change "
            "it under your name at the top, then sign. Nothing was signed."
        )
    _prove(user=user, password=password, project_id=project_id, kind=kind)


class AgainRequest(HttpRequest):
    """Marks that a person who is signed in gives the password again: not a sign-in."""

    again = True


def _wrong_password(user: User) -> WrongPassword:
    """Wrong, or locked: whoever is locked out must not go on guessing at the right password."""
    if AxesProxyHandler.is_allowed(AgainRequest(), {"username": user.email}):
        return WrongPassword("The password is not right. Nothing was signed; please type it again.")
    return WrongPassword(
        "Signing is locked for 15 minutes after five wrong passwords, for the right one too. "
        "Nothing was signed; wait a quarter of an hour, then type it again."
    )


def _prove(*, user: User, password: str, project_id: UUID | None = None, kind: str = "") -> None:
    details = {"kind": kind} if kind else {}
    found = authenticate(AgainRequest(), username=user.email, password=password)
    if found is None or found.pk != user.pk:
        record_refusal(
            "auth.reauth",
            actor=user,
            outcome="failure",
            project_id=project_id,
            reason="wrong-password",
            details=details,
        )
        raise _wrong_password(user)
    record("auth.reauth", actor=user, project_id=project_id, details=details)
