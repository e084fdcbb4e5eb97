"""A signature needs the person, the password and what was on the screen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.errors import StaleContent, WrongPassword
from accounts.models import Signature
from accounts.signing import sign_manifest
from audit.models import Entry
from evidence.manifests import Manifest, Parent
from evidence.pki.verify import verify_cms
from tests.factories.people import PASSWORD, make_user
from vault.keys import authority

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def manifest(verdict: str = "approve") -> Manifest:
    now = datetime(2026, 11, 25, tzinfo=UTC).isoformat()
    return Manifest("decision", "1", now, {"verdict": verdict}, (Parent("x", "a" * 64),))


def sign(**changes: object) -> Signature:
    chosen = {
        "actor": make_user("Amara Okafor"),
        "password": PASSWORD,
        "role": "compliance",
        "meaning": "Approved",
        "manifest": manifest(),
        "shown_digest": manifest().digest,
    } | changes
    return sign_manifest(**chosen)  # type: ignore[arg-type]


def test_it_keeps_the_bytes_that_were_signed_and_a_valid_cms() -> None:
    signature = sign()
    report = verify_cms(
        bytes(signature.manifest), bytes(signature.cms), authority().ca_certificate_pem
    )
    assert report.valid
    assert report.signer_name == "Amara Okafor"
    assert report.meaning == "Approved"
    assert signature.manifest_digest == manifest().digest


def test_a_wrong_password_signs_nothing_and_leaves_its_trace() -> None:
    with pytest.raises(WrongPassword):
        sign(password="not the passphrase")
    assert not Signature.objects.exists()
    assert Entry.objects.using("trail").filter(event="auth.reauth", outcome="failure").exists()


def test_another_digest_than_the_one_shown_signs_nothing() -> None:
    with pytest.raises(StaleContent):
        sign(shown_digest=manifest("reject").digest)
    assert not Signature.objects.exists()


def test_a_decision_is_bound_to_what_it_decides_on() -> None:
    assert sign(shown_digest="a" * 64, subject_digest="a" * 64).pk
    with pytest.raises(StaleContent):
        sign(shown_digest="b" * 64, subject_digest="a" * 64)
    with pytest.raises(ValueError, match="parents"):
        sign(shown_digest="c" * 64, subject_digest="c" * 64)


def test_somebody_elses_password_does_not_sign() -> None:
    other = make_user("Other")
    other.set_password("another long passphrase")
    other.save()
    with pytest.raises(WrongPassword):
        sign(password="another long passphrase")


def test_the_persons_private_key_is_kept_nowhere() -> None:
    signature = sign()
    for field in Signature._meta.get_fields():
        value = getattr(signature, field.attname, b"") if field.concrete else b""
        held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        assert b"PRIVATE KEY" not in held
