"""The installation's keys, as Django processes reach them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from vault.keyring import Keyring, load_keyring

if TYPE_CHECKING:
    from evidence.pki.authority import Authority


def keyring() -> Keyring:
    return load_keyring(settings.KEYS)


@cache
def authority() -> Authority:
    """The certificate authority and sealing key. pyHanko takes a second to load: only when used."""
    from evidence.pki.authority import Authority

    return Authority.load(settings.KEYS / "authority")


def blind_index(value: str, purpose: str) -> bytes:
    return keyring().blind_index(value, purpose)
