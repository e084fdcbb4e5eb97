"""Signatures of people and seals of the installation, really signed and really checked."""

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.pki import (
    Authority,
    AuthorityError,
    create,
    inspect_seal,
    verify_cms,
    verify_seal,
)
from evidence.pki.der import is_canonical

DATA = b'{"verdict":"approve"}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "authority"
    create(path)
    return path


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority.load(folder)


@pytest.fixture(scope="module")
def signature(authority: Authority) -> bytes:
    return person(authority).sign_cms(DATA, "Approved")


def person(authority: Authority):
    return authority.issue_person("Dr. Ana Núñez", "ana@example.org", "u-17", "reviewer")


def in_years(years: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=366 * years)


def test_a_signature_says_who_signed_what_meaning_when_and_who_attests_the_time(
    authority, signature
):
    report = verify_cms(DATA, signature, authority.ca_certificate_pem)
    assert report.valid, report.problems
    assert report.signer_name == "Dr. Ana Núñez"
    assert report.signer_email == "ana@example.org"
    assert report.signer_role == "reviewer"
    assert report.signer_id == "u-17"
    assert report.meaning == "Approved"
    assert abs(datetime.now(UTC) - report.signed_at) < timedelta(minutes=10)
    assert report.time_attested_by.startswith("Countersign time stamps")
    assert report.issuer_fingerprint == authority.ca_fingerprint
    assert report.issuer_pinned


@pytest.mark.parametrize("years", [2, 6])
def test_it_still_verifies_years_after_the_certificate_ended(authority, signature, years):
    assert verify_cms(DATA, signature, authority.ca_certificate_pem, in_years(years)).valid


def test_it_stops_verifying_when_the_time_stamp_authority_has_ended(authority, signature):
    report = verify_cms(DATA, signature, authority.ca_certificate_pem, in_years(21))
    assert "not from an authority that is trusted" in " ".join(report.problems)


def test_a_time_stamp_from_the_future_is_refused(authority, signature):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    report = verify_cms(DATA, signature, authority.ca_certificate_pem, yesterday)
    assert "Its time stamp lies after the time of checking." in report.problems


def test_changed_data_is_refused(authority, signature):
    report = verify_cms(DATA + b" ", signature, authority.ca_certificate_pem)
    assert not report.valid
    assert "What was signed has been changed since." in report.problems


def test_without_a_pinned_authority_it_vouches_for_integrity_and_names_the_issuer(
    authority, signature
):
    report = verify_cms(DATA, signature)
    assert report.valid
    assert not report.issuer_pinned
    assert report.issuer_fingerprint == authority.ca_fingerprint
    assert not verify_cms(DATA + b"x", signature).valid


def test_another_authority_is_refused_even_under_the_same_names(tmp_path, authority, signature):
    forged = create(tmp_path / "forged")
    forged._authority = _with_name_of(authority)
    forgery = person(forged).sign_cms(DATA, "Approved")
    assert verify_cms(DATA, forgery).signer_name == "Dr. Ana Núñez"
    report = verify_cms(DATA, forgery, authority.ca_certificate_pem)
    assert not report.valid
    assert "It was signed by another authority than the trusted one." in report.problems


def _with_name_of(authority: Authority):
    """A new root under the very name of the given authority."""
    from evidence.pki import certificates

    name = x509.load_pem_x509_certificate(authority.ca_certificate_pem).subject
    installation = str(next(iter(name)).value).removeprefix("Countersign authority ")
    pair = certificates.new_authority(installation, datetime.now(UTC))
    assert pair.certificate.subject == name
    return pair


def test_a_byte_changed_anywhere_in_a_signature_is_refused(authority, signature):
    for offset in range(0, len(signature), 7):
        for mask in (0x01, 0x20):
            changed = bytearray(signature)
            changed[offset] ^= mask
            report = verify_cms(DATA, bytes(changed), authority.ca_certificate_pem)
            assert not report.valid, (offset, mask)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_rubbish_is_refused_without_an_exception(data):
    assert not verify_cms(DATA, data).valid
    is_canonical(data)


def test_a_seal_is_not_a_persons_signature_nor_the_other_way_round(authority, signature):
    pem = authority.ca_certificate_pem
    seal = authority.seal(DATA)
    assert verify_seal(DATA, seal, pem)
    assert verify_seal(DATA, seal, pem, in_years(6))
    assert not verify_seal(DATA + b" ", seal, pem)
    assert not verify_cms(DATA, seal, pem).valid
    assert not inspect_seal(DATA, signature, pem).valid


def test_signing_and_checking_work_inside_a_running_event_loop(authority):
    async def act() -> bool:
        seal = authority.seal(DATA)
        return verify_seal(DATA, seal, authority.ca_certificate_pem)

    assert asyncio.run(act())


def test_keys_are_readable_by_their_owner_only(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = sorted(path.name for path in folder.iterdir())
    assert len(files) == 6
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_a_persons_key_is_never_written(folder, authority):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    signer = person(authority)
    signer.sign_cms(DATA, "Approved")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "PRIVATE" not in repr(signer)
    assert b"PRIVATE" not in signer.certificate_pem


def test_an_existing_folder_is_never_overwritten(folder):
    with pytest.raises(AuthorityError, match="never overwritten"):
        create(folder)


def test_a_half_made_folder_is_refused_in_one_line(tmp_path):
    create(tmp_path / "a")
    (tmp_path / "a" / "seal.key").unlink()
    with pytest.raises(AuthorityError, match=r"incomplete \(missing: seal\.key\)") as caught:
        Authority.load(tmp_path / "a")
    assert "\n" not in str(caught.value)


def test_keys_that_others_may_read_are_refused(tmp_path):
    create(tmp_path / "a")
    (tmp_path / "a" / "authority.key").chmod(0o644)
    with pytest.raises(AuthorityError, match="can be read by others"):
        Authority.load(tmp_path / "a")


def test_a_key_that_is_not_its_certificates_is_refused(tmp_path):
    create(tmp_path / "a")
    create(tmp_path / "b")
    (tmp_path / "a" / "seal.key").write_bytes((tmp_path / "b" / "seal.key").read_bytes())
    with pytest.raises(AuthorityError, match="does not belong to its certificate"):
        Authority.load(tmp_path / "a")


def test_nobody_signs_after_the_certificate_has_ended(folder):
    now = [datetime.now(UTC)]
    authority = Authority.load(folder, clock=lambda: now[0])
    signer = person(authority)
    now[0] += timedelta(minutes=16)
    with pytest.raises(AuthorityError, match="authenticate again"):
        signer.sign_cms(DATA, "Approved")


def test_a_signature_without_a_meaning_is_refused(authority):
    with pytest.raises(AuthorityError, match="needs its meaning"):
        person(authority).sign_cms(DATA, " ")


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_no_certificate_can_carry_is_refused(authority, name):
    with pytest.raises(AuthorityError, match="1 to 64 characters"):
        authority.issue_person(name, "ana@example.org", "u-1", "reviewer")
