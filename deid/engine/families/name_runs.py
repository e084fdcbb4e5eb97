"""Names that no context announces: capitalised words side by side, initials, lone given names."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import (
    NAME,
    Fact,
    could_be_name,
    facts,
    has_surname_shape,
    is_medical,
    is_only_name,
)
from deid.engine.families.name_reader import Trust, read_name
from deid.engine.families.name_vocabulary import PARTICLES, ROLES, SUFFIXES
from deid.engine.families.name_words import (
    Word,
    is_eponym_phrase,
    is_lower_case,
    is_stop,
    is_thing,
    word_at,
)
from deid.engine.recognition import Refine

Bounds = tuple[int, int] | None
#: What makes the words before it a company, a place or a disease and no person.
_NO_PERSON_AFTER = re.compile(
    r"(?:'s|')?[ ](?:St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Drive|Lane|Court|Way|Hospital|Clinic"
    r"|Center|Centre|University|College|County|Inc|LLC|Ltd|Corp|Foundation|Institute|Pharmacy)\b"
)
_BESIDE_NAMES = PARTICLES | SUFFIXES
_PART = re.compile(r"[^ ]+")
_INITIALS = re.compile(r"(?:[A-Z]\.[ ]?){1,2}|[A-Z][ ]")
_MIDDLE_INITIAL = re.compile(r"[ ][A-Z]\.?[ ]")


def sequence(match: re.Match[str]) -> Bounds:
    """The first name in a row of capitalised words, whatever heading stands in front of it."""
    text, (start, end) = match.string, match.span()
    for part in _PART.finditer(text[start:end]):
        position = start + part.start()
        bounds = _name_at(text, position, end)
        if bounds is not None:
            return bounds
    return None


def _name_at(text: str, position: int, end: int) -> Bounds:
    first = word_at(text, position)
    if first is None or first.is_initial:
        return _initials_and_last(text, position) if first is not None else None
    if not (facts(first.text) & Fact.GIVEN or could_be_name(first.text)):
        return _rare_and_surname(text, first, end)
    bounds = read_name(text, position, Trust.WEAK)
    if bounds is None or bounds[0] != position:
        return None
    words = text[slice(*bounds)].replace(",", " ").split()
    bare = [w.strip(".\"'()") for w in words]
    long = [w for w in bare if len(w) > 1 and w.lower() not in _BESIDE_NAMES]
    if len(long) < 2 or not _is_person(text, bounds, long):
        return None
    return bounds


def _rare_and_surname(text: str, first: Word, end: int) -> Bounds:
    """``Maha Cazares``: a word that only a large dictionary knows before a mere surname."""
    known = facts(first.text)
    last = word_at(text, first.end + 1) if text[first.end : first.end + 1] == " " else None
    if last is None or last.end > end or known & (Fact.COMMON | Fact.STOP) or first.text.isupper():
        return None
    surname = facts(last.text) & Fact.FAMILY and is_only_name(last.text) and len(last.text) > 3
    if not surname or is_medical(first.text) or first.low in ROLES or lexicon.is_place(first.text):
        return None
    bounds = (first.start, last.end)
    return bounds if _is_person(text, bounds, [last.text, last.text]) else None


def _is_person(text: str, bounds: tuple[int, int], words: list[str]) -> bool:
    surface = text[slice(*bounds)]
    first, last = words[0], words[-1]
    if lexicon.is_place(surface) or lexicon.keeps(surface):
        return False
    if _NO_PERSON_AFTER.match(text, bounds[1]):
        return False
    if is_thing(text, bounds[1]) or is_eponym_phrase(text, bounds[0]):
        return False
    if any(facts(w) & Fact.DRUG for w in words):
        return False
    if is_only_name(first) and facts(first) & Fact.GIVEN:
        return _is_surname(last) or could_be_name(last)
    if facts(first) & Fact.GIVEN:
        if _MIDDLE_INITIAL.search(surface) and could_be_name(last):
            return not surface.isupper()
        listed = bool(facts(last) & NAME) or not facts(first) & Fact.COMMON
        return could_be_name(last) and listed and not surface.isupper()
    named = sum(is_only_name(w) for w in words)
    shouted = surface.isupper()
    return all(map(could_be_name, words)) and (
        named == len(words)
        or (named > 0 and not shouted)
        or (not shouted and all(map(_is_pronounced, words)))
    )


def _is_surname(word: str) -> bool:
    known = facts(word)
    return bool(known & Fact.FAMILY) and not (known & Fact.CLINICAL and not known & NAME)


def _is_pronounced(word: str) -> bool:
    """Whether a word that no list knows is written as names are: one capital, some vowels."""
    return (
        not word.isupper() and len(word) > 2 and not lexicon.is_place(word) and not is_medical(word)
    )


def _initials_and_last(text: str, position: int) -> Bounds:
    """``J. R. Okonkwo``: initials before a surname that is no ordinary word."""
    initials = _INITIALS.match(text, position)
    if initials is None:
        return None
    last = word_at(text, initials.end())
    if last is None or not last.text[0].isupper() or not facts(last.text) & Fact.FAMILY:
        return None
    dotted = "." in initials.group()
    sure = is_only_name(last.text) and (len(last.text) > 3 or dotted)
    return (position, last.end) if sure and (dotted or not last.text.isupper()) else None


def glued_initials(match: re.Match[str]) -> Bounds:
    """``T.Okafor``: initials without a blank behind them."""
    return _initials_and_last(match.string, match.start())


#: In capitals before ``is a 62-year-old`` without being anybody's initials.
_NO_INITIALS = frozenset(
    ["PT", "HPI", "CC", "HX", "ID", "PMH", "HE", "SHE", "HOPI", "IT", "MR", "MS"]
)


def told_initials(match: re.Match[str]) -> Bounds:
    """``T.R. is a 45-year-old``."""
    return None if match.group("id") in _NO_INITIALS else match.span("id")


def first_and_initial(match: re.Match[str]) -> Bounds:
    """``John D.``: a given name and one capital."""
    first, dotted = match.group("first"), match.group("id").endswith(".")
    known = facts(first)
    barred = Fact.DRUG | Fact.STOP | Fact.FUNCTION
    if known & barred or (known & Fact.CLINICAL and first.isupper()):
        return None
    if "-" in first and not lexicon.words("eponyms").isdisjoint(first.lower().split("-")):
        return None  # Child-Pugh B
    if not known & Fact.GIVEN:
        tail = match.string[match.end("id") : match.end("id") + 1]
        unknown = could_be_name(first) and not first.isupper()
        return match.span("id") if unknown and dotted and tail in {",", ")", "?", " ", ""} else None
    if known & Fact.CLINICAL and not known & Fact.USUAL_GIVEN and not dotted:
        return None
    if match.group("initial") in "IA" and not dotted:
        return None
    return match.span("id")


def comma_name(match: re.Match[str]) -> Bounds:
    """``Okafor, Jane M.`` when the second part is a given name."""
    last, first = match.group("last"), match.group("first")
    head = word_at(match.string, match.start("first"))
    if head is None or is_stop(head) or not facts(first) & Fact.GIVEN or lexicon.keeps(first):
        return None
    if is_medical(last) or facts(last) & Fact.DRUG or lexicon.is_place(last):
        return None
    shouted = last.isupper() and first.isupper()
    if not could_be_name(last) and not (shouted and facts(last) & Fact.FAMILY):
        return None
    if not is_only_name(first) and not (facts(last) & Fact.FAMILY):
        return None
    return match.span("id")


def begins_given(word: str) -> bool:
    """Whether a given name can begin with the word."""
    return bool(facts(word) & Fact.GIVEN)


def begins_spoken(word: str) -> bool:
    """Whether dictation in lower case means a given name: it means nothing else."""
    listed = word in lexicon.words("first_names") or word in lexicon.words("common_given_names")
    return listed and is_spoken(word)


def is_spoken(name: str) -> bool:
    known = facts(name)
    usual = bool(known & Fact.USUAL_GIVEN)
    return len(name) > 2 and (usual or (is_only_name(name) and not known & Fact.WORD))


def lower_case_pair(match: re.Match[str]) -> Bounds:
    """``patricia desrosiers`` in dictation: two words side by side that are only names."""
    first, last = match.group("first"), match.group("last")
    if not is_spoken(first):
        return None
    bounds = match.start("first"), match.end("last")
    if facts(last) & Fact.FAMILY and is_only_name(last) and not facts(last) & Fact.WORD:
        return bounds
    unknown = could_be_name(last) and len(last) > 3 and not re.search(r"(?:ed|ing|ly|s)$", last)
    return bounds if unknown and is_lower_case(match.string, bounds[0]) else None


def pair(group: str) -> Refine:
    """One of two persons side by side, ``Torpy and Salinas``, when one is only a name."""

    def refine(match: re.Match[str]) -> Bounds:
        names = match.group("left"), match.group("right")
        if any(n.isupper() or lexicon.is_drug(n) or n.lower() in ROLES for n in names):
            return None
        if all(map(lexicon.is_clinical, names)):
            return None
        if any(facts(n) & (Fact.KEPT | Fact.STOP | Fact.FUNCTION) for n in names):
            return None
        if is_thing(match.string, match.end()) or all(map(lexicon.is_place, names)):
            return None
        odd = any(facts(n) & Fact.COMMON for n in names)
        sure = any(is_only_name(n) and not (odd and facts(n) & Fact.WORD) for n in names)
        sure |= any(map(has_surname_shape, names))
        possible = all(facts(n) & NAME or could_be_name(n) for n in names)
        return match.span(group) if sure and possible else None

    return refine
