"""The page of people as a system administrator uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from accounts.services import create_user
from tests.factories.people import make_member, make_project, make_user

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
    assert "A new first password is set" in client.post(address, follow=True).content.decode()
    client.post(f"/people/{other.pk}/close/")
    assert "The account is open again" in client.post(address, follow=True).content.decode()


def test_a_first_password_is_shown_once_and_stands_in_no_session(
    client: Client, sysadmin: User
) -> None:
    other = make_user()
    answer = client.post(f"/people/{other.pk}/reopen/")
    assert answer.status_code == 302
    kept = str(dict(client.session))
    page = client.get("/people/").content.decode()
    password = page.split("first-password")[1].split("<code>")[1].split("</code>")[0]
    assert password not in kept
    assert "first-password" not in client.get("/people/").content.decode()


def test_an_address_that_is_none_makes_no_account() -> None:
    with pytest.raises(InvalidInput):
        create_user(email="notamail", full_name="X", password=None, actor=None, sysadmin=True)
    assert not User.objects.filter(full_name="X").exists()


def test_a_second_role_is_told_apart_from_a_new_one_and_warns_of_what_is_refused(
    client: Client, sysadmin: User
) -> None:
    project, person = make_project(), make_user()
    address = f"/projects/{project.slug}/members/"

    def give(role: str) -> str:
        return client.post(address, {"user": person.pk, "role": role}, follow=True).content.decode()

    assert "is in the project" in give("ml_admin")
    assert "had this role already" in give("ml_admin")
    assert "both makes and judges" in give("compliance")


def test_the_api_lists_the_callers_own_projects(client: Client) -> None:
    mine, other = make_project(), make_project()
    client.force_login(make_member(mine, Role.AUDITOR))
    slugs = [found["slug"] for found in client.get("/api/v1/projects/").json()["results"]]
    assert slugs == [mine.slug]
    client.force_login(make_user(sysadmin=True))
    slugs = [found["slug"] for found in client.get("/api/v1/projects/").json()["results"]]
    assert {mine.slug, other.slug} <= set(slugs)
