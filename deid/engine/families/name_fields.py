"""The value behind a label such as ``Patient name:``, read as a whole."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, could_be_name, facts, is_medical
from deid.engine.families.name_reader import NUMBERS, Trust, read_name
from deid.engine.families.name_vocabulary import PARTICLES, ROLES, SUFFIXES
from deid.engine.families.name_words import Word, is_credential, is_lower_case, words_in
from deid.engine.families.patterns import LETTER

#: Labels that follow a name in a header, with or without a colon.
_NEXT_LABEL = (
    r"(?:dob|d\.o\.b|mrn|mr\#|mr[ ]no|mr[ ]number|med(?:ical)?[ ]rec|chart|acct|account|csn|fin|id"
    r"|age|aged|sex|gender|date|dos|dod|adm|admit|admitted|admission|discharge|room|rm|bed|unit|loc"
    r"|location|service|svc|phone|tel|cell|pager|ext|fax|pcp|provider|attending|physician|doctor"
    r"|dr|visit|encounter|seen|born|birth|ssn|npi|dea|address|insurance|ht|wt|allerg\w+|race"
    r"|ethnicity|language|status|relation\w*|reason|procedure|diagnosis|referred|ref|cc|re|from|to"
    r"|subject|dictated|signed|electronically|is|was|has|with|who|and|presents|here|male|female"
    r"|patient|pt|name|time|at|on|for|via|regarding|facility|mother|father|wife|husband|son"
    r"|daughter|title|first|middle|mi|in|agrees|called|rounding|covering)"
)
_FIELD_END = re.compile(
    rf"[\n\r\t|;:()\[\]<>{{}}\#/=_*\d\\]|[ ]{{2,}}|[ ]-+[ ]|--|(?<=\w\w)[.](?=\s|\Z)"
    rf"|,?[ ]+(?={_NEXT_LABEL}(?!\w))|\Z",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:(?:dr|mr|mrs|ms|miss|prof|rev)\b\.?|doctor\b)[ ]", re.IGNORECASE)
_LONGEST = 60
_BESIDE_NAMES = PARTICLES | SUFFIXES
#: Possessive, since what separates words may be nothing: backtracking would try every cut of a
#: long field that is no name.
_NAME_SHAPE = re.compile(
    rf"[\"'(]?{LETTER}++(?:(?>['.-]?[ ,\"'()^]{{0,3}}){LETTER}++)*[.\"')]{{0,2}}", re.IGNORECASE
)


def read_field(text: str, position: int, trust: Trust) -> tuple[int, int] | None:
    """Offsets of the name in the field that begins at ``position``, or ``None``.

    A field that is a name as a whole is one whatever its words mean besides; in any other field
    the name is read as in a sentence.
    """
    title = _TITLE.match(text, position)
    if title is not None:
        position, trust = title.end(), Trust.SURE
    end = _FIELD_END.search(text, position, min(len(text), position + _LONGEST))
    if end is not None:
        bounds = _whole_field(text, position, end.start(), trust)
        if bounds is not None:
            return bounds
    return read_name(text, position, trust, surname_first=True)


def _whole_field(text: str, start: int, end: int, trust: Trust) -> tuple[int, int] | None:
    words = words_in(text, start, end)
    written = len(words)
    while len(words) > 1 and is_credential(words[-1]) and not _is_surname_in_capitals(text, words):
        words.pop()
    if not words or words[0].start > start + 1:
        return None
    last = words[-1]
    stop = last.end + (1 if last.dotted and len(last.text) == 1 else 0)
    surface = text[start:stop]
    if not _NAME_SHAPE.fullmatch(surface):
        return None
    parts = [w for w in words if len(w.text) > 1 and w.low not in _BESIDE_NAMES]
    comma = "," in surface or "^" in surface
    if not parts or len(words) > 5:
        return None
    if len(words) < written and len(parts) == 1 and facts(parts[0].text) & NAME:
        return words[0].start, stop
    closed = _IDENTIFIER_NEXT.match(text, stop) is not None and not _is_role(words)
    if not closed and not _is_name(text, words, parts, comma, trust):
        return None
    return words[0].start, stop


#: An identifier of the same person right behind a name closes the field beyond doubt.
_IDENTIFIER_NEXT = re.compile(
    r"[ \t,|;(\[-]{1,12}(?:dob|d\.o\.b|date[ ]of[ ]birth|born|mrn|mr\#|mr[ ]no"
    r"|med(?:ical)?[ ]rec|age"
    r"|sex|ssn|acct)(?![^\W\d_])",
    re.IGNORECASE,
)


def _is_role(words: list[Word]) -> bool:
    """Whether a word says what somebody is, or belongs to a sentence."""
    grammar = Fact.FUNCTION | Fact.STOP | Fact.DRUG
    alone = len(words) == 1
    return (
        any(w.low in ROLES for w in words)
        or any(
            facts(w.text) & grammar
            and not (facts(w.text) & NAME and not alone)
            and not w.is_capital
            for w in words
        )
        or (alone and bool(facts(words[0].text) & grammar))
    )


def _is_surname_in_capitals(text: str, words: list[Word]) -> bool:
    """Whether the last word of ``DUC DO`` is the surname and no credential."""
    beside = text[words[-2].end : words[-1].start] == " "
    return len(words) == 2 and beside and words[0].text.isupper() and _is_family(words[-1])


def _is_family(word: Word) -> bool:
    return bool(facts(word.text) & Fact.FAMILY)


def _is_name(text: str, words: list[Word], parts: list[Word], comma: bool, trust: Trust) -> bool:
    lower = parts[0].text[0].islower()
    if lower and not is_lower_case(text, parts[0].start):
        return False
    if not lower and not all(w.is_capital or w.low in PARTICLES for w in words):
        return False
    several = len(parts) > 1
    if trust == Trust.SURE and not several and not lower and _is_wordy_surname(parts[0]):
        return True
    if any(_is_barred(w, alone=not several) for w in parts):
        return False
    grammar = Fact.FUNCTION | Fact.STOP
    if lower and not comma and any(facts(w.text) & grammar for w in parts):
        return False
    if any(could_be_name(w.text) for w in parts):
        return not several or not any(_is_plain(w) for w in parts) or comma or trust == Trust.SURE
    named = [bool(facts(w.text) & NAME) for w in parts]
    if several:
        return all(named) or (any(named) and (comma or trust == Trust.SURE) and not lower)
    return trust == Trust.SURE and named[0] and not lower


_LANGUAGES = frozenset({"english", "french", "spanish", "german", "polish", "portuguese"})


def _is_wordy_surname(word: Word) -> bool:
    """``PCP: Weeks``, ``Attending: FOLEY``: where only a person stands, a surname is one."""
    return _is_family(word) and word.low not in ROLES | _LANGUAGES


def _is_barred(word: Word, *, alone: bool) -> bool:
    """Whether no name has this word in it: roles, drugs, diseases, words of grammar."""
    known = facts(word.text)
    if word.low in NUMBERS and not alone:
        return False
    if word.low in ROLES or known & Fact.DRUG or (is_credential(word) and not known & NAME):
        return True
    if known & NAME and not alone:
        return False
    if known & Fact.KEPT or word.low in lexicon.words("not_a_name"):
        return True
    return bool(known & Fact.FUNCTION) or is_medical(word.text)


def _is_plain(word: Word) -> bool:
    """Whether the word is an everyday word and no name at all."""
    return bool(facts(word.text) & Fact.COMMON) and not facts(word.text) & NAME


_FIELD_START = re.compile(r"[\n\r\t|;:()\[\]<>#/=_*\d]|[ ]{2,}|[.][ ]|[ ]-+[ ]")


def read_field_before(text: str, end: int, trust: Trust) -> tuple[int, int] | None:
    """Offsets of the name that fills the field in front of ``end``, such as ``Okafor, Jane``."""
    while end > 0 and text[end - 1] in " ,([|-\t":
        end -= 1
    floor = max(0, end - _LONGEST)
    start = floor
    for match in _FIELD_START.finditer(text, floor, end):
        start = match.end()
    while start < end and text[start] == " ":
        start += 1
    title = _TITLE.match(text, start)
    if title is not None:
        start = title.end()
    return _whole_field(text, start, end, trust) if start > floor or floor == 0 else None
