"""Towns, counties and other places smaller than a state (letter B)."""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP, STATE_NAMES, STATES, TOWN, ZIP
from deid.engine.recognition import Rule, compile_rule


def town(match: re.Match[str]) -> tuple[int, int] | None:
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
    if place.lower() in lexicon.words("major_cities"):
        return False
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


def _lower_case_town(match: re.Match[str]) -> tuple[int, int] | None:
    """``lives in saint cloud`` in dictation, as far as a gazetteer knows the words."""
    start, end = match.span("id")
    while end > start:
        place = match.string[start:end]
        if lexicon.is_place(place) and (" " in place or not lexicon.is_english(place)):
            return start, end
        end = start + max(place.rfind(" "), 0)
    return None


def word_after_street(match: re.Match[str]) -> tuple[int, int] | None:
    """What follows ``12 Elm Street,`` is the town, unless it goes on with the sentence."""
    start, end = match.span("id")
    place = match.string[start:end]
    words = place.split(" ")
    going_on = lexicon.words("sentence_starts") | lexicon.words("function_words")
    while len(words) > 1 and words[-1].lower() in going_on:
        end -= len(words.pop()) + 1
    if words[0].lower() in going_on or lexicon.keeps(" ".join(words)):
        return None
    if place.islower() and (len(words[0]) < 4 or words[0].endswith("ing")):
        return None
    return start, end


def _town_before_state(match: re.Match[str]) -> tuple[int, int] | None:
    """``from varnish, pa`` in dictation: any word that is not a unit or a kind of place."""
    place = match.group("id")
    generic = ("facility_generic", "not_a_site", "function_words", "sentence_starts")
    vague = any(word in lexicon.words(n) for word in place.split(" ") for n in generic)
    return None if vague or lexicon.keeps(place) else match.span("id")


#: Abbreviations of states that are also small words or credentials are left out.
_LOWER_STATES = (
    r"(?: al|ak|az|ar|ca|ct|dc|fl|ga|ia|id|il|ks|ky|la|ma|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj|nm|nv|ny"
    r"|pa|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy )"
)

RULES = [
    Rule(
        "lower_case_town_and_state",
        "LOCATION",
        compile_rule(
            r"\b (?:lives?|living|lived|resid(?:es|ing)|born|raised|moved|native|from|near) \s"
            r"(?:in\s|to\s|of\s|from\s|near\s)? "
            r"(?P<id> [A-Za-z] [a-z.]{2,14} (?: [ ] [A-Za-z] [a-z]{2,14} ){0,2} )"
            rf", \s? (?: {_LOWER_STATES} | (?i:{STATE_NAMES}) ) \b (?! \s? [-/'] )",
            ignore_case=False,
        ),
        0.8,
        subtype="CITY",
        certain=True,
        refine=_town_before_state,
    ),
    Rule(
        "lower_case_town",
        "LOCATION",
        compile_rule(
            r"\b (?:lives?|living|lived|resid(?:es|ing)|born|moved|from) \s (?:in\s|to\s)?"
            r"(?P<id> [a-z.]{3,15} (?: [ ] [a-z]{2,15} ){0,2} ) \b",
            ignore_case=False,
        ),
        0.75,
        subtype="CITY",
        refine=_lower_case_town,
    ),
    Rule(
        "town_and_state",
        "LOCATION",
        compile_rule(
            rf"(?<![^\W\d_]) (?P<id>{TOWN}) (?: ,\s* (?-i:{STATES}|{STATE_NAMES}) \b (?! \s?[-/] )"
            rf"| \s+ (?-i:{STATES}) (?= [ ,]+ {ZIP} ) )"
        ),
        0.88,
        subtype="CITY",
        certain=True,
        refine=town,
    ),
    Rule(
        "county",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} ){{0,2}} [ ] (?-i: County|Parish|Borough|Township"
            rf"|Precinct|Reservation|Pueblo|COUNTY ) ) \b"
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
            rf"\b(?: liv(?:es?|ing|ed) | resid(?:es?|ing|ed) | resident | born | raised | grew\sup"
            rf"| hail(?:s|ing) | moved | relocat(?:ed|ing) | originally | native | city | town |"
            rf"village | neighbou?rhood | commut(?:es|ing) | travel(?:s|ed|led|ing)? | visiting |"
            rf"vacation(?:ed|ing)? ) \s"
            rf"(?: (?:and\sraised|alone|independently|with\s\w+\s\w+|back|recently|currently|now"
            rf"|near|just|outside)\s )?"
            rf"(?: in | at | of | from | to | near | outside | around )\s (?: (?:the\s)?(?:city"
            rf"|town|village|suburbs?|outskirts)\sof\s | downtown\s | (?-i:north|south|east"
            rf"|west)(?-i:ern)?\s )?"
            rf"(?P<id> {TOWN} )"
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
            rf"\b(?: in | from | near | of | at | to | our | the | outside | downtown | around )"
            rf"\s (?P<id> {TOWN} )"
        ),
        0.7,
        subtype="CITY",
        refine=_place_after_preposition,
    ),
    Rule(
        "place_by_nickname",
        "LOCATION",
        compile_rule(
            r"\b(?: NYC | San[ ]Fran | Philly | Vegas | SoCal | NorCal | Bay[ ]Area | Manhattan |"
            r"Brooklyn | Bronx | Harlem )\b",
            ignore_case=False,
        ),
        0.8,
        subtype="CITY",
    ),
]
