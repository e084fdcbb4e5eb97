"""Streets abroad: the type before the name, glued to it, after it, or none (letter B)."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP, LETTER, UPPER
from deid.engine.recognition import Rule, compile_rule

#: Types of street that stand before the name.
_TYPE_BEFORE = (
    r"(?: rue | avenue | av\.? | ave | boulevard | bd | chemin | all[ée]e | impasse | quai | place"
    r"| route | cours | passage | faubourg | calle | c/ | avenida | avda\.? | paseo | camino |"
    r"carrer | carretera | ronda | plaza | plaça | rambla | travesía | urbanización | r[úu]a |"
    r"praceta | pça\.? | tv\.? | rod\.? | pl\. | pza\.? | ctra\.? | urb\.? | piazzetta | borgo |"
    r"salita | traversa | localit[àa] | chauss[ée]e | clos | sentier | venelle | drève | n[áa]m\. |"
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
    r"strasse | krok(?:en)? | bakken? | haugen | krogen | parken | stræde | allé | plads | bakke |"
    r"høj(?:en)? | løkken | lia | åsen | kollen | kaari | rinne | mäki | aukio | väylä | raitti |"
    r"holt | tún | hlíð | stræti | teigur | pad | dijk | plantsoen | baan | hof | gasse | steig |"
    r"zeile | markt | siedlung | hang | stigen | backen | gången | lunden | marken | skogen )"
)
_TYPE_AFTER = (
    r"(?: utca | u\. | út | útja | tér | tere | körút | krt\.? | sor | köz | rakpart | tänav | tn |"
    r"mnt | tee | pst | sokağı | caddesi | cd\. | sok\. | gate | gata | vei | väg | vej | str\. |"
    r"ulica | cesta | trg | nábřeží | náměstí | ulice | kapu | straat | weg | strasse )"
)
_SMALL = (
    r"(?: de\s | del\s | la\s | le\s | les\s | los\s | las\s | el\s | al\s | du\s | des\s |"
    r" d['’] | dell['’] | von\s | van\s | der\s | den\s | do\s | da\s | dos\s | das\s | di\s |"
    r" della\s | nad\s | pod\s )"
)
_WORD = rf"(?: {_SMALL}){{0,2}} (?-i:[{UPPER}]|[^\W\d_a-z]) [^\W\d_]* (?: [.'’-] {LETTER}+ )* \.?"
_HOUSE = r"(?: \d{1,4} (?: [a-zA-Z]\b | [/-]\d{1,4} )? \.? )"
ABROAD_UNIT = (
    r"(?: (?: apt | apartment | suite | ste | unit | flat | piso | bur | bt ) \b \.? [ ]? \#? [ ]?"
    r" \d{1,5} [A-Z]? \b )"
)

_NEVER_ENGLISH = frozenset({
    "rue", "calle", "avenida", "avda", "viale", "vicolo", "piazza", "rua", "rúa", "ul", "ulica",
    "chemin",
})  # fmt: skip
_ENGLISH_TYPES = frozenset({
    "via", "place", "route", "lot", "zone", "passage", "plaza", "corso", "soi", "largo", "camino",
    "al",
})  # fmt: skip


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
    rf"(?: {CAP} [ ] and [ ] )? (?: \b \d{{3,6}} [ ] )? (?: {_WORD} [ ] ){{0,3}} $",
    re.VERBOSE | re.IGNORECASE,
)


def _glued(match: re.Match[str]) -> tuple[int, int] | None:
    """``Trenerys gate 232``: back over the words and the code before the word with the type."""
    if not _is_proper(match.group("name")):
        return None
    begin = max(0, match.start() - 50)
    before = _WORDS_BEFORE.search(match.string[begin : match.start()])
    return (begin + before.start() if before else match.start()), match.end()


def _is_proper(word: str) -> bool:
    return (
        not lexicon.is_clinical(word)
        and not lexicon.is_drug(word)
        and (not lexicon.is_english(word) or gazetteer.is_town(word))
    )


def _bare_street(match: re.Match[str]) -> tuple[int, int] | None:
    """``28245 Puruntie 82``: number, unknown words, number, which no dose or reading is."""
    words = re.findall(r"[^\W\d_]+", match.group("name"))
    if any(len(w) > 2 and (lexicon.is_drug(w) or lexicon.is_clinical(w)) for w in words):
        return None
    strange = any(len(w) > 3 and gazetteer.is_unusual(w) for w in words)
    return match.span("id") if strange else None


RULES = [
    Rule(
        "street_with_type_before",
        "LOCATION",
        compile_rule(
            rf"(?<![\w/.-]) (?P<id> (?: {CAP} [ ] and [ ] )? (?: \d{{1,6}} [ ,]+ ){{0,2}} (?: "
            rf"{_TYPE_BEFORE} ) [ ]?"
            rf"(?P<name> (?<=[ /]) {_WORD} (?: [ -] {_WORD} ){{0,4}}? )"
            rf"(?: ,? [ ] (?:n[º°o]\.?[ ])? {_HOUSE} (?!\d) )? )"
            rf"(?= [ ]* (?: [,.;:?!\n)] | {ABROAD_UNIT} | $ | st\b | street | in\b | and\b | & ) )"
        ),
        0.85,
        subtype="STREET",
        certain=True,
        refine=_foreign,
    ),
    Rule(
        "numbered_foreign_street",
        "LOCATION",
        compile_rule(
            r"(?<![\w/.-]) (?: \d{1,6} [ ,]+ ){1,2} (?: rue | calle | avenida | avda\.? | rua | "
            r"ul\. |"
            r"viale | vicolo | piazza ) [ ] [^\W\d_] [^\n,;.()\d]{2,40}? (?: [ ] \d{1,4} )?"
            r"(?= [ ]* (?: [,.;?!\n] | $ | st\b | apt | suite ) )"
        ),
        0.85,
        subtype="STREET",
        certain=True,
    ),
    Rule(
        "street_with_glued_type",
        "LOCATION",
        compile_rule(
            rf"\b (?= [^\W\d_]{{3,26}} [ ] \d ) (?P<name> (?-i:[{UPPER}]) [^\W\d_-]{{2,20}}? "
            rf"{_GLUED} ) [ ] {_HOUSE}"
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
            rf"(?<![\w/.-]) (?P<id> (?: \d{{3,6}} [ ] )? (?P<name> {_WORD}"
            rf"(?: [ ] [^\W\d_]{{3,}} \.? ){{0,2}} [ ] {_TYPE_AFTER} ) (?: [ ] {_HOUSE} (?! [\d%] "
            rf"| [ ]?m[gl]\b ) ) )"
        ),
        0.8,
        subtype="STREET",
        certain=True,
        refine=_foreign,
    ),
    Rule(
        "street_with_preposition",
        "LOCATION",
        compile_rule(
            r"\b (?P<id> (?: \d{1,6} [ ] )? (?: Am | An | Auf | Im | In | Zum | Zur | Beim | Unter "
            r"| Hinter |"
            r" Alte[rs]? | Neue[rs]? | Obere[rs]? | Untere[rs]? | Kleine | Große ) [ ]"
            r" (?: (?: der | dem | den | das ) [ ] )?"
            r" (?P<name> [A-ZÄÖÜ][a-zäöüß]{3,} (?: [ ] [A-ZÄÖÜ][a-zäöüß]{3,} )? ) [ ] \d{1,3} "
            r"[a-z]? )"
            r" (?= [ ]* (?: [,;?!\n] | $ | \.\s ) )",
            ignore_case=False,
        ),
        0.7,
        subtype="STREET",
        refine=_bare_street,
    ),
    Rule(
        "street_between_numbers",
        "LOCATION",
        compile_rule(
            rf"(?: (?<=[\n>?,]) | (?<=[\n>?,][ ]) | ^ | (?<=\bat[ ]) | (?<=\bto[ ]) | (?<=\bin[ ])"
            rf"| (?<=\bwith[ ]) | (?<=\bis[ ]) | (?<=address:[ ]) | (?<=[ ]{{2}}) | (?<=\d[ ]) )"
            rf"(?P<id> \d{{2,6}} [ ] (?P<name> {_WORD} (?: [ ] {_WORD} ){{0,3}} ) [ ] {_HOUSE} )"
            rf"(?= [ ]* (?: [,.;?!\n] | {ABROAD_UNIT} | $ | st\b | street ) )"
        ),
        0.7,
        subtype="STREET",
        refine=_bare_street,
    ),
    Rule(
        "address_after_verb",
        "LOCATION",
        compile_rule(
            r"\b(?: liv(?:e|es|ed|ing) | resid(?:es?|ed|ing) | located | stay(?:s|ed|ing) | "
            r"office[ ]is"
            r"| home[ ]is | address[ ](?:to|with|is) | sent[ ](?:this[ ])?to | meet[ ](?:me|you|us)"
            r"| taxi | one ) [ ] (?: at | to | in | with | is )? [ ]?"
            rf"(?P<id> \d{{1,6}} [ ] (?: \d{{1,5}} [ ] )? (?P<name> {CAP} (?: [ ] "
            rf"(?:{CAP}|\d{{1,5}}"
            r"|[A-Z]\b|de|la|of|du|al) \.? ){0,5} (?: ,? [ ] \d{1,5} \b )? ) (?: , [ ]"
            rf"{CAP} (?: [ ] {CAP} ){{0,2}} )? )"
        ),
        0.8,
        subtype="STREET",
        refine=_foreign,
    ),
]
