"""Counties, reservations, neighbourhoods, landmarks and posts of the armed forces (letter B)."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP
from deid.engine.recognition import Rule, compile_rule

_DIVISION = (
    r"(?-i: County|Parish|Borough|Township|Twp\.?|Precinct|Reservation|Pueblo|Rancheria|Nation"
    r"|Municipality|Canton|Prefecture|Shire|COUNTY|PARISH|TOWNSHIP|RESERVATION )"
)
_FEATURE = (
    r"(?-i: Lake|River|Creek|Island|Islands|Isle|Beach|Park|Bridge|Mountains?|Valley|Canyon|Falls"
    r"|Bay|Harbor|Harbour|Bayou|Swamp|Mesa|Peak|Peninsula|Glacier|Desert|Woods|Forest|Springs"
    r"|Airport|Stadium|Arena|Casino|Speedway|Raceway|Fairgrounds?|Dam|Reservoir|Cemetery|Zoo"
    r"|Amphitheat(?:er|re)|Campground|Marina|Pier|Ranch|Farms?|Orchards?|Vineyards?|Estates"
    r"|Apartments|Apts|Towers?|Condominiums?|Trailer[ ]Park|Mobile[ ]Home[ ]Park|Projects"
    r"|National[ ](?:Park|Forest|Monument)|State[ ]Park|Ski[ ]Area|Golf[ ](?:Club|Course)"
    r"|Country[ ]Club|Neighborhood|Neighbourhood|Hills|Heights|Mall|Plaza|Landfill|Quarry|Mine"
    r"|Refinery|Shipyard|Mill|Mills|Tavern|Pub|Saloon|Grill|Cafe|Café|Diner|Restaurant|Pizzeria"
    r"|Bakery|Brewery|Gym|Salon|Garage|Supermarket|Theat(?:er|re)|Museum|Gallery )"
)
_UNIT_OF_ARMY = (
    r"(?-i: Airborne|Infantry|Cavalry|Battalion|Brigade|Regiment|Armou?red|Marines?|Squadron|Fleet"
    r"|Division|Special[ ]Forces|Engineers|Artillery|Wing )"
)


def _named(match: re.Match[str]) -> tuple[int, int] | None:
    """A proper word before the kind of place: ``Chest Wall`` or ``Left Bay`` name nothing."""
    start, end = match.span("id")
    words = match.string[start:end].split(" ")
    starts = lexicon.either("sentence_starts", "function_words")
    while len(words) > 1 and words[0].lower().strip(".,") in starts:
        start += len(words.pop(0)) + 1
    heads = [w.strip(".,'").removesuffix("'s") for w in words[:-1]]
    owned = any(w.endswith("'s") for w in words[:-1])
    if not heads or (
        not owned and all(lexicon.is_clinical(w) or lexicon.is_drug(w) for w in heads)
    ):
        return None
    if lexicon.MEASURE_NOUN.match(match.string[end : end + 20].lstrip()):
        return None
    usual = all(lexicon.is_english(w) and not gazetteer.is_town(w) for w in heads)
    before = match.string[max(0, start - 8) : start].rstrip().lower()
    placed = before.endswith((" in", " at", " to", " near", " from", " on", " the", " of", " by"))
    return (start, end) if not usual or placed else None


def _county(match: re.Match[str]) -> tuple[int, int] | None:
    """``From Cook County`` without the word that begins the sentence."""
    if not match.group("id"):
        return match.span()
    start, end = match.span("id")
    head, _, rest = match.group("id").partition(" ")
    if head.lower() in lexicon.words("sentence_starts") and " " in rest:
        start += len(head) + 1
    return start, end


def _adjective(match: re.Match[str]) -> tuple[int, int] | None:
    """``a retired Tulsa police officer``: a town of the lists that is no other word."""
    start, end = match.span("id")
    words = match.group("id").split(" ")
    if len(words) > 1 and not gazetteer.is_town(match.group("id")):
        start += len(words.pop(0)) + 1
    place = " ".join(words)
    usual = len(words) == 1 and lexicon.is_english(place)
    known = gazetteer.is_town(place) and (
        not usual or place.lower() in lexicon.words("major_cities")
    )
    return None if not known or lexicon.keeps(place) or lexicon.is_clinical(place) else (start, end)


RULES = [
    Rule(
        "county",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} ){{0,2}} [ ] {_DIVISION} (?: [ ] Reservation )? ) "
            rf"(?!\w)"
            rf"| \b (?-i:County|Township|Borough)\sof\s {CAP}"
        ),
        0.88,
        subtype="COUNTY",
        refine=_county,
    ),
    Rule(
        "county_in_lower_case",
        "LOCATION",
        compile_rule(
            r"\b (?:in|from|of|to|near|lives|by|the) \s (?P<id> (?: (?:st\.?|santa|san|los|de|la|el"
            r"|prince|new|fort) [ ] )? [a-z.'-]{3,15} [ ] (?: county | parish | township | "
            r"reservation"
            r"| pueblo | borough ) ) (?! [ ]? (?:hospital|jail|clinic|nurse) ) \b",
            ignore_case=False,
        ),
        0.75,
        subtype="COUNTY",
        refine=lambda m: m.span("id") if _is_county(m.group("id")) else None,
    ),
    Rule(
        "landmark",
        "LOCATION",
        compile_rule(
            rf"(?<![\w'-]) (?P<id> {CAP} (?:'s)? (?: [ ] (?:of[ ](?:the[ ])?)? {CAP} (?:'s)? "
            rf"){{0,3}}? [ ]"
            rf"{_FEATURE} ) \b (?! [ ](?:{_FEATURE}) )"
        ),
        0.75,
        subtype="PLACE",
        refine=_named,
    ),
    Rule(
        "landmark_headed",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?-i: Lake|Mount|Mt\.?|Fort|Ft\.?|Camp|Cape|Port|Isle[ ]of|Bay[ ]of|Gulf"
            rf"[ ]of|Rio|Playa|USS|Naval[ ]Station|Joint[ ]Base|Point ) [ ] {CAP}"
            rf" (?: [ ] {CAP} )? )"
            rf"(?! [ ]?(?:criteria|scale|score|sign) )"
        ),
        0.7,
        subtype="PLACE",
        refine=lambda m: m.span("id") if _is_headed(m.group("id")) else None,
    ),
    Rule(
        "military_unit",
        "LOCATION",
        compile_rule(
            rf"\b \d{{1,4}}(?:st|nd|rd|th|d)? [ ] (?: (?:Combat|Field|Air|Naval|Mountain|Medical"
            rf"|Armored|Infantry|Cavalry|Airborne|Marine|Fighter|Bomb)[ ] ){{0,2}} {_UNIT_OF_ARMY} "
            rf"\b"
            rf"(?: ,? [ ] \d{{1,4}}(?:st|nd|rd|th|d)? [ ] {CAP} (?: [ ] {CAP} )? )?"
        ),
        0.75,
        subtype="PLACE",
    ),
    Rule(
        "island_or_ward",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?-i: Isle|Island|Village|Town|City|Hamlet|Barrio|Colonia|District"
            rf"|Quarter|Archdiocese|Diocese ) [ ] of [ ] {CAP} (?: [ ] {CAP} )? )"
        ),
        0.8,
        subtype="PLACE",
        refine=lambda m: None if lexicon.keeps(m.group("id")) else m.span("id"),
    ),
    Rule(
        "place_as_adjective",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} )? ) (?= [ ] (?: police | firefighter | fire[ ]dep |"
            r" public[ ]schools? | city[ ]hall | area\b | native\b | suburbs? | courthouse | jail |"
            r" transit | resident[ ]since ) )"
        ),
        0.65,
        subtype="CITY",
        refine=_adjective,
    ),
    Rule(
        "place_by_nickname",
        "LOCATION",
        compile_rule(
            r"\b(?: NYC | nyc | philly | brooklyn | manhattan | San[ ]Fran | Philly | Vegas | "
            r"SoCal | NorCal | Bay[ ]Area | Manhattan |"
            r"Brooklyn | Bronx | Harlem | Queens(?=[ ],|,[ ]N) | Staten[ ]Island | Long[ ]Island |"
            r"Cape[ ]Cod | Nantucket | Chinatown | Little[ ]Italy | Back[ ]Bay | South[ ]Side |"
            r"East[ ]Bay | Hill[ ]Country | Nob[ ]Hill | Golden[ ]Gate[ ]Bridge )\b",
            ignore_case=False,
        ),
        0.8,
        subtype="CITY",
    ),
]

_NO_COUNTY = frozenset({
    "the", "this", "that", "another", "other", "same", "home", "his", "her", "their", "our",
    "each", "any",
})  # fmt: skip


def _is_county(surface: str) -> bool:
    head = surface.rsplit(" ", 1)[0]
    return head not in _NO_COUNTY and (
        head in lexicon.words("us_counties") or not lexicon.is_ordinary(head)
    )


def _is_headed(surface: str) -> bool:
    head, _, rest = surface.partition(" ")
    if head.lower() == "point":
        return gazetteer.is_town(surface)
    word = (
        rest.split(" ")[-1]
        if head.lower().startswith(("isle", "bay", "gulf"))
        else rest.split(" ")[0]
    )
    return not (lexicon.is_clinical(word) or lexicon.is_drug(word))
