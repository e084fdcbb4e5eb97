"""RFC 3161 time stamps from the installation's own authority.

It speaks pyHanko's TimeStamper interface, so an organisation's own time stamp authority can
take its place (pyHanko's HTTPTimeStamper). Reports say who attested a time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.timestamps.api import TimeStamper

from evidence.pki.certificates import KeyPair
from evidence.pki.cms import DIGEST, cms_signer, to_asn1
from evidence.pki.oids import TSA_POLICY


class InternalTimeStamper(TimeStamper):
    """Answers time stamp requests in this process with the installation's TSA key."""

    def __init__(
        self, pair: KeyPair, authority: x509.Certificate, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._signer = cms_signer(pair, authority)
        self._subject = to_asn1(pair.certificate).subject
        self._clock = clock

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Stamp the digest of the request with the present second (RFC 3161, section 2.4.2)."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": TSA_POLICY,
                "message_imprint": req["message_imprint"],
                # Unique for each token, as the RFC asks; random, so that no counter is kept.
                "serial_number": secrets.randbits(127) + 1,
                "gen_time": self._clock().replace(microsecond=0),
                "nonce": req["nonce"],
                "tsa": asn1_x509.GeneralName(name="directory_name", value=self._subject),
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())}
        )
        token = await self._signer.async_sign_general_data(content, DIGEST, detached=False)
        status = tsp.PKIStatusInfo({"status": "granted"})
        return tsp.TimeStampResp({"status": status, "time_stamp_token": token})
