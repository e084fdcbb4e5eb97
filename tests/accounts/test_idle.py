"""A session ends half an hour after the person's last act, though a page goes on asking."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from tests.factories.people import make_member, make_project

RUN = "0d2829c3-ba09-4a1e-bb65-b02c03aa29fc"  # no run has it
pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.mark.parametrize(("address", "goes_on"), [("", True), (f"runs/{RUN}/progress/", False)])
def test_only_what_a_person_asks_keeps_a_session(address: str, goes_on: bool) -> None:
    project, client = make_project(), Client()
    person = make_member(project, Role.AUDITOR)
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    almost_over = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=almost_over)
    client.get(f"/p/{project.slug}/{address}")
    end: datetime = Session.objects.get().expire_date
    assert (end > almost_over) == goes_on
