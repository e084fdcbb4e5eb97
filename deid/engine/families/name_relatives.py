"""Names behind relations, professions and letters' phrases, ordinary words among them."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import Fact, could_be_name, facts, is_medical, is_only_name
from deid.engine.families.name_frames import reads
from deid.engine.families.name_reader import Trust, read_name
from deid.engine.families.name_titles import TOLD, Bounds
from deid.engine.families.name_vocabulary import ROLES
from deid.engine.families.name_words import Word, is_lower_case, is_upper_case, word_at

#: What shows, behind ``Nephew Tug`` at the start of a sentence, that no illness was listed.
_ACTS = re.compile(
    r"[ ](?:at[ ]bedside|at[ ]the[ ]bedside|at[ ]home|who|is|was|has|helps?|brought|called|here"
    r"|present|will|phone|also|reports?|states?|lives|drove|came|visits?|visited|says|said|and"
    r"|with|in)\b"
    r"|,[ ]?\(|[ ]\(|\)"
)
_ACRONYM = 6
_AFTER_ILLNESS = re.compile(r"[ ](?:cancer|disease|syndrome|positive|negative|infection)\b")


def relative(match: re.Match[str]) -> Bounds:
    """The name of a relative, also one that is an ordinary word: ``nephew Tug``."""
    text, position = match.string, match.end()
    bounds = reads(Trust.FAIR)(match)
    if bounds is not None:
        return None if _AFTER_ILLNESS.match(text, bounds[1]) and _is_odd(text, bounds) else bounds
    word = word_at(text, position)
    if word is None or word.low in ROLES:
        return None
    if word.text[0].islower():
        return _spoken(text, word) if is_lower_case(text, position) else None
    if is_upper_case(text, position):
        return None
    if not match.group("kin")[0].islower() and not _ACTS.match(text, word.end):
        return None
    return (word.start, word.end) if _is_nickname(text, word) else None


def _is_odd(text: str, bounds: tuple[int, int]) -> bool:
    return not any(is_only_name(w) for w in text[slice(*bounds)].split(" "))


def _is_nickname(text: str, word: Word) -> bool:
    """Whether a capital in the middle of a sentence makes an ordinary word a name."""
    known = facts(word.text)
    if word.text.isupper() and len(word.text) < _ACRONYM:
        return False
    if len(word.text) < 3:
        return bool(known & Fact.GIVEN)  # husband Ed
    if (
        is_medical(word.text)
        or known & (Fact.KEPT | Fact.DRUG)
        or text[word.end : word.end + 1] == ":"
    ):
        return False
    if known & (Fact.STOP | Fact.FUNCTION):
        return bool(known & Fact.GIVEN) and not re.match(r"[ ]\d", text[word.end : word.end + 2])
    return _AFTER_ILLNESS.match(text, word.end) is None


def _spoken(text: str, word: Word) -> Bounds:
    """A given name that is an ordinary word too, in dictation in lower case."""
    known = facts(word.text)
    usual = word.low in lexicon.words("ambiguous_first_names") and not known & (
        Fact.FUNCTION | Fact.STOP | Fact.CLINICAL
    )
    if usual and TOLD.match(text, word.end) is not None:
        return word.start, word.end
    return None


def capitalised(match: re.Match[str]) -> Bounds:
    """A capitalised word at the end of a list of relatives."""
    word = word_at(match.string, match.start("id"))
    assert word is not None
    return match.span("id") if word.low not in ROLES and _is_nickname(match.string, word) else None


_ABOUT = re.compile(r"[ ](?:about|for|in[ ]clinic|today|who|regarding|on|back|again)\b|[,.]")


def in_a_letter(match: re.Match[str]) -> Bounds:
    """The person whom a letter is about, by one name also: ``thank you for sending Will``."""
    text, position = match.string, match.end()
    bounds = reads(Trust.FAIR)(match)
    word = word_at(text, position)
    if bounds is not None or word is None or word.low in ROLES or len(word.text) < 3:
        return bounds
    if not _ABOUT.match(text, word.end):
        return None
    if word.text[0].isupper():
        given = bool(facts(word.text) & Fact.GIVEN)
        return (word.start, word.end) if given and _is_nickname(text, word) else None
    return (word.start, word.end) if len(word.text) > 3 and could_be_name(word.text) else None


def mentioned(match: re.Match[str]) -> Bounds:
    """A name behind a profession: ``RN Joy``; inside a sentence a given name may be any word."""
    text, position = match.string, match.end()
    bounds = read_name(text, position, Trust.FAIR)
    word = word_at(text, position)
    if bounds is not None or word is None or not word.text[0].isupper() or word.text.isupper():
        return bounds
    given = facts(word.text) & Fact.GIVEN and word.low not in ROLES and _is_nickname(text, word)
    return (word.start, word.end) if given else None


def nicknamed(match: re.Match[str]) -> Bounds:
    """The name behind ``goes by`` or ``name is``, also an ordinary word with a capital."""
    text, position = match.string, match.end()
    bounds = reads(Trust.SURE)(match)
    word = word_at(text, position)
    if bounds is not None or word is None or word.low in ROLES:
        return bounds
    capital = word.text[0].isupper() and word.text[1:].islower()
    return (word.start, word.end) if capital and _is_nickname(text, word) else None
