"""Wrong passwords count, although the request that typed them is rolled back."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.errors import WrongPassword
from accounts.services import reauthenticate
from tests.factories.people import PASSWORD, make_user


def test_five_wrong_passwords_while_signing_lock_the_signature(fresh_database: str) -> None:
    user = make_user("Amara Okafor")
    for _ in range(5):
        with pytest.raises(WrongPassword), transaction.atomic():
            reauthenticate(user=user, password="not the passphrase")
    with pytest.raises(WrongPassword, match="locked for 15 minutes"):
        reauthenticate(user=user, password=PASSWORD)


def test_four_wrong_ones_do_not(fresh_database: str) -> None:
    user = make_user("Amara Okafor")
    for _ in range(4):
        with pytest.raises(WrongPassword, match="is not right"), transaction.atomic():
            reauthenticate(user=user, password="not the passphrase")
    reauthenticate(user=user, password=PASSWORD)
