"""Secrets that a page shows once: put aside by the act, taken by the page that comes after it.

A page that answers a POST would make another secret when it is loaded again, so the act sends on
to a page, and the secret waits in between on the server, encrypted, never in an address.
"""

from __future__ import annotations

import base64
import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from vault.keys import keyring

_ASSOCIATED = b"shown-once"


def put_aside(request: HttpRequest, name: str, shown: dict[str, str]) -> None:
    """Keep it for the next page of this session."""
    envelope = keyring().encrypt(json.dumps(shown).encode(), _ASSOCIATED)
    request.session[_key(name)] = base64.b64encode(envelope).decode()


def take_once(request: HttpRequest, name: str) -> dict[str, str] | None:
    """What was put aside, and from now on nothing."""
    found = request.session.pop(_key(name), None)
    if found is None:
        return None
    shown: dict[str, str] = json.loads(keyring().decrypt(base64.b64decode(found), _ASSOCIATED))
    return shown


def not_kept(answer: HttpResponse) -> HttpResponse:
    """No cache keeps the page, so that going back does not show the secret again."""
    add_never_cache_headers(answer)
    return answer


def _key(name: str) -> str:
    return f"once:{name}"
