"""Addresses, ZIP codes, towns, counties and equivalent geocodes (letter B).

Safe Harbor lets the first three ZIP digits of large areas stand; the default policy keeps none.
"""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP, STATE_NAMES, STATES
from deid.engine.recognition import Rule, compile_rule

_STREET = (
    r"(?: streets? | st | avenue | ave | av | roads? | rd | boulevard | blvd | drive | dr | lane | ln | court | ct"
    r"| place | pl | square | sq | terrace | ter | terr | way | circle | cir | trail | trl | parkway | pkwy"
    r"| highway | hwy | route | rte | turnpike | tpke | plaza | plz | alley | aly | crescent | cres | loop | row"
    r"| walk | path | pike | run | ridge | crossing | xing | expressway | freeway | close | gardens? | grove"
    r"| heights | hollow | landing | manor | mews | point | view | vista | bend | cove | commons | creek | hill"
    r"| knoll | meadows? | oval | park | pass | spur | trace | bypass | broadway )"
)
_UNIT = (
    r"(?: [ ] (?-i:[A-Z])[a-z]{0,3}\d[\w-]{0,8} | \s* ,? \s* (?: (?: apt | apartment | suite | ste | unit | bldg | building | floor | fl | room | rm | lot | trailer"
    r"| space | spc | no ) \b \.? \s* \#? \s* [A-Z0-9-]{1,8} | \# \s? [A-Z0-9-]{1,6} ) \b )?"
)
_DIRECTION = r"(?: (?: north | south | east | west | [NSEW] | NE | NW | SE | SW )\b \.? \s )?"
_ZIP = r"(?: \d{5} (?: -\d{4} )? (?![\d-]) )"
_TOWN = rf"(?: (?: (?:St|Ft|Mt|Pt)\.\s )? {CAP} (?: [ ] (?: (?:of|the|de|la|del|los|las|on)[ ] )? {CAP} ){{0,3}} )"


def _town(match: re.Match[str]) -> tuple[int, int] | None:
    """The town before a state, without ordinary words that happen to stand in front of it."""
    start, end = match.span("id")
    while start < end:
        town = match.string[start:end]
        if lexicon.is_place(town):
            return start, end
        head, _, rest = town.partition(" ")
        if not rest:
            break
        if not (lexicon.is_clinical(head) or head.lower() in lexicon.words("sentence_starts")):
            return start, end
        start += len(head) + 1
    town = match.string[start:end]
    unusable = lexicon.is_clinical(town) or lexicon.is_drug(town) or lexicon.keeps(town)
    return None if not town or unusable else (start, end)


def _place_after_preposition(match: re.Match[str]) -> tuple[int, int] | None:
    """The longest run of the captured words that a gazetteer knows."""
    start, end = match.span("id")
    while end > start:
        place = match.string[start:end]
        if lexicon.keeps(place):
            return None
        if lexicon.is_place(place) and not (
            lexicon.is_clinical(place) or _is_weak_place(match.string, start, end)
        ):
            return start, end
        cut = place.rfind(" ")
        if cut < 0:
            return None
        end = start + cut
    return None


def _is_weak_place(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word could be meant (``in Hope``, ``to Normal``, ``Lyme disease``)."""
    place = text[start:end]
    if place.isupper():
        return True
    follows = text[end : end + 20].lstrip(" '")
    if follows.startswith("s ") or lexicon.MEASURE_NOUN.match(follows):
        return True
    return " " not in place and lexicon.is_english(place)


def _is_no_place(word: str) -> bool:
    return lexicon.is_clinical(word) or lexicon.is_drug(word)


def _resident(match: re.Match[str]) -> tuple[int, int] | None:
    start, end = match.span("id")
    words = match.string[start:end].split(" ")
    while words and not lexicon.is_place(" ".join(words)) and _is_no_place(words[-1]):
        end -= len(words.pop()) + 1
    town = match.string[start : max(start, end)]
    return None if not words or lexicon.keeps(town) else (start, end)


RULES = [
    Rule(
        "street_address",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) \d{{1,6}} (?:[A-Z]|-\d{{1,4}}|\s1/2)? [ ]+ {_DIRECTION} (?: (?: {CAP} | \d{{1,3}}(?:st|nd|rd|th) | [a-z]{{3,15}} (?=\s(?-i:St|Ave|Rd|Blvd|Dr|Ln|Ct|Street|Avenue|Road)\b) | of | the ) \.? [ ]+ ){{1,4}}?"
            rf"(?-i: {_STREET.replace('streets?', '[Ss]treets?').replace('roads?', '[Rr]oads?')} | (?: St|Ave|Av|Rd|Blvd|Dr|Ln|Ct|Pl|Sq|Ter|Terr|Cir|Trl|Pkwy|Hwy|Rte|Tpke|Plz|Cres|Avenue|Boulevard|Drive|Lane|Court|Place|Square|Terrace|Way|Circle|Trail|Parkway|Highway|Route|Turnpike|Plaza|Alley|Crescent|Loop|Row|Walk|Path|Pike|Run|Ridge|Crossing|Expressway|Close|Gardens?|Grove|Heights|Hollow|Landing|Manor|Mews|Point|View|Vista|Bend|Cove|Commons|Creek|Hill|Knoll|Meadows?|Park|Pass|Trace|Bypass|Broadway|ST|AVE|RD|BLVD|DR|LN|CT|PL|STREET|AVENUE|ROAD|DRIVE|LANE|COURT|WAY ) ) \b \.?"
            rf"(?: [ ] (?: NE|NW|SE|SW|[NSEW] ) \b \.? )? {_UNIT}"
            rf"(?: [ ]* ,? \s* {_TOWN} (?= \s*,?\s* (?-i:{STATES}|{STATE_NAMES}) \b | \s*,?\s*\d{{5}}\b ) )?"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "address_labelled",
        "LOCATION",
        compile_rule(
            r"\b(?: home | mailing | street | billing | current | permanent )? \s? address (?:es)? (?: \s (?:is|of|on\sfile) )* \s* [:=]? \s*"
            r"(?P<id> \d{1,6} [ ] [^,;:()\n]{3,40} (?: , [ ]? (?-i:[A-Z]) [A-Za-z. ]{2,25} (?= , | \s*(?-i:[A-Z]{2})\b | [.?)] | \n | $ ) )? )"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "town_after_street",
        "LOCATION",
        compile_rule(
            rf"\d [ ] [^,;\n]{{2,40}} \b {_STREET} \b \.? {_UNIT} \s* ,? \s* (?P<id> (?-i:[A-Z]) (?:{_TOWN})? )"
            rf"(?= [.,;)?\n] | \s (?:on|in|and|for|seen) \b | $ )"
        ),
        0.85,
        subtype="CITY",
        certain=True,
        refine=_town,
    ),
    Rule(
        "post_office_box",
        "LOCATION",
        compile_rule(
            r"\b P\.?\s?O\.?\s? Box \s \#? \d{1,7} \b | \b(?:RR|Rural\sRoute) \s \d{1,3} (?: \s Box \s \d{1,5} )? \b"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "town_and_state",
        "LOCATION",
        compile_rule(
            rf"(?P<id>{_TOWN}) (?: ,\s* (?-i:{STATES}|{STATE_NAMES}) \b (?! \s?[-/] )"
            rf"| \s+ (?-i:{STATES}) (?= [ ,]+ {_ZIP} ) )"
        ),
        0.88,
        subtype="CITY",
        certain=True,
        refine=_town,
    ),
    Rule(
        "zip_after_state",
        "LOCATION",
        compile_rule(rf"\b (?-i: {STATES} | {STATE_NAMES} ) \.? \s* [,-]? \s* (?P<id> {_ZIP} )"),
        0.95,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "zip_labelled",
        "LOCATION",
        compile_rule(
            rf"\b(?: zip (?:\s?-?code)? | post(?:al)?\s?code )\b [^\d\n]{{0,40}}? (?P<id> {_ZIP} | \d{{3}} (?=xx) )"
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
            r"\b (?: (?!FEV|BIB) [A-Z]{1,2}\d[A-Z\d]? [ ] \d[ABD-HJLNP-UW-Z]{2} | [ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] [ ]? \d[ABCEGHJ-NPRSTV-Z]\d ) \b",
            ignore_case=False,
        ),
        0.85,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "county",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} ){{0,2}} [ ] (?-i: County|Parish|Borough|Township|Precinct|Reservation|Pueblo|COUNTY ) ) \b"
            rf"| \b (?-i:County)\sof\s {CAP}"
        ),
        0.88,
        subtype="COUNTY",
        refine=lambda m: m.span("id") if m.group("id") else m.span(),
    ),
    Rule(
        "residence",
        "LOCATION",
        compile_rule(
            rf"\b(?: liv(?:es?|ing|ed) | resid(?:es?|ing|ed) | resident | born | raised | grew\sup | hail(?:s|ing) | moved | relocat(?:ed|ing) | originally | native | city | town | village | neighbou?rhood | commut(?:es|ing) | travel(?:s|ed|led|ing)? | visiting | vacation(?:ed|ing)? ) \s"
            rf"(?: (?:and\sraised|alone|independently|with\s\w+\s\w+|back|recently|currently|now|near|just|outside)\s )?"
            rf"(?: in | at | of | from | to | near | outside | around )\s (?: (?:the\s)?(?:city|town|village|suburbs?|outskirts)\sof\s | downtown\s | (?-i:north|south|east|west)(?-i:ern)?\s )?"
            rf"(?P<id> {_TOWN} )"
        ),
        0.85,
        subtype="CITY",
        certain=True,
        refine=_resident,
    ),
    Rule(
        "place_after_preposition",
        "LOCATION",
        compile_rule(
            rf"\b(?: in | from | near | of | at | to | our | the | outside | downtown | around ) \s (?P<id> {_TOWN} )"
        ),
        0.7,
        subtype="CITY",
        refine=_place_after_preposition,
    ),
    Rule(
        "room_and_bed",
        "LOCATION",
        compile_rule(
            r"\b(?: room | rm | bed | bay ) \.? \s \#? (?P<id> \d{1,4}[A-D]? (?:-[A-D\d])? (?: \s* ,? \s* bed \s [A-Z0-9]{1,3} )? ) \b (?! \s?(?:%|mg|air) )"
        ),
        0.7,
        subtype="ROOM",
    ),
    Rule(
        "geocode",
        "LOCATION",
        compile_rule(
            r"\b(?: lat(?:itude)? | lon(?:g(?:itude)?)? | gps | coordinates? )\b [^\d\n-]{0,12} (?P<id> -?\d{1,3}\.\d{1,8} (?: \s*°?\s*[NSEW]? [, /]+ -?\d{1,3}\.\d{1,8} )? )"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "census_code",
        "LOCATION",
        compile_rule(
            r"\b(?: fips | census\s(?:tract|block) | precinct | ward(?=\s\d) | plus\scode )\b [\s:#]* (?:code\s)? (?P<id> [\d.]{1,12}\d | \d{1,4} )"
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "highway",
        "LOCATION",
        compile_rule(
            r"\b(?: (?:Route|Rte\.?|Highway|Hwy\.?|Interstate|US|State\sRoute) \s? -? \s? \d{1,3} | I-\d{1,3} ) \b (?: \s and \s \d{1,3}(?:st|nd|rd|th) )?",
            ignore_case=False,
        ),
        0.75,
        subtype="STREET",
    ),
    Rule(
        "place_by_nickname",
        "LOCATION",
        compile_rule(
            r"\b(?: NYC | San[ ]Fran | Philly | Vegas | SoCal | NorCal | Bay[ ]Area | Manhattan | Brooklyn | Bronx | Harlem )\b",
            ignore_case=False,
        ),
        0.8,
        subtype="CITY",
    ),
    Rule(
        "numbered_street",
        "LOCATION",
        compile_rule(
            r"\b \d{1,3}(?:st|nd|rd|th) [ ] (?: ave(?:nue)? | street | st )\b (?: [ ] (?:clinic|office|hospital|practice|pharmacy) \b )?"
        ),
        0.8,
        subtype="STREET",
    ),
    Rule(
        "street_without_number",
        "LOCATION",
        compile_rule(
            rf"\b(?: on | at | near | of | along | off )\s (?P<id> {CAP} (?:[ ]{CAP})? [ ] (?-i: Street|Avenue|Road|Boulevard|Lane|St|Ave|Rd|Blvd|Ln|Pkwy|Parkway ) ) \b"
        ),
        0.75,
        subtype="STREET",
    ),
]
