"""The parts shared by all CMS signatures: pyHanko signers, the meaning attribute, a loop.

RFC 5652 (CMS), ETSI EN 319 122 (CAdES); pyHanko does the encoding.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import cms, core, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.ades.asn1_util import register_cms_attribute
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.signers.pdf_cms import (
    CAdESSignedAttributeProviderSpec,
    PdfCMSSignedAttributes,
    SimpleSigner,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.pki.certificates import KeyPair
from evidence.pki.oids import MEANING_ATTRIBUTE, MEANING_NAME

DIGEST = "sha256"
T = TypeVar("T")

register_cms_attribute(MEANING_ATTRIBUTE, MEANING_NAME, core.UTF8String)


class _MeaningProvider(CMSAttributeProvider):
    attribute_type = MEANING_NAME

    def __init__(self, meaning: str) -> None:
        self.meaning = meaning

    async def build_attr_value(self, dry_run: bool = False) -> core.UTF8String:
        return core.UTF8String(self.meaning)


class _SignedAttributes(SignedAttributeProviderSpec):
    """CAdES attributes (the certificate's digest among them) plus the stated meaning."""

    def __init__(
        self,
        certificate: asn1_x509.Certificate,
        meaning: str | None,
        signing_time: datetime | None,
    ) -> None:
        # CAdES demands the signer's own time among the attributes, PAdES forbids it there.
        self.cades = CAdESSignedAttributeProviderSpec(
            attr_settings=PdfCMSSignedAttributes(signing_time=signing_time),
            signing_cert=certificate,
            is_pades=signing_time is None,
            timestamper=None,
        )
        self.meaning = meaning

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        yield from self.cades.signed_attr_providers(data_digest, digest_algorithm)
        if self.meaning is not None:
            yield _MeaningProvider(self.meaning)


def cms_signer(
    pair: KeyPair,
    authority: x509.Certificate,
    *,
    meaning: str | None = None,
    signing_time: datetime | None = None,
) -> SimpleSigner:
    """Return a pyHanko signer that embeds its certificate and the authority's.

    Leave `signing_time` out for PDF signatures and time stamps.
    """
    registry = SimpleCertificateStore.from_certs([to_asn1(authority)])
    signer = SimpleSigner(
        signing_cert=to_asn1(pair.certificate),
        signing_key=keys.PrivateKeyInfo.load(
            pair.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=registry,
    )
    signer.signed_attr_prov_spec = _SignedAttributes(
        to_asn1(pair.certificate), meaning, signing_time
    )
    return signer


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the same certificate as pyHanko's library reads it."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return asn1_x509.Certificate.load(der)


def meaning_of(signed_attributes: cms.CMSAttributes) -> str:
    """Return the meaning stated in a signature's signed attributes, or ''."""
    for attribute in signed_attributes:
        if attribute["type"].dotted == MEANING_ATTRIBUTE:
            return str(attribute["values"][0].native)
    return ""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where an event loop already runs (the ASGI gateway).

    pyHanko's work here is computation only: nothing waits on the network, so a thread of its
    own costs a moment and keeps every caller synchronous.
    """
    if not _loop_runs():
        return asyncio.run(coroutine)
    outcome: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(asyncio.run(coroutine))
        except BaseException as error:  # carried over to the calling thread, raised there
            failure.append(error)

    thread = threading.Thread(target=target, name="countersign-cms")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
