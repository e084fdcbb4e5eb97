"""Addresses over several lines, units, and posts of the armed forces (letter B)."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP, STATE_NAMES, STATES, UPPER
from deid.engine.families.streets import STREET_TYPE, is_measured
from deid.engine.families.streets_abroad import ABROAD_UNIT
from deid.engine.recognition import Rule, Trigger, compile_rule

#: Quotation marks of mail at the start of a line.
_BREAK = r"(?: (?: [ \t]* ,? [ \t]* \n [ \t>?|]* ,? [ ]? ){1,2} | [ ]* , [ ]* | [ ] )"
#: States stay, so the lines of an address end before one.
_NO_STATE = (
    rf"(?! (?-i: {STATES} | {STATE_NAMES} ) [ ,.]* (?: \d{{5}} | $ | [.;?!]"
    rf" | \n (?! [ ]*[A-Z][a-z] ) ) )"
)
_PLACE = rf"(?: {_NO_STATE} [^\W\d_] (?: (?! [ ] {_NO_STATE[3:]} [^\d\n,;:()] ){{0,38}} )"
_PLACE_WORD = rf"(?: {CAP} | (?:de|la|del|el|of|nad|pod|upon|na|en|les|sur|nan|u|e)\b )"
_TOWN_LINE = rf"(?: {CAP} (?: [ -] (?:[dlDL]['’])? {_PLACE_WORD} ){{0,5}} )"
_POSTCODE = (
    r"(?: \d{2}-\d{3} | \d{3} [ ] \d{2} | \d{4,6} (?:-\d{3,4})? )"
    r" (?! \d | [.,]\d | [ ]?(?:mg|mcg|ml|iu|units?|%) )"
)


_STATE_AND_ZIP = re.compile(
    rf"\b (?: {STATES} | {STATE_NAMES} ) [ ,.]* \d{{5}} (?:-\d+)? $", re.VERBOSE
)
_STATE_AT_END = re.compile(rf"[\s,]+ (?: {STATES} | {STATE_NAMES} ) $", re.VERBOSE)


def _lines(match: re.Match[str]) -> tuple[int, int] | None:
    """Lines that end in a country, a region or a postcode: one of them is a town or unheard of."""
    pieces = [p.strip(" >?|") for p in re.split(r"[\n,]+", match.group("id"))]
    names = [re.sub(r"[ ]?[\d-]{4,}$", "", p).strip() for p in pieces]
    names = [n for n in names if n]
    words = [w for n in names for w in re.findall(r"[^\W\d_]+", n)]
    if any(
        len(w) > 2 and w != "States" and (lexicon.is_drug(w) or lexicon.is_clinical(w))
        for w in words
    ):
        return None
    regions = [n for n in names if lexicon.keeps(n) or n == "nan" or re.fullmatch("[A-Z]{2,3}", n)]
    heads = [n.split(" ")[0] for n in names] + names + [" ".join(n.split(" ")[:2]) for n in names]
    towns = [n for n in heads if n not in regions and gazetteer.is_town(n)]
    coded = any(c.isdigit() for c in pieces[-1])
    strange = any(gazetteer.is_unusual(w) for n in names if n not in regions for w in n.split(" "))
    ends = any(lexicon.keeps(w) for w in [*words, " ".join(words[-2:])]) or "nan" in words
    if _STATE_AND_ZIP.search(match.group("id")):
        return None
    good = (towns and (coded or regions or ends)) or (strange and (regions or ends))
    return match.span("id") if good else None


def _with_unit(match: re.Match[str]) -> tuple[int, int] | None:
    """A street and its unit, with words before the number only if they are no ordinary ones."""
    if is_measured(match.group("street")):
        return None
    words = match.group("lead").split()
    strange = bool(words) and gazetteer.is_unusual(words[0])
    return (match.start() if strange else match.start("street")), match.end()


def _line_above(match: re.Match[str]) -> tuple[int, int] | None:
    """A line of its own above the name of a country."""
    region = match.group("region")
    return (
        match.span("id")
        if lexicon.keeps(region) and not lexicon.is_clinical(match.group("id"))
        else None
    )


def _after_unit(match: re.Match[str]) -> tuple[int, int] | None:
    """Capitalised words after ``Apt. 85``: a town, known or unheard of or before a country."""
    start, end = match.span("id")
    state = _STATE_AT_END.search(match.group("id"))
    end -= len(state.group(0)) if state else 0
    words = re.split(r"[\s,>?|]+", match.string[start:end])
    starts = lexicon.either("sentence_starts", "function_words")
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
    rf"(?: (?P<word> [^\W\d_]{{3,}} ) \.? [ ] \d{{1,5}}[A-Za-z]? \.?"
    rf" | \b {STREET_TYPE} \.? ) , [ ] $",
    re.VERBOSE | re.IGNORECASE,
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
            rf"(?: \n [ >?|]* | , [ ] ) (?P<id> {_TOWN_LINE} (?: {_BREAK} {_PLACE_WORD}"
            rf"(?: [ ] {_PLACE_WORD} ){{0,3}} ){{0,3}}? (?: {_BREAK} \d{{2}} )? {_BREAK} "
            rf"{_POSTCODE} )"
        ),
        0.8,
        subtype="CITY",
        refine=_lines,
        trigger=Trigger(digit_run=3, reach=200),
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
        "town_after_unit",
        "LOCATION",
        compile_rule(
            rf"{ABROAD_UNIT} {_BREAK} (?P<id> {_TOWN_LINE} (?: {_BREAK} {_TOWN_LINE} )? )"
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
        "address_with_unit",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) (?P<lead> (?: (?-i:[{UPPER}]) [^\W\d_]{{2,}} [ ] (?: [^\W\d_]{{3,}} [ ]"
            rf" ){{0,2}} )? ) (?P<street> \d{{1,6}} [ ,]+ (?: \d{{1,5}} [ ] )? [^\W\d_]"
            rf" [^\n,;:()]{{2,45}}? )"
            rf"{_BREAK} {ABROAD_UNIT} (?: [ ,]+ {ABROAD_UNIT} )?"
            rf"(?: {_BREAK} {_PLACE} (?: {_BREAK} {_PLACE} ){{0,2}}? {_BREAK} {_POSTCODE} )?"
        ),
        0.9,
        subtype="STREET",
        certain=True,
        refine=_with_unit,
    ),
    Rule(
        "unit_before_address",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {ABROAD_UNIT} [ ,]+ \d{{1,6}} [ ] [^\W\d_] [^\n,;:()]{{2,45}}?"
            rf" [ ] \d{{1,4}} ) \b"
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
]
