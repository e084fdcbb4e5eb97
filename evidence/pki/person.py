"""One person's signature for one act: CMS over bytes, PAdES over a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.stamp import BaseStampStyle, StaticStampStyle

from evidence.pki.certificates import KeyPair, fingerprint
from evidence.pki.cms import DIGEST, cms_signer, run
from evidence.pki.errors import AuthorityError


class PersonSigner:
    """Holds a person's key for minutes, in memory only; made by `Authority.issue_person`."""

    def __init__(
        self,
        pair: KeyPair,
        authority: x509.Certificate,
        time_stamper: TimeStamper,
        clock: Callable[[], datetime],
    ) -> None:
        self._pair = pair
        self._authority = authority
        self._time_stamper = time_stamper
        self._clock = clock

    def __repr__(self) -> str:
        return f"<PersonSigner {self.certificate_fingerprint[:12]}>"

    @property
    def name(self) -> str:
        """The person's printed name, as the certificate carries it."""
        return _subject(self._pair.certificate, NameOID.COMMON_NAME)

    @property
    def role(self) -> str:
        """The role in which the person acts, as the certificate carries it."""
        return _subject(self._pair.certificate, NameOID.TITLE)

    @property
    def certificate_fingerprint(self) -> str:
        """SHA-256 of the person's certificate, 64 lower-case hex digits."""
        return fingerprint(self._pair.certificate)

    @property
    def certificate_pem(self) -> bytes:
        """The person's certificate; the private key has no way out."""
        return self._pair.certificate_pem()

    def sign_cms(self, data: bytes, meaning: str) -> bytes:
        """Sign `data`; returns a detached CAdES signature (DER) with an RFC 3161 time stamp.

        `meaning` is what the person declared ("Approved", "Reviewed", ...); it is signed too.
        Raises AuthorityError when the meaning is empty or the certificate has ended.
        """
        self._refuse(meaning)
        signer = cms_signer(
            self._pair, self._authority, meaning=meaning, signing_time=self._clock()
        )
        signed = run(
            signer.async_sign_general_data(
                data, DIGEST, use_cades=True, timestamper=self._time_stamper
            )
        )
        return bytes(signed.dump())

    def sign_pdf(
        self,
        pdf: Path | bytes,
        field_name: str,
        meaning: str,
        reason: str = "",
        stamp: BaseStampStyle | None = None,
    ) -> bytes:
        """Sign a finished PDF in the field `field_name`; returns the whole new file.

        A PAdES signature with time stamp (B-T), appended as an incremental update, so that
        earlier signatures stay valid. `stamp` is what the field shows on the page. Raises
        AuthorityError when the meaning is empty, the certificate has ended, or the field is
        absent or already signed.
        """
        self._refuse(meaning)
        data = pdf.read_bytes() if isinstance(pdf, Path) else pdf
        metadata = PdfSignatureMetadata(
            field_name=field_name,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            name=self.name,
            reason=f"{meaning}: {reason}" if reason else meaning,
        )
        signer = PdfSigner(
            metadata,
            cms_signer(self._pair, self._authority, meaning=meaning),
            timestamper=self._time_stamper,
            stamp_style=stamp or StaticStampStyle(background=None, border_width=0),
        )
        writer = IncrementalPdfFileWriter(BytesIO(data))
        _refuse_field(writer, field_name)
        output = BytesIO()
        run(signer.async_sign_pdf(writer, existing_fields_only=True, output=output))
        return output.getvalue()

    def _refuse(self, meaning: str) -> None:
        if not meaning.strip():
            raise AuthorityError("Nothing was signed: a signature needs its meaning stated.")
        if self._clock() > self._pair.certificate.not_valid_after_utc:
            raise AuthorityError(
                "Nothing was signed: the certificate for this act has ended; authenticate again."
            )


def _refuse_field(writer: IncrementalPdfFileWriter, field_name: str) -> None:
    for name, value, _ in enumerate_sig_fields(writer):
        if name == field_name and value is not None:
            raise AuthorityError(f"Nothing was signed: the field {field_name} is already signed.")
        if name == field_name:
            return
    raise AuthorityError(f"Nothing was signed: the file has no signature field {field_name}.")


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    return str(certificate.subject.get_attributes_for_oid(oid)[0].value)
