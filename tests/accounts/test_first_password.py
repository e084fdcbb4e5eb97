"""A first password was seen by somebody else: it opens the door and signs nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import InvalidInput, WrongState
from accounts.services import change_password, create_user, reauthenticate
from projects.services import reopen_account
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def test_it_signs_nothing_until_the_person_has_changed_it() -> None:
    user, first = create_user(
        email="first@test.invalid", full_name="First", password=None, actor=None
    )
    with pytest.raises(WrongState, match="first password"):
        reauthenticate(user=user, password=first)
    with pytest.raises(InvalidInput):
        change_password(user=user, old=first, new=first)
    change_password(user=user, old=first, new=PASSWORD)
    reauthenticate(user=user, password=PASSWORD)


def test_a_password_given_by_the_administrator_is_a_first_one_again() -> None:
    user, sysadmin = make_user(), make_user(sysadmin=True)
    reauthenticate(user=user, password=PASSWORD)
    first = reopen_account(user=user, actor=sysadmin)
    with pytest.raises(WrongState):
        reauthenticate(user=user, password=first)


def test_signing_in_with_it_leads_to_the_page_where_it_is_changed(client: Client) -> None:
    user, first = create_user(
        email="first@test.invalid", full_name="First", password=None, actor=None
    )
    answer = client.post("/sign-in/", {"username": user.email, "password": first})
    assert answer.headers["Location"] == "/password/"
