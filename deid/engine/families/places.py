"""Towns and other places smaller than a state (letter B)."""

from deid.engine.families.patterns import STATE_NAMES, STATES, TOWN, ZIP
from deid.engine.families.place_judges import (
    lower_case_town,
    place_after_preposition,
    resident,
    town,
    town_before_state,
    words_before_zip,
)
from deid.engine.recognition import Rule, compile_rule

#: Abbreviations of states that are also small words or credentials are left out.
_LOWER_STATES = (
    r"(?: al|ak|az|ar|ca|ct|dc|fl|ga|ia|id|il|ks|ky|la|ma|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj|nm|nv|ny"
    r"|pa|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy )"
)
_EVERY_LOWER_STATE = rf"(?: {STATES.lower()[3:-1]} | {STATE_NAMES.lower()} )"

_RESIDE = (
    r"(?: liv(?:es?|ing|ed) | resid(?:es?|ing|ed) | resident | residen(?:ce|cy) | born | raised |"
    r"grew\sup | hail(?:s|ing) | moved | mov(?:es|ing) | relocat(?:ed|ing) | originally | native | "
    r"(?:city|town"
    r"|village|neighbou?rhood)(?=\sof) | commut(?:es|ing|ed) | travel(?:s|ed|led|l?ing)? |"
    r"visit(?:ing|ed) | vacation(?:ed|ing)? | homeless | flew | flown | drove | based | "
    r"located | returned | return(?:s|ing) | immigrated | emigrated | stationed | incarcerated |"
    r"farms? | retired | home\scity | hometown | buried | arrived | stay(?:s|ed|ing) )"
)

RULES = [
    Rule(
        "lower_case_town_and_state",
        "LOCATION",
        compile_rule(
            r"\b (?:lives?|living|lived|resid(?:es|ing)|born|raised|moved|native|from|near|in) \s"
            r"(?:in\s|to\s|of\s|from\s|near\s)? "
            r"(?P<id> [A-Za-z] [a-z.]{2,14} (?: [ ] [A-Za-z] [a-z]{2,14} ){0,2} )"
            rf", \s? (?: {_LOWER_STATES} | (?i:{STATE_NAMES}) ) \b (?! \s? [-/'] )",
            ignore_case=False,
        ),
        0.8,
        subtype="CITY",
        certain=True,
        refine=town_before_state,
    ),
    Rule(
        "town_before_zip",
        "LOCATION",
        compile_rule(
            rf"\b (?: (?<=[a-z],[ ]) {_EVERY_LOWER_STATE} | (?<=[a-z][ ]) {_LOWER_STATES} )"
            rf"\.? ,? [ ]+ (?= {ZIP} )"
        ),
        0.9,
        subtype="CITY",
        certain=True,
        refine=words_before_zip,
    ),
    Rule(
        "lower_case_town",
        "LOCATION",
        compile_rule(
            r"\b (?: (?:lives?|living|lived|resid(?:es|ing|ed)|resident|born|raised|grew\sup|moved"
            r"|native|flew|drove|hails|returned|relocated) \s (?: "
            r"(?:with|w/|here|back|alone|his|her|their|the|husband|wife"
            r"|girlfriend|boyfriend|partner|mother|father|parents|son|daughter|family|sister|brother"
            r"|roommate|w|gf|bf|wife|dtr|independently|and|a|an|apartment|house|condo)\s ){0,6} "
            r"(?:in|to|of|from|near"
            r"|outside) | originally\sfrom | (?:is|was|are|comes)\sfrom ) \s"
            r"(?P<id> [^\W\d_A-Z][^\W\d_A-Z.]{2,15} (?: [ ] [a-z]{2,15} ){0,2} ) \b",
            ignore_case=False,
        ),
        0.75,
        subtype="CITY",
        refine=lower_case_town,
    ),
    Rule(
        "town_and_state",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id>{TOWN}) (?: ,\s* (?-i:{STATES}|{STATE_NAMES}) \b (?! \s?[-/] )"
            rf"| \s+ (?-i:{STATES}) (?= [ ,]+ {ZIP} ) )"
        ),
        0.88,
        subtype="CITY",
        certain=True,
        refine=town,
    ),
    Rule(
        "residence",
        "LOCATION",
        compile_rule(
            rf"\b {_RESIDE} \s"
            rf"(?: (?:and\sraised|alone|independently|with\s\w+\s\w+|back|here|recently|currently"
            rf"|now|near|just|outside|by\s\w+)\s )?"
            rf"(?: (?: in | at | of | from | to | near | outside | around )\s | (?<=visited\s)"
            rf"| (?<=visiting\s) ) (?: (?:the\s)?(?:city"
            rf"|town|village|suburbs?|outskirts)\sof\s | downtown\s | (?-i:north|south|east"
            rf"|west)(?-i:ern)?\s )?"
            rf"(?P<id> {TOWN} ) (?! [ ]? : )"
        ),
        0.85,
        subtype="CITY",
        certain=True,
        refine=resident,
    ),
    Rule(
        "lives_without_in",
        "LOCATION",
        compile_rule(rf"\b (?: lives | living | liv | home: ) \s (?P<id> {TOWN} ) (?! [ ]? : )"),
        0.7,
        subtype="CITY",
        refine=place_after_preposition,
    ),
    Rule(
        "origin",
        "LOCATION",
        compile_rule(
            rf"\b(?: (?:is|was|are|were|be|'s|wife|husband|family|coming|came|originally|here) \s "
            rf"from |"
            rf"I'?\s?a?m \s in | arrived\sat | home\scity | hometown (?:\s(?:of|is))? ) \s (?P<id> "
            rf"{TOWN} )"
        ),
        0.75,
        subtype="CITY",
        refine=resident,
    ),
    Rule(
        "place_after_preposition",
        "LOCATION",
        compile_rule(
            rf"\b(?: in | from | near | of | at | to | our | the | outside | downtown | around | "
            rf"via"
            rf"| between | through | toward | for )"
            rf"\s (?P<id> {TOWN} )"
        ),
        0.7,
        subtype="CITY",
        refine=place_after_preposition,
    ),
]
