"""The page of people as a system administrator uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services import create_user
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def sysadmin(client: Client) -> User:
    user = make_user(sysadmin=True)
    client.force_login(user)
    return user


def test_it_asks_before_a_password_or_an_account_ends(client: Client, sysadmin: User) -> None:
    other = make_user()
    page = client.get("/people/").content.decode()
    assert f'data-open-dialog="reset-{other.pk}"' in page
    assert f'<dialog id="reset-{other.pk}"' in page
    assert f'<dialog id="close-{other.pk}"' in page
    assert f'<dialog id="close-{sysadmin.pk}"' not in page


def test_a_new_first_password_says_what_became_of_the_account(
    client: Client, sysadmin: User
) -> None:
    other = make_user()
    address = f"/people/{other.pk}/reopen/"
    assert "A new first password is set" in client.post(address).content.decode()
    client.post(f"/people/{other.pk}/close/")
    assert "The account is open again" in client.post(address).content.decode()


def test_an_address_that_is_none_makes_no_account() -> None:
    with pytest.raises(InvalidInput):
        create_user(email="notamail", full_name="X", password=None, actor=None, sysadmin=True)
    assert not User.objects.filter(full_name="X").exists()
