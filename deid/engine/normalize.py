"""Character folding that never changes a length, so that offsets stay those of the note."""

import unicodedata
from functools import lru_cache

_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u2032\u0060", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009", " "),
    **dict.fromkeys("\u200a\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad", " "),
}


@lru_cache(maxsize=65536)
def _plain_char(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if "\ud800" <= char <= "\udfff":  # a lone surrogate cannot be encoded for the model
        return "\ufffd"
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char


@lru_cache(maxsize=65536)
def _folded_char(char: str) -> str:
    base = unicodedata.normalize("NFKD", _plain_char(char))[:1] or char
    lowered = base.lower()
    return lowered if len(lowered) == 1 else base


def plain(text: str) -> str:
    """The text with typographic quotes, dashes, spaces and full-width forms made plain."""
    return text if text.isascii() else "".join(map(_plain_char, text))


def folded(text: str) -> str:
    """The plain text in lower case and without accents; as long as the text given."""
    return text.lower() if text.isascii() else "".join(map(_folded_char, text))
