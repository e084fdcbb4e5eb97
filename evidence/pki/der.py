"""A walk over DER (X.690) that refuses what a lenient parser would let pass."""

from __future__ import annotations

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_DEEPEST = 40


def is_canonical(data: bytes) -> bool:
    """Tell whether `data` is exactly one element with minimal, definite lengths throughout.

    It judges tags and lengths, not the values of primitive elements.
    """
    return _walk(data, 0, len(data), 0) == 1


def _walk(data: bytes, start: int, end: int, depth: int) -> int:
    """Return the number of elements between start and end, or -1 if one is malformed."""
    count = 0
    position = start
    while position < end:
        header = _header(data, position, end)
        if header is None or depth > _DEEPEST:
            return -1
        value, length = header
        if value + length > end:
            return -1
        if data[position] & _CONSTRUCTED and _walk(data, value, value + length, depth + 1) < 0:
            return -1
        position = value + length
        count += 1
    return count


def _header(data: bytes, position: int, end: int) -> tuple[int, int] | None:
    """Return (start of the value, its length); None for long tags and odd lengths."""
    if position + 2 > end or data[position] & _LONG_TAG == _LONG_TAG:
        return None
    first = data[position + 1]
    if first < 0x80:
        return position + 2, first
    size = first & 0x7F
    value = position + 2 + size
    if size == 0 or size > 4 or value > end:
        return None
    length = int.from_bytes(data[position + 2 : value], "big")
    # The short form, and no leading zero, wherever they suffice.
    if length < 0x80 or data[position + 2] == 0:
        return None
    return value, length
