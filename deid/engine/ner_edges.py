"""What of an entity is the identifier: models see words, and labels stand beside values."""

import re

from deid.engine import lexicon
from deid.engine.anchors import fold

Bounds = tuple[int, int] | None

_TOKEN = re.compile(r"[^\s,;:()]+")
_DATE_WORD = re.compile(
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|spring|summer|autumn|fall|winter|christmas|easter|thanksgiving|holidays?|eve|new|years?|day"
    r"|independence|labor|memorial|veterans|halloween|valentine'?s|q[1-4]|weeks?|weekend|the|of"
    r"|early|late|mid|last|[a-z]+(?:th|first|second|third|ty|teen)|two|one|thousand|hundred)\.?",
    re.IGNORECASE,
)
#: A short word and a number: a code by its label, or part of an address after one of these.
_LABELLED_NUMBER = re.compile(
    r"(?!(?:apt|apartment|suite|ste|unit|box|room|rm|floor|fl|bldg|building|lot)\b)"
    r"[A-Za-z]{2,7}[ ]?[\d-]{3,}\Z|Lot[ ]\d{4,}\Z",
    re.IGNORECASE,
)
#: A label that says which shared code a number is: it belongs to the thing and to no person.
_CODE_BEFORE = re.compile(
    r"\b(?:cpt|icd(?:-?\d+)?(?:-cm)?|loinc|snomed(?:\s?ct)?|ndc|nct|hcpcs|drg|rxnorm|model|ref|catalog"
    r"(?:ue)?|v)\b[\s#:.]*$",
    re.IGNORECASE,
)
_SHARED_CODE = re.compile(r"(?:NCT\d{6,}|[A-Z]\d{2}(?:\.\d+)?)$")
_UNIT = (
    r"(?:c?gy|mc?g|k?g|[mdc]?l|[mc]m|cc|m?eq|m?mol|iu|units?|mmhg|bpm|kcal|k?hz|db|m?sv|m?ci|m?bq"
    r"|kvp|mas|ms|lbs?|oz|fr|ga|s)\Z"
)
#: A number with a unit is a dose or a length, beside whatever place it stands.
_MEASURE = re.compile(rf"\d[\d.,]*[ ]?-?{_UNIT}", re.IGNORECASE)
_UNIT_ALONE, _NUMBER_BEFORE = re.compile(_UNIT, re.IGNORECASE), re.compile(r"\d[ -]?\Z")
_MASKED_ZIP = re.compile(r"\d{3}[xX*]{2}$")
#: Regions of several words that stay, as the law keeps states and countries.
_KEPT_PHRASE = re.compile(
    r"\b(?:"
    + "|".join(sorted(re.escape(w) for w in lexicon.words("kept_regions") if " " in w))
    + r")\b",
    re.IGNORECASE,
)
_KEPT_PHRASES = "\n".join(w for w in lexicon.words("kept_regions") if " " in w)
_LONGEST_PHRASE = 40


def narrowed(text: str, start: int, end: int, category: str) -> Bounds:
    """The identifier's own bounds in an entity of ``text``; ``None`` where none is left.

    Numbers that stand alone, shared codes and regions that stay are left to the rules, which know
    their shapes; words beside a value are cut off.
    """
    if category in {"OTHER_ID", "PHONE"}:
        return _code(text, start, end)
    if category == "DATE_AGE":
        return _date(text, start, end)
    if category == "LOCATION" and (
        _is_kept_phrase(text, start, end) or _LABELLED_NUMBER.match(text[start:end])
    ):
        return None
    if _is_in_address_of_the_web(text, start) or _is_measure(text, start, end):
        return None
    start, end = _without_bracket(text, start, end)
    if start and text[start - 1].isalnum():  # the rest of a word, as of ``62M``
        space = text.find(" ", start, end)
        if space < 0:
            return None
        start = space + 1
    return _without_small_words(text, start, end)


def _is_measure(text: str, start: int, end: int) -> bool:
    surface = text[start:end]
    if _UNIT_ALONE.match(surface):
        return _NUMBER_BEFORE.search(text[max(0, start - 2) : start]) is not None
    return _MEASURE.match(surface) is not None


def is_kind_of_site(surface: str) -> bool:
    """Whether each word says what a site is and none which: ``skilled nursing facility``."""
    words = surface.lower().split()
    lists = ("facility_generic", "not_a_site", "function_words")
    return all(any(w.strip(".,") in lexicon.words(n) for n in lists) for w in words)


def _code(text: str, start: int, end: int) -> Bounds:
    """From the first to the last token with a digit, if it mixes letters and digits."""
    tokens = [t for t in _TOKEN.finditer(text, start, end) if any(c.isdigit() for c in t.group())]
    if not tokens:
        return None
    first, last = tokens[0].start(), tokens[-1].end()
    surface = text[first:last]
    if not any(c.isalpha() for c in surface) or _SHARED_CODE.match(surface):
        return None
    before = text[max(0, first - _LONGEST_PHRASE) : first]
    return None if _CODE_BEFORE.search(before) else (first, last)


def _date(text: str, start: int, end: int) -> Bounds:
    """From the first to the last token that a date can hold, if one of them is a word."""
    tokens = [
        t
        for t in _TOKEN.finditer(text, start, end)
        if t.group()[0].isdigit() or _DATE_WORD.fullmatch(t.group())
    ]
    if not any(_DATE_WORD.fullmatch(t.group()) for t in tokens):
        return None
    return tokens[0].start(), tokens[-1].end()


def _is_kept_phrase(text: str, start: int, end: int) -> bool:
    if fold(text[start:end]) not in _KEPT_PHRASES:  # most entities are part of none
        return False
    low = max(0, start - _LONGEST_PHRASE)
    return any(
        match.start() <= start and end <= match.end()
        for match in _KEPT_PHRASE.finditer(text, low, end + _LONGEST_PHRASE)
    )


#: A host by its ending. A full stop or slash alone says nothing: ``done.Kim``, ``Kim/Okafor``.
_HOST = re.compile(
    r"(?:\w+://)?(?:[\w-]+@)?(?:[\w-]+\.)+(?:com|org|net|gov|edu|info|io|us|uk|example|invalid)\b",
    re.IGNORECASE,
)


def _is_in_address_of_the_web(text: str, start: int) -> bool:
    """Whether the word stands behind a mark inside a host's name, as in ``www.example.gov``."""
    if start < 2 or text[start - 1] not in "./@":
        return False
    begin = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    host = _HOST.match(text, begin)
    return host is not None and start < host.end()


def _without_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut at a bracket that only opens or only closes in the entity."""
    opening, closing = text.find("(", start, end), text.find(")", start, end)
    if opening >= 0 and closing < 0:
        return opening + 1, end
    if closing >= 0 and opening < 0:
        return start, closing
    return start, end


_PIECE = re.compile(r"\S+")


def _without_small_words(text: str, start: int, end: int) -> Bounds:
    """Cut small words at the edges of an entity that is written with capitals."""
    tokens = list(_PIECE.finditer(text[start:end]))
    if not any(t.group()[0].isupper() for t in tokens):
        return (start, end) if not _MASKED_ZIP.match(text[start:end]) else None
    while len(tokens) > 1 and _is_small(tokens[-1].group().strip(".,")):
        tokens.pop()
    return start + tokens[0].start(), start + tokens[-1].end()


def _is_small(word: str) -> bool:
    if len(word) < 2 or not word.islower():
        return False
    lists = ("function_words", "sentence_starts")
    return lexicon.is_english(word) or any(word in lexicon.words(name) for name in lists)


_BEHIND = re.compile(r"[ ]([A-Z][a-z]{2,})(?=[,.;)\n]|\Z)")


def with_surname(text: str, start: int, end: int) -> int:
    """The end of a name with the surname behind its given name, which is a word: ``Pat Dove``."""
    given, behind = text[start:end].rsplit(" ", 1)[-1], _BEHIND.match(text, end)
    if behind is None or not given.istitle() or not lexicon.is_first_name(given):
        return end
    word = behind.group(1)
    stays = word.lower() in lexicon.either("not_a_name", "function_words", "facility_generic")
    if stays or lexicon.is_clinical(word) or lexicon.is_drug(word):
        return end
    return behind.end() if lexicon.is_surname(word) else end
