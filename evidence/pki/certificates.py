"""X.509 certificates of the installation: its authority, seal, time stamps and people.

ECDSA on P-256 throughout: a person's key is made for each act, and RSA keys of the same
strength take a second each. poppler's `pdfsig`, NSS and pyHanko read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from evidence.pki.errors import AuthorityError
from evidence.pki.oids import DOCUMENT_SIGNING, PERSON_POLICY, SEAL_POLICY, TSA_POLICY

AUTHORITY_LIFETIME = timedelta(days=20 * 365 + 5)
PERSON_LIFETIME = timedelta(minutes=15)
# Clocks of two machines differ; without it a certificate would begin after its first use.
CLOCK_LEEWAY = timedelta(minutes=1)
# ub-common-name, ub-title and ub-serial-number of RFC 5280, appendix A.
LONGEST_NAME = 64
# NSS, and with it poppler's `pdfsig`, judges signers of documents by the e-mail usage.
_SIGNING_USAGES = (x509.ObjectIdentifier(DOCUMENT_SIGNING), ExtendedKeyUsageOID.EMAIL_PROTECTION)


@dataclass(frozen=True)
class KeyPair:
    """A private key with the certificate that names its use."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def key_pem(self) -> bytes:
        """Return the private key as unencrypted PKCS#8 PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def certificate_pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the DER certificate as 64 lower-case hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def new_authority(installation: str, now: datetime) -> KeyPair:
    """Make the root of the installation; it signs certificates and nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Countersign authority {installation}")
    builder = _builder(name, name, key.public_key(), now, AUTHORITY_LIFETIME)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return KeyPair(key, builder.sign(key, hashes.SHA256()))


def new_seal(authority: KeyPair, installation: str, now: datetime) -> KeyPair:
    """Make the key that seals manifests, snapshots and audit checkpoints."""
    return _issue(
        authority,
        _name(f"Countersign seal {installation}"),
        now,
        AUTHORITY_LIFETIME - timedelta(days=1),
        policy=SEAL_POLICY,
        usages=_SIGNING_USAGES,
    )


def new_time_stamper(authority: KeyPair, installation: str, now: datetime) -> KeyPair:
    """Make the key of the internal time stamp authority (RFC 3161, section 2.3)."""
    return _issue(
        authority,
        _name(f"Countersign time stamps {installation}"),
        now,
        AUTHORITY_LIFETIME - timedelta(days=1),
        policy=TSA_POLICY,
        usages=(ExtendedKeyUsageOID.TIME_STAMPING,),
        usage_critical=True,
    )


def new_person(
    authority: KeyPair, *, name: str, email: str, user_id: str, role: str, now: datetime
) -> KeyPair:
    """Make a key and a certificate of 15 minutes for one act of one person.

    Raises AuthorityError when the name, role or id is empty or longer than X.509 allows, or
    when the e-mail address is not plain ASCII.
    """
    for label, value in (("name", name), ("role", role), ("user id", user_id)):
        if not value.strip() or len(value) > LONGEST_NAME:
            raise AuthorityError(
                f"No certificate was issued: the {label} must have 1 to {LONGEST_NAME} characters."
            )
    try:
        alternative = x509.SubjectAlternativeName([x509.RFC822Name(email)])
    except ValueError as error:
        raise AuthorityError(
            "No certificate was issued: the e-mail address is not a plain ASCII address."
        ) from error
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.TITLE, role),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, user_id),
        ]
    )
    return _issue(
        authority,
        subject,
        now,
        PERSON_LIFETIME,
        policy=PERSON_POLICY,
        usages=_SIGNING_USAGES,
        alternative=alternative,
    )


def _issue(
    authority: KeyPair,
    subject: x509.Name,
    now: datetime,
    lifetime: timedelta,
    *,
    policy: str,
    usages: tuple[x509.ObjectIdentifier, ...],
    usage_critical: bool = False,
    alternative: x509.SubjectAlternativeName | None = None,
) -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    builder = _builder(subject, issuer.subject, key.public_key(), now, lifetime)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_key_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=usage_critical)
    builder = builder.add_extension(
        x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]),
        critical=False,
    )
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False
    )
    if alternative is not None:
        builder = builder.add_extension(alternative, critical=False)
    return KeyPair(key, builder.sign(authority.key, hashes.SHA256()))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_LEEWAY)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=digital_signature,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
