"""Object identifiers of Countersign's own certificate policies and signature attribute.

All are UUID-based (arc 2.25, ITU-T X.667), so no registry had to be asked.
"""

from __future__ import annotations

# A certificate carries exactly one of these policies; what a key may sign is read from it, so
# that the installation's seal can never pass for a person's signature, nor the other way round.
PERSON_POLICY = "2.25.15893444080323489909322970777547332973"
SEAL_POLICY = "2.25.25104910397177642862118550540516548413"
TSA_POLICY = "2.25.193445975163632491439484230604229949603"

# Signed attribute (UTF8String): the meaning that the person stated when signing.
MEANING_ATTRIBUTE = "2.25.102298296319095189708681141693415003386"
MEANING_NAME = "countersign_meaning"

# RFC 9336: certificate meant for signing documents.
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
