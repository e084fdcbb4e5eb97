"""Signatures of the installation and of its people, checkable offline with public keys only."""

from evidence.pki.authority import Authority, create
from evidence.pki.errors import AuthorityError
from evidence.pki.person import PersonSigner
from evidence.pki.report import SignatureReport
from evidence.pki.verify import inspect_seal, verify_cms, verify_seal

__all__ = [
    "Authority",
    "AuthorityError",
    "PersonSigner",
    "SignatureReport",
    "create",
    "inspect_seal",
    "verify_cms",
    "verify_seal",
]
