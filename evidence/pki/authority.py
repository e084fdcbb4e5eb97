"""The installation's authority: seals for machines, short-lived certificates for people."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from evidence.pki import certificates
from evidence.pki.certificates import KeyPair, fingerprint
from evidence.pki.cms import DIGEST, cms_signer, run
from evidence.pki.folder import read_folder, refuse_existing, write_folder
from evidence.pki.person import PersonSigner
from evidence.pki.timestamps import InternalTimeStamper


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class Authority:
    """Keys of one installation, read from its folder; the keys never leave this object."""

    def __init__(
        self,
        authority: KeyPair,
        seal: KeyPair,
        time_stamps: KeyPair,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._authority = authority
        self._seal = seal
        self._clock = clock
        self._time_stamper = InternalTimeStamper(time_stamps, authority.certificate, clock)

    @classmethod
    def load(cls, folder: Path | str, clock: Callable[[], datetime] = utc_now) -> Authority:
        """Read an authority that `create` made. `clock` gives an aware UTC time.

        Raises AuthorityError, in one line, when the folder is absent, incomplete, readable by
        others, or when a key does not belong to its certificate.
        """
        pairs = read_folder(Path(folder))
        return cls(pairs["authority"], pairs["seal"], pairs["time-stamps"], clock)

    @property
    def ca_certificate_pem(self) -> bytes:
        """The certificate that verifiers pin with `--trust`."""
        return self._authority.certificate_pem()

    @property
    def ca_fingerprint(self) -> str:
        """SHA-256 of the pinned certificate, 64 lower-case hex digits."""
        return fingerprint(self._authority.certificate)

    def seal(self, data: bytes) -> bytes:
        """Return a detached CMS signature (DER, 1 to 2 kB) of the installation over `data`.

        It says that this installation held these bytes; it is nobody's decision.
        """
        signer = cms_signer(self._seal, self._authority.certificate, signing_time=self._clock())
        signed = run(signer.async_sign_general_data(data, DIGEST, use_cades=True))
        return bytes(signed.dump())

    def issue_person(self, name: str, email: str, user_id: str, role: str) -> PersonSigner:
        """Issue a certificate of 15 minutes for one act of the person; the key stays in memory.

        Call it only in the request in which the person re-authenticated. Raises AuthorityError
        for an empty or overlong name, role or id and for an e-mail address that is not ASCII.
        """
        pair = certificates.new_person(
            self._authority,
            name=name,
            email=email,
            user_id=user_id,
            role=role,
            now=self._clock().replace(microsecond=0),
        )
        return PersonSigner(pair, self._authority.certificate, self._time_stamper, self._clock)


def create(folder: Path | str, clock: Callable[[], datetime] = utc_now) -> Authority:
    """Make the authority of a new installation in `folder`, all or nothing, and load it.

    Raises AuthorityError when the folder already holds anything.
    """
    target = Path(folder)
    refuse_existing(target)
    now = clock().replace(microsecond=0)
    installation = secrets.token_hex(4)
    authority = certificates.new_authority(installation, now)
    write_folder(
        target,
        {
            "authority": authority,
            "seal": certificates.new_seal(authority, installation, now),
            "time-stamps": certificates.new_time_stamper(authority, installation, now),
        },
    )
    return Authority.load(target, clock)
