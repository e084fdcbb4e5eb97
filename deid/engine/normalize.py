"""Character folding that never changes a length, so that offsets stay those of the note."""

import re
import unicodedata
from collections.abc import Callable
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


def _replaced(text: str, by_character: Callable[[str], str]) -> str:
    """The text with each character replaced; few different ones change in any text."""
    changes = {c: n for c in set(text) if (n := by_character(c)) != c}
    if changes.keys() & set(changes.values()):
        return "".join(map(by_character, text))
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


#: A line to write on, in a form: ``Name: __Imogen Tuttle__``.
_LINE_TO_FILL = re.compile("__+")


def plain(text: str) -> str:
    """The text with typographic quotes, dashes, spaces and full-width forms made plain, and
    blanks in the place of a form's lines."""
    if "__" in text:
        text = _LINE_TO_FILL.sub(lambda line: " " * len(line.group()), text)
    return text if text.isascii() else _replaced(text, _plain_char)


def _folded_beyond_ascii(char: str) -> str:
    """Lower case comes afterwards, for all letters at once."""
    return char if char.isascii() and char not in _PLAIN else _folded_char(char)


def folded(text: str) -> str:
    """The plain text in lower case and without accents; as long as the text given."""
    return (text if text.isascii() else _replaced(text, _folded_beyond_ascii)).lower()
