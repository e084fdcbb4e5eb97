"""Checking signatures and seals offline, with public certificates only.

A person's certificate ends minutes after the act. It is therefore judged at the time that the
RFC 3161 time stamp attests; the time stamp authority's own certificate is judged at the time of
checking (`at`). So a signature still verifies years later, without any server.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import cms
from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import (
    cms_basic_validation,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from evidence.pki import structure
from evidence.pki.certificates import fingerprint
from evidence.pki.cms import meaning_of, run, to_asn1
from evidence.pki.oids import PERSON_POLICY, SEAL_POLICY
from evidence.pki.report import SignatureReport
from evidence.pki.structure import StructureError

# How far the checker's clock may run behind the clock that stamped.
CLOCK_LEEWAY = timedelta(minutes=5)


def verify_cms(
    data: bytes, cms_der: bytes, trust_pem: bytes | None = None, at: datetime | None = None
) -> SignatureReport:
    """Check a person's detached CMS signature over `data`.

    `trust_pem` holds the pinned root certificates; without it the root that came with the
    signature is used, which vouches for integrity only. `at` is the time of checking (aware),
    now by default. Never raises for bad input: the report's `problems` say what is wrong.
    """
    return _guarded(cms_der, data, trust_pem, at, policy=PERSON_POLICY)


def verify_signed_data(
    signed: cms.SignedData, digest: bytes, trust_pem: bytes | None, at: datetime | None
) -> SignatureReport:
    """Check a person's signature that is already parsed, given the SHA-256 of what it signs.

    For PDF signatures, whose bytes are spread over the file. Never raises for bad input.
    """
    try:
        return _judge(signed, digest, trust_pem, at or datetime.now(UTC), PERSON_POLICY)
    except Exception as error:  # hostile input: parsers of several libraries, any error
        return _unreadable(error)


def verify_seal(
    data: bytes, seal: bytes, certificate_pem: bytes, at: datetime | None = None
) -> bool:
    """Tell whether `seal` is the installation's over `data`; `certificate_pem` is its root."""
    return inspect_seal(data, seal, certificate_pem, at).valid


def inspect_seal(
    data: bytes, seal: bytes, trust_pem: bytes | None = None, at: datetime | None = None
) -> SignatureReport:
    """Check an installation's seal like `verify_cms` checks a person's signature."""
    return _guarded(seal, data, trust_pem, at, policy=SEAL_POLICY)


def _guarded(
    cms_der: bytes, data: bytes, trust_pem: bytes | None, at: datetime | None, policy: str
) -> SignatureReport:
    try:
        signed = structure.parse_signed_data(cms_der)
        digest = hashlib.sha256(data).digest()
        return _judge(signed, digest, trust_pem, at or datetime.now(UTC), policy)
    except Exception as error:  # hostile input: parsers of several libraries, any error
        return _unreadable(error)


def _unreadable(error: Exception) -> SignatureReport:
    problem = str(error) if isinstance(error, StructureError) else "It cannot be read."
    return SignatureReport(valid=False, problems=(problem,))


@dataclass
class _Check:
    signed: cms.SignedData
    digest: bytes
    roots: list[x509.Certificate]
    pinned: bool
    at: datetime
    problems: list[str] = field(default_factory=list)

    def context(self, moment: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=[to_asn1(root) for root in self.roots],
            moment=moment,
            allow_fetching=False,
        )


def _judge(
    signed: cms.SignedData, digest: bytes, trust_pem: bytes | None, at: datetime, policy: str
) -> SignatureReport:
    structure.check_structure(signed, content_type="data", version="v1")
    embedded = structure.embedded_certificates(signed)
    pinned = structure.load_roots(trust_pem) if trust_pem else []
    roots = pinned or structure.self_signed(embedded)
    structure.check_certificates(embedded, roots)
    structure.check_signer_identifier(signed["signer_infos"][0], embedded)
    check = _Check(signed, digest, roots, bool(pinned), at)
    info = extract_signer_info(signed)
    if policy == PERSON_POLICY:
        signed_at, attested_by = _check_time_stamp(check, info, embedded)
    else:
        # A seal needs no time stamp: its certificate lives as long as the installation.
        structure.check_no_unsigned_attributes(info)
        signed_at, attested_by = _claimed_time(info), ""
    signer = _check_signer(check, signed_at if policy == PERSON_POLICY else at, policy)
    return _report(check, info, signer, signed_at, attested_by)


def _check_time_stamp(
    check: _Check, info: cms.SignerInfo, embedded: list[x509.Certificate]
) -> tuple[datetime | None, str]:
    token = structure.time_stamp_token(info)
    if token is None:
        check.problems.append("It has no time stamp, so its time is not attested.")
        return None, ""
    structure.check_structure(token, content_type="tst_info", version="v3")
    certificates = structure.embedded_certificates(token)
    structure.check_certificates(certificates, [*check.roots, *embedded])
    structure.check_signer_identifier(token["signer_infos"][0], certificates)
    status = TimestampSignatureStatus(
        **run(
            validate_tst_signed_data(token, check.context(check.at), message_imprint_checker(info))
        )
    )
    if not (status.intact and status.valid):
        check.problems.append("Its time stamp was altered or belongs to another signature.")
    elif not status.trusted:
        check.problems.append(
            "Its time stamp is not from an authority that is trusted at the time of checking."
        )
    if status.timestamp > check.at + CLOCK_LEEWAY:
        check.problems.append("Its time stamp lies after the time of checking.")
    return status.timestamp, str(status.signing_cert.subject.native["common_name"])


def _check_signer(check: _Check, moment: datetime | None, policy: str) -> x509.Certificate:
    status = SignatureStatus(
        **run(
            cms_basic_validation(
                check.signed,
                raw_digest=check.digest,
                validation_context=check.context(moment or check.at),
                key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
            )
        )
    )
    signer = x509.load_der_x509_certificate(status.signing_cert.dump())
    if not status.intact:
        check.problems.append("What was signed has been changed since.")
    elif not status.valid:
        check.problems.append("The signature does not belong to the certificate in it.")
    elif not status.trusted:
        check.problems.append(_why_untrusted(check, signer, moment or check.at))
    if policy not in _policies(signer):
        wanted = "a person's signature" if policy == PERSON_POLICY else "an installation's seal"
        check.problems.append(f"Its certificate was not issued for {wanted}.")
    return signer


def _why_untrusted(check: _Check, signer: x509.Certificate, moment: datetime) -> str:
    if not any(structure.issued(signer, root) for root in check.roots):
        return "It was signed by another authority than the trusted one."
    if not signer.not_valid_before_utc <= moment <= signer.not_valid_after_utc:
        return "The signer's certificate was not valid at the attested time."
    return "The signer's certificate is not trusted."


def _report(
    check: _Check,
    info: cms.SignerInfo,
    signer: x509.Certificate,
    signed_at: datetime | None,
    attested_by: str,
) -> SignatureReport:
    embedded = structure.self_signed(structure.embedded_certificates(check.signed))
    # What the signature claims as its root is shown even where another root is pinned.
    issuer = next((r for r in [*check.roots, *embedded] if structure.issued(signer, r)), None)
    return SignatureReport(
        valid=not check.problems,
        signer_name=_subject(signer, NameOID.COMMON_NAME),
        signer_email=_email(signer),
        signer_role=_subject(signer, NameOID.TITLE),
        signer_id=_subject(signer, NameOID.SERIAL_NUMBER),
        meaning=meaning_of(info["signed_attrs"]),
        signed_at=signed_at,
        time_attested_by=attested_by,
        problems=tuple(check.problems),
        issuer_fingerprint=fingerprint(issuer) if issuer else "",
        issuer_pinned=check.pinned,
    )


def _claimed_time(info: cms.SignerInfo) -> datetime | None:
    for attribute in info["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            value: datetime = attribute["values"][0].native
            return value
    return None


def _policies(certificate: x509.Certificate) -> set[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    except x509.ExtensionNotFound:
        return set()
    return {policy.policy_identifier.dotted_string for policy in extension.value}


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else ""


def _email(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ""
    emails = names.value.get_values_for_type(x509.RFC822Name)
    return emails[0] if emails else ""
