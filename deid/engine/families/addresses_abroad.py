"""Addresses abroad, of the armed forces, and blocks of lines that hold an address (letter B)."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP, LETTER, STATE_NAMES, STATES, UPPER
from deid.engine.families.streets import STREET_TYPE
from deid.engine.recognition import Rule, compile_rule

#: Types of street that stand before the name.
_TYPE_BEFORE = (
    r"(?: rue | avenue | av\.? | ave | boulevard | bd | chemin | all[ée]e | impasse | quai | place"
    r"| route | cours | passage | faubourg | calle | c/ | avenida | avda\.? | paseo | camino |"
    r"carrer | carretera | ronda | plaza | plaça | rambla | travesía | urbanización | r[úu]a |"
    r"praça | travessa | largo | estrada | rodovia | alameda | via | viale | vicolo | piazza |"
    r"piazzale | corso | strada | contrada | largo | (?-i:ul\.?|os\.|al\.) | ulica | aleja | plac |"
    r"jalan | jl\.? | soi | rruga | bulevardi | sokak | cadde | mahalle | str\. | bulevardul |"
    r"ulitsa | prospekt | cite | lorong | lot | carré | zone | quartier )"
)
#: Types of street that end the name or follow it.
_GLUED = (
    r"(?: stra(?:ss|ß)e | str\.? | gasse | platz | allee | damm | ufer | weg | ring | laan |"
    r"straat | plein | gracht | kade | singel | dreef | hove? | gade | gatan | gata | gate[nr]? |"
    r"vej(?:en)? | v[äæe]gen | veien | veg(?:ur|en)? | vænget? | torget | torv | stien | gränd |"
    r"stígur | braut | tie | katu | kuja | polku | ranta | penger | brücke | graben | wei | steeg |"
    r"strasse | krok(?:en)? | bakken | haugen | krogen | parken )"
)
_TYPE_AFTER = (
    r"(?: utca | u\. | út | útja | tér | tere | körút | krt\.? | sor | köz | rakpart | tänav | tn |"
    r"mnt | tee | pst | sokağı | caddesi | cd\. | sok\. | gate | gata | vei | väg | vej | str\. |"
    r"ulica | cesta | trg | nábřeží | náměstí | ulice | kapu | straat | weg | strasse )"
)
_SMALL = r"(?: de\s | del\s | la\s | le\s | les\s | los\s | las\s | el\s | al\s | du\s | des\s | d['’] | dell['’] | von\s | van\s | der\s | den\s | do\s | da\s | dos\s | das\s | di\s | della\s | nad\s | pod\s )"
_WORD = rf"(?: {_SMALL}){{0,2}} (?-i:[{UPPER}]|[^\W\d_a-z]) [^\W\d_]* (?: [.'’-] {LETTER}+ )* \.?"
_HOUSE = r"(?: \d{1,4} (?: [a-zA-Z]\b | [/-]\d{1,4} )? \.? )"
_UNIT = r"(?: (?: apt | apartment | suite | ste | unit | flat | piso | bur | bt ) \b \.? [ ]? \#? [ ]? \d{1,5} [A-Z]? \b )"
#: Quotation marks of mail at the start of a line.
_BREAK = r"(?: (?: [ \t]* ,? [ \t]* \n [ \t>?|]* ,? [ ]? ){1,2} | [ ]* , [ ]* | [ ] )"
#: States stay, so the lines of an address end before one.
_NO_STATE = rf"(?! (?-i: {STATES} | {STATE_NAMES} ) [ ,.]* (?: \d{{5}} | $ | [.;?!\n] ) )"
_PLACE = rf"(?: {_NO_STATE} [^\W\d_] (?: (?! [ ] {_NO_STATE[3:]} [^\d\n,;:()] ){{0,38}} )"
_PLACE_WORD = rf"(?: {CAP} | (?:de|la|del|el|of|nad|pod|upon|na|en|les|sur|nan|u|e)\b | \((?:Greek|Turkish)\) )"
_TOWN_LINE = rf"(?: {CAP} (?: [ -] (?:[dlDL]['’])? {_PLACE_WORD} ){{0,5}} )"
_POSTCODE = r"(?: \d{2}-\d{3} | \d{3} [ ] \d{2} | \d{4,6} (?:-\d{3,4})? ) (?! \d | [.,]\d | [ ]?(?:mg|mcg|ml|iu|units?|%) )"


_NEVER_ENGLISH = frozenset("rue calle avenida avda viale vicolo piazza rua rúa ul ulica chemin".split())
_ENGLISH_TYPES = frozenset("via place route lot zone passage plaza corso soi largo camino al".split())


def _foreign(match: re.Match[str]) -> tuple[int, int] | None:
    """A street with its number; words that are all ordinary English make it none."""
    words = re.findall(r"[^\W\d_]{3,}", match.group("name"))
    surface = match.group("id")
    if any(w.lower().strip(".") in _NEVER_ENGLISH for w in surface.split(" ")[:-1]):
        return match.span("id")
    if not any(c.isdigit() for c in surface):
        return None
    if surface[:1].islower() and surface.split(" ")[0] in _ENGLISH_TYPES:
        return None
    return match.span("id") if any(map(_is_proper, words)) else None


_WORDS_BEFORE = re.compile(
    rf"(?: {CAP} [ ] and [ ] )? (?: \b \d{{3,6}} [ ] )? (?: {_WORD} [ ] ){{0,3}} $", re.VERBOSE | re.IGNORECASE
)


def _glued(match: re.Match[str]) -> tuple[int, int] | None:
    """``Trenerys gate 232``: back over the words and the code before the word with the type."""
    if not _is_proper(match.group("name")):
        return None
    begin = max(0, match.start() - 50)
    before = _WORDS_BEFORE.search(match.string[begin : match.start()])
    return (begin + before.start() if before else match.start()), match.end()


def _is_proper(word: str) -> bool:
    return not lexicon.is_clinical(word) and not lexicon.is_drug(word) and (
        not lexicon.is_english(word) or gazetteer.is_town(word)
    )


def _bare_street(match: re.Match[str]) -> tuple[int, int] | None:
    """``28245 Puruntie 82``: number, unknown words, number, which no dose or reading is."""
    words = re.findall(r"[^\W\d_]+", match.group("name"))
    if not all(gazetteer.is_unusual(w) or len(w) < 3 for w in words):
        return None
    return match.span("id") if any(len(w) > 3 for w in words) else None


_STATE_AND_ZIP = re.compile(rf"\b (?: {STATES} | {STATE_NAMES} ) [ ,.]* \d{{5}} (?:-\d+)? $", re.VERBOSE)
_STATE_AT_END = re.compile(rf"[\s,]+ (?: {STATES} | {STATE_NAMES} ) $", re.VERBOSE)


def _lines(match: re.Match[str]) -> tuple[int, int] | None:
    """Lines that end in a country, a region or a postcode: one of them is a town or unheard of."""
    pieces = [p.strip(" >?|") for p in re.split(r"[\n,]+", match.group("id"))]
    names = [re.sub(r"[ ]?[\d-]{4,}$", "", p).strip() for p in pieces]
    names = [n for n in names if n]
    words = [w for n in names for w in re.findall(r"[^\W\d_]+", n)]
    if any(len(w) > 2 and (lexicon.is_drug(w) or lexicon.is_clinical(w)) for w in words):
        return None
    regions = [n for n in names if lexicon.keeps(n) or n == "nan" or re.fullmatch("[A-Z]{2,3}", n)]
    heads = [n.split(" ")[0] for n in names] + names + [" ".join(n.split(" ")[:2]) for n in names]
    towns = [n for n in heads if n not in regions and gazetteer.is_town(n)]
    coded = any(c.isdigit() for c in pieces[-1])
    strange = any(gazetteer.is_unusual(w) for n in names if n not in regions for w in n.split(" "))
    ends = any(lexicon.keeps(w) for w in words + [" ".join(words[-2:])]) or "nan" in words
    if _STATE_AND_ZIP.search(match.group("id")):
        return None
    good = (towns and (coded or regions or ends)) or (strange and (regions or ends))
    return match.span("id") if good else None


def _line_above(match: re.Match[str]) -> tuple[int, int] | None:
    """A line of its own above the name of a country."""
    region = match.group("region")
    return match.span("id") if lexicon.keeps(region) and not lexicon.is_clinical(match.group("id")) else None


def _after_unit(match: re.Match[str]) -> tuple[int, int] | None:
    """Capitalised words after ``Apt. 85``: a town, known or unheard of or before a country."""
    start, end = match.span("id")
    state = _STATE_AT_END.search(match.group("id"))
    end -= len(state.group(0)) if state else 0
    words = re.split(r"[\s,>?|]+", match.string[start:end])
    starts = lexicon.words("sentence_starts") | lexicon.words("function_words")
    region = next((n for n in (2, 1) if lexicon.keeps(" ".join(words[-n:]))), 0)
    town = words[: len(words) - region]
    if not town or town[0].lower() in starts or any(map(lexicon.is_clinical, town)):
        return None
    keeps = region > 0 or words[-1] == "nan"
    towns = any(gazetteer.is_town(" ".join(words[:n])) for n in range(1, len(words) + 1))
    if len(words) > 1 and words[-1].isupper() and len(words[-1]) < 4:
        words.pop()
    return (start, end) if keeps or towns or all(map(gazetteer.is_unusual, words)) else None


_HOUSE_BEFORE = re.compile(
    rf"(?: (?P<word> [^\W\d_]{{3,}} ) \.? [ ] \d{{1,5}}[A-Za-z]? \.? | {STREET_TYPE} \.? ) , [ ] $", re.VERBOSE | re.IGNORECASE
)


def _after_house(match: re.Match[str]) -> tuple[int, int] | None:
    """The town after ``Passauer Strasse 33,`` and the country that ends the address."""
    start, end = match.span("id")
    before = _HOUSE_BEFORE.search(match.string[max(0, start - 40) : start])
    if before is None:
        return None
    word = before.group("word")
    town = match.group("town")
    words = town.split(" ")
    if any(lexicon.is_drug(w) or lexicon.is_clinical(w) for w in [word or "", *words] if w):
        return None
    country = match.group("country")
    if country and (not lexicon.keeps(country) or _STATE_AT_END.search(f" {country}")):
        end = match.end("town")
    strange = word is None or not lexicon.is_english(word)
    proper = not town.isupper() and any(map(gazetteer.is_unusual, words))
    named = gazetteer.is_town(town) or proper
    return (start, end) if strange and named else None


RULES = [
    Rule(
        "lines_of_a_place",
        "LOCATION",
        compile_rule(
            rf"(?: \n [ >?|]* | , [ ] | \d [ ] ) (?P<id> {_TOWN_LINE} (?: {_BREAK} {_PLACE_WORD}"
            rf"(?: [ ] {_PLACE_WORD} ){{0,3}} ){{0,3}}? {_BREAK} {_POSTCODE} )"
        ),
        0.8,
        subtype="CITY",
        refine=_lines,
    ),
    Rule(
        "line_above_a_country",
        "LOCATION",
        compile_rule(
            rf"\n [ >?|]* (?P<id> {_TOWN_LINE} ) [ ]* \n [ >?|]* (?P<region> {_TOWN_LINE} ) [ ]*"
            rf"(?= \n | $ )"
        ),
        0.75,
        subtype="CITY",
        refine=_line_above,
    ),
    Rule(
        "town_after_house",
        "LOCATION",
        compile_rule(
            rf"(?<=[\w.],[ ]) (?P<id> (?P<town> {CAP} (?: [ -] {_PLACE_WORD} ){{0,4}} )"
            rf"(?: ,[ ] (?P<country> {CAP} (?:[ ]{CAP}){{0,2}} ) )? )"
        ),
        0.8,
        subtype="CITY",
        refine=_after_house,
    ),
    Rule(
        "numbered_foreign_street",
        "LOCATION",
        compile_rule(
            r"(?<![\w/.-]) (?: \d{1,6} [ ,]+ ){1,2} (?: rue | calle | avenida | avda\.? | rua | ul\. |"
            r"viale | vicolo | piazza ) [ ] [^\W\d_] [^\n,;.()\d]{2,40}? (?: [ ] \d{1,4} )?"
            r"(?= [ ]* (?: [,.;?!\n] | $ | st\b | apt | suite ) )"
        ),
        0.85,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "town_after_unit",
        "LOCATION",
        compile_rule(
            rf"{_UNIT} {_BREAK} (?P<id> {_TOWN_LINE} (?: {_BREAK} {_TOWN_LINE} )? )"
        ),
        0.8,
        subtype="CITY",
        refine=_after_unit,
    ),
    Rule(
        "military_post",
        "LOCATION",
        compile_rule(
            r"\b (?: (?: PSC | CMR | Unit | USS | USCGC | USNS | Box ) [ ] \#? [\w .,]{2,30}"
            r"[\s,>?]{1,4} )? (?: APO | FPO | DPO ) [ ,]+ A[AEP] (?: [ ,]* \d{5} (?:-\d{4})? )?"
        ),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "military_box",
        "LOCATION",
        compile_rule(r"\b (?: PSC | CMR | Unit ) [ ] \d{1,5} ,? [ ] Box [ ] \d{1,5} \b"),
        0.95,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "street_with_type_before",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) (?P<id> (?: {CAP} [ ] and [ ] )? (?: \d{{1,6}} [ ,]+ ){{0,2}} (?: {_TYPE_BEFORE} ) [ ]?"
            rf"(?P<name> (?<=[ /]) {_WORD} (?: [ -] {_WORD} ){{0,4}}? )"
            rf"(?: ,? [ ] (?:n[º°o]\.?[ ])? {_HOUSE} (?!\d) )? )"
            rf"(?= [ ]* (?: [,.;:?!\n)] | {_UNIT} | $ | st\b | street | in\b | and\b | & ) )"
        ),
        0.85,
        subtype="STREET",
        certain=True,
        refine=_foreign,
    ),
    Rule(
        "street_with_glued_type",
        "LOCATION",
        compile_rule(
            rf"\b (?P<name> (?-i:[{UPPER}]) [^\W\d_-]{{2,20}}? {_GLUED} ) [ ] {_HOUSE}"
            rf"(?! [\d%] | [ ]?m[gl]\b )"
        ),
        0.8,
        subtype="STREET",
        certain=True,
        refine=_glued,
    ),
    Rule(
        "street_with_type_after",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) (?P<id> (?: \d{{3,6}} [ ] )? (?P<name> {_WORD} (?: [ ] {_WORD} ){{0,2}}"
            rf"[ ] {_TYPE_AFTER} ) (?: [ ] {_HOUSE} (?! [\d%] | [ ]?m[gl]\b ) ) )"
        ),
        0.8,
        subtype="STREET",
        certain=True,
        refine=_foreign,
    ),
    Rule(
        "street_between_numbers",
        "LOCATION",
        compile_rule(
            rf"(?: (?<=[\n>?,]) | (?<=[\n>?,][ ]) | ^ | (?<=\bat[ ]) | (?<=\bto[ ]) | (?<=\bin[ ])"
            rf"| (?<=\bwith[ ]) | (?<=\bis[ ]) | (?<=address:[ ]) | (?<=[ ]{{2}}) | (?<=\d[ ]) )"
            rf"(?P<id> \d{{2,6}} [ ] (?P<name> {_WORD} (?: [ ] {_WORD} ){{0,3}} ) [ ] {_HOUSE} )"
            rf"(?= [ ]* (?: [,.;?!\n] | {_UNIT} | $ | st\b | street ) )"
        ),
        0.7,
        subtype="STREET",
        refine=_bare_street,
    ),
    Rule(
        "address_with_unit",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) \d{{1,6}} [ ,]+ (?: \d{{1,5}} [ ] )? [^\W\d_] [^\n,;:()]{{2,45}}?"
            rf"{_BREAK} {_UNIT} (?: [ ,]+ {_UNIT} )?"
            rf"(?: {_BREAK} {_PLACE} (?: {_BREAK} {_PLACE} ){{0,2}}? {_BREAK} {_POSTCODE} )?"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "unit_before_address",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {_UNIT} [ ,]+ \d{{1,6}} [ ] [^\W\d_] [^\n,;:()]{{2,45}}? [ ] \d{{1,4}} ) \b"
        ),
        0.9,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "unit_of_address",
        "LOCATION",
        compile_rule(
            r"\b (?: apt | apartment | suite | ste | trailer | condo ) \b \.? [ ]? \#? [ ]?"
            r"(?= \w*\d ) [A-Z]?-?\d{1,5} [A-Z]? \b"
        ),
        0.8,
        subtype="STREET",
    ),
    Rule(
        "address_after_verb",
        "LOCATION",
        compile_rule(
            r"\b(?: liv(?:e|es|ed|ing) | resid(?:es?|ed|ing) | located | stay(?:s|ed|ing) | office[ ]is"
            r"| home[ ]is | address[ ](?:to|with|is) | sent[ ](?:this[ ])?to | meet[ ](?:me|you|us)"
            r"| taxi | one ) [ ] (?: at | to | in | with | is )? [ ]?"
            rf"(?P<id> \d{{1,6}} [ ] (?: \d{{1,5}} [ ] )? (?P<name> {CAP} (?: [ ] (?:{CAP}|\d{{1,5}}"
            r"|[A-Z]\b|de|la|of|du|al) \.? ){0,5} (?: ,? [ ] \d{1,5} \b )? ) (?: , [ ]"
            rf"{CAP} (?: [ ] {CAP} ){{0,2}} )? )"
        ),
        0.8,
        subtype="STREET",
        refine=_foreign,
    ),
]
