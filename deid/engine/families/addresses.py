"""Street addresses of the United States, post office boxes, rooms (letter B)."""

import re

from deid.engine import gazetteer
from deid.engine.families.patterns import CAP, STATE_NAMES, STATES, TOWN
from deid.engine.families.place_judges import town, word_after_street
from deid.engine.families.streets import (
    DIRECTION,
    LOWER_WORDS,
    NUMBER,
    STREET_TYPE,
    STREET_WORD,
    SUFFIX_DIRECTION,
    SURE_TYPE,
    UNIT,
    street,
)
from deid.engine.recognition import Rule, compile_rule

_ROAD_NUMBER = (
    r"(?: (?: (?:County|State|Farm|Ranch|Forest|Township)[ ](?:Road|Route|Highway|Rd|Hwy|Rte)"
    r"| Highway | Hwy\.? | Route | Rte\.? | Interstate | U\.?S\.?(?:[ ](?:Highway|Route|Hwy))?"
    r"| State[ ]Route ) [ ]? -? [ ]? \d{1,4} [A-Z]? | FM [ ] \d{3,4} )"
    r"\b (?! [/.]\d | [ ](?:weeks?|days?|months?|years?|hours?|times)\b )"
)
_LOWER_TYPE = (
    rf"(?: {SURE_TYPE} | (?: st | drive | dr | ln | court | ct | circle | place | pl | way | trail"
    r"| trl | loop | cove ) \b \.? (?= \s* (?: , | $ | \n | \#? apt | unit\s | [ ]in[ ] ) ) )"
)


def _labelled(match: re.Match[str]) -> tuple[int, int] | None:
    """What follows ``Address:`` up to the next field, if it looks like an address at all."""
    start, end = match.span("id")
    value = match.string[start:end].rstrip(" ,.;")
    digits = any(c.isdigit() for c in value)
    return (
        (start, start + len(value)) if digits or re.search(r"\b[A-Z][a-z]+ [A-Z]", value) else None
    )


_NEXT_FIELD = (
    r"(?: \n | ; | \( | [.](?:\s|$) | \s{2} | ,? \s (?: home | cell | work | tele )? \s?"
    r"(?: phone | tel | fax | e-?mail | dob | mrn | ssn | insurance | sex | gender | pcp | date )"
    r"\b | \b he\b | \b she\b | $ )"
)

RULES = [
    Rule(
        "street_address",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) (?: \d{{2,6}} [ ] )? {NUMBER} [ ]+ {DIRECTION} (?: {STREET_WORD} \.? "
            rf"[ ]+ ){{1,4}}?"
            rf"{STREET_TYPE} \b \.? (?: [ ] {STREET_TYPE} \b \.? (?! [ ]?(?-i:[A-Z]) [a-z]+ ) | [ ]"
            rf"{SURE_TYPE} \b \.? ){{0,2}} {SUFFIX_DIRECTION} {UNIT}"
            rf"(?: [ ]* ,? \s* {TOWN} (?= \s*,?\s* (?-i:{STATES}|{STATE_NAMES}) \b |"
            rf"\s*,?\s*\d{{5}}\b ) )?"
        ),
        0.95,
        subtype="STREET",
        certain=True,
        refine=street,
    ),
    Rule(
        "street_by_number",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) \d{{1,6}} [ ] {DIRECTION} (?: {_ROAD_NUMBER} | Broadway\b | Ave(?:nue)?"
            rf"[ ](?:of[ ](?:the[ ])?)? (?-i:[A-Z])[A-Za-z]* \b )"
            rf"{SUFFIX_DIRECTION} {UNIT}"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "street_block",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> \d{{2,5}} [ ] block [ ] of [ ] {DIRECTION}"
            rf"(?: [\w.'-]+ [ ] ){{0,3}}? [\w'-]+ (?: [ ] {STREET_TYPE} )? ) \b"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "address_labelled",
        "LOCATION",
        compile_rule(
            r"\b(?: home | mailing | street | billing | current | permanent )? \s? address (?:es)?"
            r"(?: \s (?:is|of|on\sfile) )* \s* [:=]? \s*"
            r"(?P<id> \d{1,6} [ ] (?: (?! "
            r"[ ](?:phone|tel|cell|fax|e-?mail|dob|mrn|ssn|he|she|and)\b )"
            r"[^,;:()\n] ){3,40} (?: , [ ]? (?-i:[A-Z]) [A-Za-z. ]{2,25} (?= , |"
            r"\s*(?-i:[A-Z]{2})\b | [.?)] | \n | $ ) )? )"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "address_field",
        "LOCATION",
        compile_rule(
            rf"\b(?: address | residence | addr ) \s? : [ \t]* (?P<id> [^\n]{{4,90}}? )"
            rf"(?= {_NEXT_FIELD} )"
        ),
        0.85,
        subtype="STREET",
        refine=_labelled,
    ),
    Rule(
        "town_after_street",
        "LOCATION",
        compile_rule(
            rf"\d [ ] [^,;\n]{{2,40}} \b {STREET_TYPE} \b \.? {UNIT} \s* ,? \s* (?P<id> (?-i:[A-Z])"
            rf"(?:{TOWN})? )"
            rf"(?= [.,;)?\n] | \s (?:on|in|and|for|seen) \b | $ )"
        ),
        0.85,
        subtype="CITY",
        certain=True,
        refine=town,
    ),
    Rule(
        "place_after_street_comma",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.,-]) \d{{1,6}} [A-Z]? [ ] (?: {CAP} [^\d,;:()\n]{{0,30}} [ ] {STREET_TYPE}"
            rf"| {LOWER_WORDS} {_LOWER_TYPE} ) \b"
            rf"\.? {UNIT} , [ ] (?P<id> {TOWN} | (?-i: [a-z]{{3,15}}"
            rf"(?: [ ] [a-z]{{3,15}} )? (?= ,[ ] [a-z] ) | [a-z]{{3,15}} ) )"
        ),
        0.85,
        subtype="CITY",
        certain=True,
        refine=word_after_street,
    ),
    Rule(
        "street_in_lower_case",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.,-]) \d{{1,6}} [ ] (?: (?:north|south|east|west|[nsew])\b\.?[ ] )?"
            rf"(?: (?: \d{{1,3}}(?:st|nd|rd|th) [ ] )? {LOWER_WORDS}"
            rf"| \d{{1,3}}(?:st|nd|rd|th) [ ] ) {_LOWER_TYPE} \b \.? (?i:{UNIT})",
            ignore_case=False,
        ),
        0.8,
        subtype="STREET",
        certain=True,
        refine=street,
    ),
    Rule(
        "post_office_box",
        "LOCATION",
        compile_rule(
            r"\b (?: \d{1,6} [ ] )? (?: P\.?\s?O\.?\s? Box | Post\sOffice\sBox | Postbox | "
            r"Postfach | Apartado |"
            r"(?:RR|R\.R\.|HC|Rural\sRoute|Star\sRoute) \s \#? \d{1,3} ,? \s Box ) [\s:]* \#? "
            r"\d{1,7} \b"
            r"| \b (?:Rural|Star)\sRoute\s\d{1,3} \b"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "room_and_bed",
        "LOCATION",
        compile_rule(
            r"(?<!head\sof\s) \b(?: room | rm | bed | bay | cubicle ) \.? \s? \#? \s? (?P<id>"
            r"\d{1,4} -? [A-D]? \b (?:-[A-D\d])? (?: \s* ,? \s* bed \s \#? [A-Z0-9]{1,3} )? ) \b"
            r"(?! \s?(?:%|mg|air|deg|°|day|hour|hr|min|week|x\b|times|to\s\d|of\s\d) | [./]\d )"
        ),
        0.7,
        subtype="ROOM",
    ),
    Rule(
        "highway",
        "LOCATION",
        compile_rule(
            rf"\b(?: {_ROAD_NUMBER} | I-\d{{1,3}} (?! [\w-] ) ) (?: [ ](?:North|South|East|West|NB"
            r"|SB|EB|WB)\b )? (?: \s (?:and|&) \s (?: \d{1,3}(?:st|nd|rd|th) | (?!the\b|in\b)"
            rf"{CAP} (?= [ ]{STREET_TYPE} | [.,;)] | $ ) ) )? (?: ,? \s (?:near\s)? exit \s"
            r"\d{1,3}[A-Z]? | ,? \s (?:at\s|near\s)? mile \s? (?:marker|post) \s \d{1,3} )?",
            ignore_case=False,
        ),
        0.75,
        subtype="STREET",
    ),
    Rule(
        "town_behind_highway",
        "LOCATION",
        compile_rule(
            rf"\b {_ROAD_NUMBER} (?: [ ](?:North|South|East|West)\b )? (?: , [ ] | [ ] in [ ] )"
            rf"(?P<id> {CAP} (?: [ ] {CAP} )? )",
            ignore_case=False,
        ),
        0.75,
        subtype="CITY",
        refine=lambda m: m.span("id") if gazetteer.is_town(m.group("id")) else None,
    ),
    Rule(
        "numbered_street",
        "LOCATION",
        compile_rule(
            r"\b \d{1,3}(?:st|nd|rd|th) [ ] (?: ave(?:nue)? | street | st )\b (?: [ ] (?:clinic"
            r"|office|hospital|practice|pharmacy) \b )?"
        ),
        0.8,
        subtype="STREET",
    ),
    Rule(
        "street_without_number",
        "LOCATION",
        compile_rule(
            rf"\b(?: on | at | near | of | along | off | from | to | down | and )\s (?P<id>"
            rf"(?: (?:North|South|East|West|[NSEW]\.?)[ ] )? {CAP} (?:[ ]{CAP}){{0,2}} [ ] (?-i:"
            rf"Street|Avenue|Road|Boulevard|Lane|St|Ave|Rd|Blvd|Ln|Pkwy|Parkway|Turnpike ) ) \b"
        ),
        0.75,
        subtype="STREET",
    ),
    Rule(
        "corner_of_streets",
        "LOCATION",
        compile_rule(
            rf"\b(?P<id> (?:the\s)? (?: corner | intersection | crossing )\s of \s "
            rf"[^,;:?!\n]{{1,45}}? \s (?:and|&)"
            rf"\s [\w.'-]+ (?: [ ] (?: {CAP} | \d+ | {STREET_TYPE} ) \b \.? ){{0,4}} )"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "crossing_by_numbers",
        "LOCATION",
        compile_rule(
            rf"(?: \b(?: at | near | on | off | of | by ) | @ )\s (?P<id> \d{{1,3}}(?:st|nd|rd|th) "
            rf"\s "
            rf"(?:and|&)"
            rf"\s (?-i:[A-Z])[a-z]{{3,15}} \b | {CAP} \s (?:and|&) \s \d{{1,3}}(?:st|nd|rd|th) [ ]"
            rf"(?:st|street|ave|avenue)\b )"
            rf"(?! [ ]?(?:rib|toe|finger|digit|metatars|metacarp|week|day|vertebra|nerve|cranial) )"
        ),
        0.7,
        subtype="STREET",
    ),
]
