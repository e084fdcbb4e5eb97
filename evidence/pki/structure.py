"""Strict reading of a CMS object: nothing in it that no signature covers.

A CMS object has parts outside its own signature (version numbers, lists of algorithms, copies
of certificates). They must have the one form that this application writes, otherwise a changed
byte would pass unnoticed. Sources: RFC 5652 sections 5.1 and 5.3, RFC 3161, DER (X.690).
"""

from __future__ import annotations

from asn1crypto import algos, cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from evidence.pki.cms import DIGEST, to_asn1
from evidence.pki.der import is_canonical

TIME_STAMP_ATTRIBUTE = "signature_time_stamp_token"


class StructureError(ValueError):
    """The CMS object is not in the form that Countersign writes."""


def parse_signed_data(data: bytes) -> cms.SignedData:
    """Parse a DER ContentInfo that holds one SignedData; refuses anything else or looser."""
    if not is_canonical(data):
        raise StructureError("Its encoding is not canonical (DER).")
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "signed_data":
        raise StructureError("It is not a CMS signature.")
    return info["content"]


def check_structure(signed: cms.SignedData, *, content_type: str, version: str) -> None:
    """Refuse any deviation from the form of this application's signatures."""
    expected = algos.DigestAlgorithm({"algorithm": DIGEST}).dump()
    _require(signed["version"].native == version, "version")
    _require(signed["encap_content_info"]["content_type"].native == content_type, "content type")
    _require([a.dump() for a in signed["digest_algorithms"]] == [expected], "digest algorithms")
    _require(len(signed["signer_infos"]) == 1, "number of signers")
    _require(not signed["crls"], "revocation lists")
    info = signed["signer_infos"][0]
    _require(info["version"].native == "v1", "signer's version")
    _require(info["digest_algorithm"].dump() == expected, "digest algorithm")


def embedded_certificates(signed: cms.SignedData) -> list[x509.Certificate]:
    """Return the certificates that came with the signature, each in canonical form."""
    found = []
    for choice in signed["certificates"]:
        _require(choice.name == "certificate", "kind of certificate")
        # The count of unused bits is the one byte of a certificate that its signature leaves out.
        _require(choice.chosen["signature_value"].contents[0] == 0, "certificate's signature")
        found.append(x509.load_der_x509_certificate(choice.chosen.dump()))
    return found


def check_signer_identifier(info: cms.SignerInfo, embedded: list[x509.Certificate]) -> None:
    """Refuse an issuer and serial number that equal no embedded certificate's byte for byte.

    Name comparison elsewhere ignores case (RFC 5280, section 7.1).
    """
    named = info["sid"].chosen.dump()
    wanted = [
        cms.IssuerAndSerialNumber(
            {"issuer": to_asn1(c).issuer, "serial_number": c.serial_number}
        ).dump()
        for c in embedded
    ]
    _require(named in wanted, "signer's identifier")


def check_certificates(embedded: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
    """Refuse embedded certificates whose issuer is neither with them nor among the roots."""
    for certificate in embedded:
        if not any(issued(certificate, issuer) for issuer in [*embedded, *roots]):
            raise StructureError("It carries a certificate that nobody here issued.")


def self_signed(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificates that name themselves as issuer and prove it."""
    return [c for c in certificates if c.subject == c.issuer and issued(c, c)]


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """Read the pinned root certificates. Raises StructureError if there are none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise StructureError("The trusted certificate cannot be read (PEM expected).") from error


def time_stamp_token(info: cms.SignerInfo) -> cms.SignedData | None:
    """Return the time stamp of a signature, its only permitted unsigned attribute."""
    attributes = list(info["unsigned_attrs"])
    if not attributes:
        return None
    _require(len(attributes) == 1, "number of unsigned attributes")
    _require(attributes[0]["type"].native == TIME_STAMP_ATTRIBUTE, "unsigned attribute")
    _require(len(attributes[0]["values"]) == 1, "number of time stamps")
    token = attributes[0]["values"][0]
    _require(token["content_type"].native == "signed_data", "time stamp")
    return token["content"]


def check_no_unsigned_attributes(info: cms.SignerInfo) -> None:
    """Refuse attributes beside a seal, which no signature would cover."""
    _require(not list(info["unsigned_attrs"]), "unsigned attribute")


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether the key of `issuer` signed `certificate`, the names agreeing."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _require(condition: bool, part: str) -> None:
    if not condition:
        raise StructureError(f"Its {part} is not as Countersign writes it.")
