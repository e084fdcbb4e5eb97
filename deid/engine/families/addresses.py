"""Addresses, ZIP codes and equivalent geocodes (letter B).

Safe Harbor lets the first three ZIP digits of large areas stand; the default policy keeps none.
"""

from deid.engine.families.patterns import CAP, STATE_NAMES, STATES, TOWN, ZIP
from deid.engine.families.places import town, word_after_street
from deid.engine.recognition import Rule, compile_rule

_STREET = (
    r"(?: streets? | st | avenue | ave | av | roads? | rd | boulevard | blvd | drive | dr | lane |"
    r"ln | court | ct"
    r"| place | pl | square | sq | terrace | ter | terr | way | circle | cir | trail | trl |"
    r"parkway | pkwy"
    r"| highway | hwy | route | rte | turnpike | tpke | plaza | plz | alley | aly | crescent |"
    r"cres | loop | row"
    r"| walk | path | pike | run | ridge | crossing | xing | expressway | freeway | close |"
    r"gardens? | grove"
    r"| heights | hollow | landing | manor | mews | point | view | vista | bend | cove | commons |"
    r"creek | hill"
    r"| knoll | meadows? | oval | park | pass | spur | trace | bypass | broadway )"
)
_UNIT = (
    r"(?: [ ] (?-i:[A-Z])[a-z]{0,3}\d[\w-]{0,8} | \s* ,? \s* (?: (?: apt | apartment | suite | ste"
    r"| unit | bldg | building | floor | fl | room | rm | lot | trailer"
    r"| space | spc | no ) \b \.? \s* \#? \s* [A-Z0-9-]{1,8} | \# \s? [A-Z0-9-]{1,6} ) \b )?"
)
_DIRECTION = r"(?: (?: north | south | east | west | [NSEW] | NE | NW | SE | SW )\b \.? \s )?"
_SURE_STREET = (
    r"(?: street | avenue | ave | road | rd | boulevard | blvd | lane | terrace | parkway | pkwy |"
    r"highway | (?-i: st | ln | drive | court | way ) (?= \s* , ) )"
)
_PROPER_STREET = r"(?-i: St | Drive | Dr | Court | Ct | Circle | Place | Pl | Ln | Way | Trail )"
#: Words after a number that count time, distance or amounts, as in ``20 minutes down the road``.
_MEASURE = (
    r"(?: (?: min | minute | hour | hr | day | week | month | year | yr | mile | block | meter |"
    r"metre | foot | yard | time | step | house | car | lane ) s? | feet | m?c?g | ml |"
    r"units? | tabs? | km | mm | cm"
    r"| y/?o | of | in | on | at | to | and | or | percent ) \b"
)
_LOWER_WORDS = rf"(?-i: (?: (?!{_MEASURE}) [a-z]{{2,15}} [ ] ){{1,3}}? )"


RULES = [
    Rule(
        "street_address",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) \d{{1,6}} (?:[A-Z]|-\d{{1,4}}|\s1/2)? [ ]+ {_DIRECTION} (?: (?: {CAP}"
            rf"| \d{{1,3}}(?:st|nd|rd|th) | [a-z]{{3,15}} (?=\s(?-i:St|Ave|Rd|Blvd|Dr|Ln|Ct|Street"
            rf"|Avenue|Road)\b) | of | the ) \.? [ ]+ ){{1,4}}?"
            rf"(?-i: {_STREET.replace('streets?', '[Ss]treets?').replace('roads?', '[Rr]oads?')} |"
            rf"(?: St|Ave|Av|Rd|Blvd|Dr|Ln|Ct|Pl|Sq|Ter|Terr|Cir|Trl|Pkwy|Hwy|Rte|Tpke|Plz|Cres"
            rf"|Avenue|Boulevard|Drive|Lane|Court|Place|Square|Terrace|Way|Circle|Trail|Parkway"
            rf"|Highway|Route|Turnpike|Plaza|Alley|Crescent|Loop|Row|Walk|Path|Pike|Run|Ridge"
            rf"|Crossing|Expressway|Close|Gardens?|Grove|Heights|Hollow|Landing|Manor|Mews|Point"
            rf"|View|Vista|Bend|Cove|Commons|Creek|Hill|Knoll|Meadows?|Park|Pass|Trace|Bypass"
            rf"|Broadway|ST|AVE|RD|BLVD|DR|LN|CT|PL|STREET|AVENUE|ROAD|DRIVE|LANE|COURT|WAY ) ) \b"
            rf"\.?"
            rf"(?: [ ] (?: NE|NW|SE|SW|[NSEW] ) \b \.? )? {_UNIT}"
            rf"(?: [ ]* ,? \s* {TOWN} (?= \s*,?\s* (?-i:{STATES}|{STATE_NAMES}) \b |"
            rf"\s*,?\s*\d{{5}}\b ) )?"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "postal_block",
        "LOCATION",
        compile_rule(
            r"(?<![\w/.-]) \d{1,6} [ ] (?-i:[^\W\d_a-z]) [^\n\d,;:()]{2,40} (?: [ ] \d{1,4} )?"
            r"[ ,]*"
            r"(?: apt | apartment | suite | ste | unit | flat ) \.? [ ] \#? \d{1,5}"
            r"(?: [\s,]+ [^\d\n:;()]{2,40} (?: [\s,]+ [^\d\n:;()]{2,30} )? [\s,]+ \d{4,5} \b )?"
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
            r"(?P<id> \d{1,6} [ ] [^,;:()\n]{3,40} (?: , [ ]? (?-i:[A-Z]) [A-Za-z. ]{2,25} (?= , |"
            r"\s*(?-i:[A-Z]{2})\b | [.?)] | \n | $ ) )? )"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "town_after_street",
        "LOCATION",
        compile_rule(
            rf"\d [ ] [^,;\n]{{2,40}} \b {_STREET} \b \.? {_UNIT} \s* ,? \s* (?P<id> (?-i:[A-Z])"
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
            rf"(?<![\w/.,-]) \d{{1,6}} [A-Z]? [ ] (?: {CAP} [^\d,;:()\n]{{0,30}} [ ]"
            rf"(?: {_SURE_STREET} | {_PROPER_STREET} ) | {_LOWER_WORDS} {_SURE_STREET} ) \b"
            rf"\.? {_UNIT} , [ ] (?P<id> {TOWN} | (?-i: [a-z]{{3,15}}"
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
            rf"(?<![\w/.,-]) \d{{2,5}} [ ] {_LOWER_WORDS} (?: {_SURE_STREET} ) \b {_UNIT}",
            ignore_case=False,
        ),
        0.8,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "post_office_box",
        "LOCATION",
        compile_rule(
            r"\b P\.?\s?O\.?\s? Box \s \#? \d{1,7} \b | \b(?:RR|Rural\sRoute) \s \d{1,3} ,? \s"
            r"Box \s \d{1,5} \b"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "zip_after_state",
        "LOCATION",
        compile_rule(rf"\b (?-i: {STATES} | {STATE_NAMES} ) \.? \s* [,-]? \s* (?P<id> {ZIP} )"),
        0.95,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "zip_labelled",
        "LOCATION",
        compile_rule(
            rf"\b(?: zip (?:\s?-?code)? | post(?:al)?\s?code )\b [^\d\n]{{0,40}}? (?P<id> {ZIP} |"
            rf"\d{{3}} (?=xx) )"
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
            r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] [ ]? \d[ABCEGHJ-NPRSTV-Z]\d ) \b",
            ignore_case=False,
        ),
        0.85,
        subtype="ZIP",
        certain=True,
    ),
    Rule(
        "room_and_bed",
        "LOCATION",
        compile_rule(
            r"\b(?: room | rm | bed | bay ) \.? \s \#? (?P<id> \d{1,4}[A-D]? (?:-[A-D\d])? (?: \s*"
            r",? \s* bed \s [A-Z0-9]{1,3} )? ) \b (?! \s?(?:%|mg|air) )"
        ),
        0.7,
        subtype="ROOM",
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
        "census_code",
        "LOCATION",
        compile_rule(
            r"\b(?: fips | census\s(?:tract|block) | precinct | ward(?=\s\d) | plus\scode )\b"
            r"[\s:#]* (?:code\s)? (?P<id> [\d.]{1,12}\d | \d{1,4} )"
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "highway",
        "LOCATION",
        compile_rule(
            r"\b(?: (?:Route|Rte\.?|Highway|Hwy\.?|Interstate|US|State\sRoute) \s? -? \s? \d{1,3}"
            r"| I-\d{1,3} ) \b (?: \s and \s \d{1,3}(?:st|nd|rd|th) )?",
            ignore_case=False,
        ),
        0.75,
        subtype="STREET",
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
            rf"\b(?: on | at | near | of | along | off )\s (?P<id> {CAP} (?:[ ]{CAP})? [ ] (?-i:"
            rf"Street|Avenue|Road|Boulevard|Lane|St|Ave|Rd|Blvd|Ln|Pkwy|Parkway ) ) \b"
        ),
        0.75,
        subtype="STREET",
    ),
]
