"""ZIP codes, postcodes abroad and equivalent geocodes (letter B).

Safe Harbor lets the first three ZIP digits of large areas stand; the whole code is hidden here
(decision 0016).
"""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP, STATE_NAMES, STATES, TOWN, ZIP
from deid.engine.recognition import Rule, Trigger, compile_rule

#: Two letters of a state that are no word, unit or degree before a number.
_LOWER_STATE = (
    r"(?: ak|al|ar|az|ca|ct|dc|fl|ga|ia|il|ks|ky|mi|mn|mo|mt|nc|nd|ne|nh|nj|nm|nv|ny|oh"
    r"|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy )"
)
_ANY_LOWER_STATE = r"(?: " + STATES.lower()[3:].strip() + rf" | {STATE_NAMES.lower()}"
_NO_UNIT = r"(?! -\d | [.,]\d | [ ]?(?:units?|mg|mcg|ml|iu|cells|copies|people|patients|steps|/) )"
_CODE = r"(?: \d{3}[ ]\d{2} (?!\d) | \d{5}-\d{3,4} | \d{4,6} (?!\d) (?: [ ](?-i:[A-Z]{2})\b )? )"


_CALENDAR = re.compile(
    r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?:[a-z]*day)?$|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct"
    r"|nov|dec)[a-z]*$",
    re.IGNORECASE,
)


def _proper_town(match: re.Match[str]) -> tuple[int, int] | None:
    """A code beside a town: the words beside it must name a town or be no ordinary words."""
    place = match.group("town")
    words = place.split(" ")
    if any(_CALENDAR.match(w) for w in words):
        return None
    if lexicon.keeps(place) or any(lexicon.is_drug(w) or lexicon.is_clinical(w) for w in words):
        return None
    known = gazetteer.is_town(place) or any(
        gazetteer.is_town(" ".join(words[i:])) for i in range(1, len(words))
    )
    acronym = any(w.isupper() and len(w) < 6 for w in words) and not gazetteer.is_town(place)
    unusual = not acronym and len(words[-1]) > 3 and all(gazetteer.is_unusual(w) for w in words)
    common = lexicon.either("everyday_words", "function_words")
    ordinary = all(w.lower() in common for w in words)
    return match.span("id") if (known and not ordinary) or unusual else None


def _town_of_code(match: re.Match[str]) -> tuple[int, int] | None:
    """As above, and the town belongs to the identifier."""
    if _proper_town(match) is None:
        return None
    return min(match.start("id"), match.start("town")), max(match.end("id"), match.end("town"))


RULES = [
    Rule(
        "zip_after_state",
        "LOCATION",
        compile_rule(
            rf"\b (?-i: {STATES} | {STATE_NAMES} ) \.? \s* [,-]? \s* (?P<id> {ZIP} ) {_NO_UNIT}"
        ),
        0.95,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "zip_after_lower_state",
        "LOCATION",
        compile_rule(
            rf"\b (?: (?<=[a-z],[ ]) {_ANY_LOWER_STATE} | (?<=[a-z],) {_ANY_LOWER_STATE} | "
            rf"(?<=[a-z][ ])"
            rf"{_LOWER_STATE} ) \.? ,? \s+ (?P<id> {ZIP} ) {_NO_UNIT}"
        ),
        0.9,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "zip_labelled",
        "LOCATION",
        compile_rule(
            rf"\b(?: zip (?:\s?-?code)? | post(?:al)?\s?code | plz )\b [^\d\n]{{0,40}}? (?P<id> "
            rf"{ZIP} |"
            rf"{_CODE} | \d{{3}} (?= xx | \*\* | \b )"
            r"| [A-Z]{1,2}\d[A-Z\d]? [ ]? \d[A-Z\d][A-Z\d] \b )"
        ),
        0.97,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "zip_plus_four",
        "LOCATION",
        compile_rule(r"(?<![\w.-]) \d{5}-\d{4} (?![\w-])"),
        0.6,
        subtype="ZIP",
    ),
    Rule(
        "postcode_abroad",
        "LOCATION",
        compile_rule(
            r"\b (?: (?!FEV|BIB) [A-Z]{1,2}\d[A-Z\d]? [ ] \d[ABD-HJLNP-UW-Z]{2} |"
            r"(?! [Tt][0-4][NX][ ]?[0-3]M ) [ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] [ ]?"
            r"\d[ABCEGHJ-NPRSTV-Z]\d |"
            r"[abceghj-nprstvxy]\d[abceghj-nprstv-z] [ ] \d[abceghj-nprstv-z]\d ) \b",
            ignore_case=False,
        ),
        0.85,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "code_after_town",
        "LOCATION",
        compile_rule(
            rf"(?: \b (?:in|at|from|to|near|of) \s | , \s* | \n[ \t>?]{{0,12}} )"
            rf" (?P<town> {TOWN} ) ,? [ ] (?P<id> (?! (?:19|20)\d\d\b ) {_CODE} ) {_NO_UNIT}"
        ),
        0.8,
        subtype="ZIP",
        refine=_town_of_code,
    ),
    Rule(
        "code_before_town",
        "LOCATION",
        compile_rule(
            rf"(?<![\w.,/-]) (?P<id> (?: (?-i:[A-Z]{{1,2}})-)? (?! (?:19|20)\d\d\b ) (?: {_CODE}"
            rf"| \d{{2}}-\d{{3}} (?!\d) ) ) [ ] (?P<town> {CAP} (?: [ -] {CAP} ){{0,2}} )"
        ),
        0.75,
        subtype="ZIP",
        refine=_town_of_code,
    ),
    Rule(
        "geocode",
        "LOCATION",
        compile_rule(
            r"\b(?: latitude | longitude | gps | coordinates? | (?: lat | lon | long )"
            r"(?= [^\d\n-]{0,12} -?\d{1,3}\.\d{3} ) )\b [^\d\n-]{0,12}"
            r"(?P<id> -?\d{1,3}\.\d{1,8} (?: \s*°?\s*[NSEW]? [, /]+ -?\d{1,3}\.\d{1,8} )? )"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "latitude_and_longitude",
        "LOCATION",
        compile_rule(
            r"\b lat(?:itude)? [\s:.=]{0,3} (?P<id> -?\d{1,3}\.\d{2,} ,? \s? (?:and\s|/\s?)?"
            r"lo?ng?(?:itude)? [\s:.=]{0,3} -?\d{1,3}\.\d{2,} ) (?! \d | [ ]?[cm]m\b )"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "bare_coordinates",
        "LOCATION",
        compile_rule(
            r"(?<![\w.-]) -?\d{1,3}\.\d{4,8} °? [ ]? [NS]? , [ ]? -?\d{1,3}\.\d{4,8} °? "
            r"(?:[ ]?[EW]\b)?"
            r"| \d{1,3} \s? ° \s? \d{1,2} \s? ['′] (?: \s? [\d.]+ \s? [\"″] )? \s? [NSEW] \b"
            r"| (?<![\w:/]) /// [a-z]{3,} \. [a-z]{3,} \. [a-z]{3,} \b"
        ),
        0.85,
        certain=True,
        trigger=Trigger(marks=("+", "///", "°"), digit_run=4, reach=12),
    ),
    Rule(
        "plus_code",
        "LOCATION",
        compile_rule(
            r"\b [23456789CFGHJMPQRVWX]{4,8} \+ [23456789CFGHJMPQRVWX]{2,3} \b", ignore_case=False
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "census_code",
        "LOCATION",
        compile_rule(
            r"\b(?: fips | geoid | geohash | census\s(?:tract|block(?:\sgroup)?) | block\sgroup"
            r"| (?:voting\s)?precinct | ward(?=\s\#?\d) | plus\scode | (?:congressional|school"
            r"|council|senate)\sdistrict )\b"
            r"[\s:#]* (?:code\s|number\s|no\.\s|is\s)* (?P<id> [\d.]{1,12}\d | \d{1,4} | (?=\w*\d)"
            r"[A-Z0-9+]{4,14} ) \b"
        ),
        0.85,
        certain=True,
    ),
]
