"""Signing in, and what the trail keeps of it."""

from __future__ import annotations

import pytest
from django.test import Client

from audit.models import Entry
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/sign-in/", {"username": email, "password": password}).status_code


def test_a_person_signs_in_with_the_e_mail_address(client: Client) -> None:
    user = make_user()
    assert sign_in(client, user.email.upper(), PASSWORD) == 302
    assert Entry.objects.filter(event="auth.login.success", actor_id=user.pk).exists()


def test_what_was_typed_is_in_no_table(client: Client) -> None:
    from django.apps import apps
    from django.db import connection

    assert sign_in(client, "sentinel-typed-name@test.invalid", "sentinel-typed-secret") == 200
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(
                f'SELECT count(*) FROM "{model._meta.db_table}" t '
                "WHERE t::text LIKE '%%sentinel-typed%%'"
            )
            assert cursor.fetchone()[0] == 0, model


def test_five_wrong_attempts_lock_the_door_for_a_while(client: Client) -> None:
    user = make_user()
    for _ in range(5):
        status = sign_in(client, user.email, "wrong password here")
    assert status == 429
    assert sign_in(client, user.email, PASSWORD) == 429


def test_a_closed_account_cannot_sign_in(client: Client) -> None:
    user = make_user()
    user.is_active = False
    user.save()
    assert sign_in(client, user.email, PASSWORD) == 200


def test_pages_ask_for_a_sign_in_first(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/sign-in/")
