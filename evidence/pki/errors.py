"""What can go wrong with keys; every message is one plain sentence and holds no secret."""

from __future__ import annotations


class AuthorityError(Exception):
    """The installation's authority cannot be made, read or used as asked."""
