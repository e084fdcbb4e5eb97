"""Judges of what a model found, by the words around: is it a name at all, or prose, or a thing?"""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, could_be_name, facts
from deid.engine.families.name_words import is_eponym_phrase
from deid.engine.ner_floors import CLINICAL, COMMON, LABELS, floor_of
from deid.engine.ner_speech import is_rest_of_word, is_said_alone, is_spelled_out

#: Before a small word that is a name all the same: ``Dr. He``, ``Xu, An``.
_TITLE = re.compile(r"(?:\b(dr|drs|mr|mrs|ms|miss|prof)\.?|,)\s*\Z", re.IGNORECASE)
_TITLE_LENGTH = 8
#: How far around an entity capitals say that the writer uses them.
_AROUND = 120
#: The most letters of an acronym.
_ACRONYM = 5
_WORD = re.compile(r"[^\W\d_]+")


def floor_in(text: str, start: int, end: int, label: str) -> float:
    """The floor of an entity of this class where it stands: words of prose and lists need more."""
    surface = text[start:end]
    floor = floor_of(label, surface)
    category = LABELS[label][0]
    if category == "NAME" and _is_acronym(text, start, end):
        floor = max(floor, CLINICAL)
    if category not in {"NAME", "LOCATION"}:
        return floor
    if _begins_item(text, start) and all(map(_is_heading_word, _WORD.findall(surface))):
        floor = max(floor, COMMON)
    if _is_small_among_capitals(text, start, end) and not facts(surface) & NAME:
        floor = max(floor, COMMON)
    return floor


def is_no_name(text: str, start: int, end: int) -> bool:
    """Whether one word means something else, and nothing before it makes a person of it.

    So do headings in capitals, labels before a colon, and words at the start of a sentence.
    """
    surface = text[start:end]
    if not surface.isalpha() or lexicon.is_first_name(surface) or _has_title(text, start):
        return False
    low = surface.lower()
    if low in lexicon.words("facility_generic"):
        return True
    stop = low in lexicon.words("not_a_name")
    if surface.islower() or (stop and _begins(text, start)):
        return stop
    if surface.isupper() and lexicon.is_clinical(surface):
        return True
    if lexicon.is_surname(surface):
        return False
    label = text.startswith(":", end)
    return label or (lexicon.is_english(surface) and (surface.isupper() or _begins(text, start)))


def _has_title(text: str, start: int) -> bool:
    """Whether a title stands before; ``MR`` before an organ is a scan."""
    found = _TITLE.search(text[max(0, start - _TITLE_LENGTH) : start])
    return found is not None and found.group(0).strip() != "MR"


_SENTENCE_START = re.compile(r"(?:\A|[.!?:]\s+|\n\s*)\Z")


#: What stands before an item of a list or the answer to a question.
_ITEM_START = re.compile(r"(?:\A|[.!?:•*–-]\s+|\n\s*)\Z")


def _begins_item(text: str, start: int) -> bool:
    return _ITEM_START.search(text[max(0, start - 4) : start]) is not None


def _is_heading_word(word: str) -> bool:
    return bool(facts(word) & (Fact.COMMON | Fact.CLINICAL)) and not facts(word) & Fact.GIVEN


def _begins(text: str, start: int) -> bool:
    return _SENTENCE_START.search(text[max(0, start - 4) : start]) is not None


def _is_acronym(text: str, start: int, end: int) -> bool:
    """Whether these are a few capitals where the writer uses small letters, and no title before."""
    letters = text[start:end].removesuffix("s")
    if len(letters) > _ACRONYM or not letters.isalpha() or not letters.isupper():
        return False
    before = text[max(0, start - _AROUND) : start]
    cased = re.search("[a-z]", before + text[end : end + _AROUND]) is not None
    return cased and not _is_titled(text, start)


def _is_titled(text: str, start: int) -> bool:
    """Whether a title stands before, or a surname with its comma: ``Dr. He``, ``Xu, An``."""
    title = _TITLE.search(text[max(0, start - _TITLE_LENGTH) : start])
    if title is None or title.group(1):
        return title is not None
    before = _BEFORE_COMMA.search(text[max(0, start - _LONGEST) : start])
    return before is not None and could_be_name(before.group(1))


def is_eponym(text: str, start: int, end: int) -> bool:
    """Whether a disease or a sign follows, or a known eponym has its possessive ending."""
    follows = text[end : end + _LONGEST].lstrip(" '").removeprefix("s ")
    if lexicon.MEASURE_NOUN.match(follows):
        return True
    surface = text[start:end]
    owned = text[end : end + 2] in {"'s", "’s"} and not lexicon.is_first_name(surface)
    return owned and surface.lower() in lexicon.words("eponyms") and not _has_title(text, start)


#: A name that a hyphen joins to the one before or behind, as discoverers are joined.
_JOINED_BEFORE = re.compile(r"([^\W\d_]+)-\Z")
_JOINED_BEHIND = re.compile(r"-([^\W\d_]+)")
_LONGEST = 30


def is_part_of_eponym(text: str, start: int, end: int) -> bool:
    """Whether a hyphen joins a known eponym: ``Rokitansky-Aschoff sinuses``."""
    if not text.startswith("-", end) and text[start - 1 : start] != "-":
        return False
    before = _JOINED_BEFORE.search(text[max(0, start - _LONGEST) : start])
    behind = _JOINED_BEHIND.match(text, end, end + _LONGEST)
    joined = [m.group(1).lower() for m in (before, behind) if m]
    return any(w in lexicon.words("eponyms") for w in joined)


def _is_in_phrase(text: str, start: int) -> bool:
    """Whether an eponym of several words begins here or with the word before: ``Ivor Lewis``."""
    before = text.rfind(" ", max(0, start - _LONGEST), max(0, start - 1)) + 1
    return is_eponym_phrase(text, start) or (before > 0 and is_eponym_phrase(text, before))


def is_prose(text: str, start: int, end: int) -> bool:
    """Whether the words are ordinary and written small where the writer uses capitals.

    So are small words that begin a sentence, brands with a title, and clinical acronyms.
    """
    surface = text[start:end]
    words = _WORD.findall(surface)
    title = _TITLE.search(text[max(0, start - _TITLE_LENGTH) : start])
    if not _is_titled(text, start) and (is_said_alone(surface) or is_spelled_out(surface)):
        return True
    if is_rest_of_word(text, start, end) or _is_in_phrase(text, start):
        return True
    if text.startswith("_", end) or (start and text[start - 1] == "_"):  # a label of a machine
        return True
    if title and f"{title.group(1)} {surface}".lower() in lexicon.words("titled_brands"):
        return True
    if any(map(str.isdigit, surface)):
        return False
    small = surface.islower()
    if small and all(len(w) < 2 or w in lexicon.words("function_words") for w in words):
        return True
    if not small:
        return lexicon.is_clinical(surface) and _is_acronym(text, start, end)
    ordinary = all(len(w) < 3 or lexicon.is_ordinary(w) for w in words)
    return ordinary and _is_small_among_capitals(text, start, end)


def _is_small_among_capitals(text: str, start: int, end: int) -> bool:
    """Whether what is written small stands where the writer uses capitals."""
    if not text[start:end].islower():
        return False
    around = f"{text[max(0, start - _AROUND) : start]} {text[end : end + _AROUND]}"
    begun = text[:1].isupper() and not text[1:2].isupper() and start < _AROUND
    return begun or sum(c.isupper() for c in around) > 1


_BEFORE_COMMA = re.compile(r"([A-Z][^\W\d_]+),\s*\Z")
