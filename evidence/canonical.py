"""Canonical JSON: one byte string for one value, whoever writes it (RFC 8785)."""

import rfc8785


class NotCanonicalError(ValueError):
    """The value has no canonical JSON form."""


def canonical_json(value: object) -> bytes:
    """The RFC 8785 form of a JSON value, as UTF-8 bytes.

    Accepts ``None``, ``bool``, ``int`` (up to 2**53 - 1), finite ``float``, ``str``, ``list``,
    ``tuple`` and ``dict`` with string keys. ``1.0`` and ``1`` have the same form, as in JSON.

    Raises ``NotCanonicalError`` for anything else. The message names the kind of fault and never
    the value, since a value may hold text of a note.
    """
    try:
        # The library types its argument as nested JSON; checking it is exactly its work.
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as error:
        fault = type(error).__name__
    except (RecursionError, UnicodeError, TypeError, AttributeError) as error:
        fault = type(error).__name__
    raise NotCanonicalError(f"The value cannot be written as canonical JSON ({fault}).")
