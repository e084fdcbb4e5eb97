"""One name alone in a sentence: a given name, a surname, or a word that nobody knows."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import (
    Fact,
    could_be_name,
    facts,
    has_surname_shape,
    is_only_name,
)
from deid.engine.families.name_words import is_eponym_phrase, is_thing, is_upper_case

Bounds = tuple[int, int] | None
_MONTHS = frozenset(["april", "may", "june", "august", "jan", "jun"])


#: A short word before a number is an abbreviation: ``Gravida 2, Para 2, Ab 0``.
_COUNTED, _COUNT_AFTER = 4, re.compile(r"[ ]\d{1,2}(?!\d)")


def lone_given(match: re.Match[str]) -> Bounds:
    """One given name in a sentence; inside a sentence a capital is enough."""
    name, text = match.group("id"), match.string
    known = facts(name)
    if not known & Fact.GIVEN or known & (Fact.KEPT | Fact.DRUG) or re.search(r"-[a-z]", name):
        return None
    if name.isupper() and (len(name) < 5 or not is_upper_case(text, match.start())):
        return None
    if len(name) < _COUNTED and _COUNT_AFTER.match(text, match.end("id")):
        return None
    if is_thing(text, match.end("id")) or is_eponym_phrase(text, match.start("id")):
        return None
    if known & Fact.CLINICAL and text[match.end("id") : match.end("id") + 1] == ":":
        return None
    if known & Fact.USUAL_GIVEN:
        return match.span("id")
    if lexicon.is_place(name) and not _is_no_place(text, match.start("id")):
        return None
    if is_only_name(name) and not known & Fact.WORD:
        return match.span("id")
    odd = known & (Fact.FUNCTION | Fact.STOP | Fact.CLINICAL) or name.lower() in _MONTHS
    return None if odd or not _is_inside(text, *match.span("id")) else match.span("id")


_NO_PLACE_BEFORE = re.compile(
    r"\b(?:was|is|told|asked|called|saw|met|and|by|that|with|named|said|says|like|gave|helped)[ ]\Z"
)


def _is_no_place(text: str, start: int) -> bool:
    """Whether the word before stands before persons and not before towns."""
    return _NO_PLACE_BEFORE.search(text[max(0, start - 8) : start]) is not None


_LOWER_BEFORE = re.compile(r"(?:\A|[^\w'-])[a-z'-]+,?[ ]$")
_CAPITAL_AFTER = re.compile(r"['s]*[ ][A-Z]|[ ]?\d|:|-")


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word stands alone between words in lower case."""
    return (
        _LOWER_BEFORE.search(text[max(0, start - 20) : start]) is not None
        and _CAPITAL_AFTER.match(text, end) is None
    )


_CONTEXT = 40
_NOT_PERSON_BEFORE = re.compile(
    r"\b(?:takes?|taking|took|prescribed|on|tried|using|uses|used|started|stopped"
    r"|continue[sd]?|mg|of"
    r"|the|an?|in|at|near|to|outside|via|like|plus|or|as|positive|brand|vaccine|dose"
    r"|medications?)[ ]$"
)


def begins_surname(word: str) -> bool:
    """Whether a surname that means nothing else, or a word that nobody knows, can begin so."""
    listed = bool(facts(word) & Fact.FAMILY) or has_surname_shape(word)
    return listed or could_be_name(word)


def lone_surname(match: re.Match[str]) -> Bounds:
    """A surname that means nothing else, or a word that nobody knows, inside a sentence."""
    name, text = match.group("id"), match.string
    start, end = match.span("id")
    known = facts(name)
    if (
        name.isupper()
        or name[1:2].isupper()
        or not _is_inside(text, start, end)
        or lexicon.is_place(name)
    ):
        return None
    if _NOT_PERSON_BEFORE.search(text[max(0, start - _CONTEXT) : start]):
        return None
    if is_thing(text, end) or is_eponym_phrase(text, start):
        return None
    surname = bool(known & Fact.FAMILY) and is_only_name(name) and not known & Fact.WORD
    surname |= has_surname_shape(name) or _is_unheard_of(text, start, name)
    return (start, end) if surname and len(name) > 2 else None


def _is_unheard_of(text: str, start: int, name: str) -> bool:
    """Whether a word is in no list, has one capital, and stands in no row of drugs."""
    if len(name) < 5 or not name.isalpha() or not name[1:].islower() or not could_be_name(name):
        return False
    before = re.findall(r"[^\W\d_]+", text[max(0, start - 25) : start])
    return not any(facts(word) & Fact.DRUG for word in before)
