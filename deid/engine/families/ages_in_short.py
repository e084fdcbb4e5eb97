"""Ages over 89 as notes shorten them: ``92/F``, ``91y``, ``sister 93, well`` (letter C)."""

from deid.engine.recognition import Rule, compile_rule
from deid.engine.spans import AGE_OVER_89

_AGE = r"(?: 9\d | 1[01]\d )"
#: No reading goes on behind the number.
_ALONE = (
    r"(?! [\w%°/] | [.,-]\d | [ ]? (?: % | mg | kg | lbs? | bpm | days? | weeks? | months? | mins?"
    r"| minutes? | hours? | beats | degrees | pounds | percent | cm | ml | units? | times | x )"
    r"(?!\w) )"
)
_KIN = (
    r"(?: mother | father | mom | dad | sister | brother | wife | husband | spouse | aunt | uncle"
    r"| grandmother | grandfather | mgm | mgf | pgm | pgf | neighbou?r )"
)


def _rule(name: str, pattern: str, *, ignore_case: bool = True) -> Rule:
    return Rule(
        name,
        "DATE_AGE",
        compile_rule(pattern, ignore_case=ignore_case),
        0.85,
        subtype=AGE_OVER_89,
        certain=True,
    )


RULES = [
    _rule(
        "age_of_the_subject",
        rf"\b (?: at | now | turned | turning ) [ ] (?P<id> {_AGE} ) ,? [ ]"
        r"(?: s?he | the[ ]patient | pt | patient | they )\b",
    ),
    _rule(
        "age_and_sex",
        rf"(?<![\w./-]) (?P<id> {_AGE} ) (?: [ ]?/[ ]?[MF] (?! [\w/] ) | [ ]? y (?=[ ,;./)])"
        rf" (?!/[^oO]) | [ -] (?: male | female | man | woman | gentleman | lady | [MF] (?=\))"
        rf")\b )",
        ignore_case=False,
    ),
    _rule(
        "sex_and_age", rf"(?<![\w/]) [MF] [ ]?/[ ]? (?P<id> {_AGE} ) {_ALONE}", ignore_case=False
    ),
    _rule(
        "age_nearly",
        rf"\b (?: is | was | she's | he's | turns? | turning | be ) \s (?: almost | nearly |"
        rf"about | soon"
        rf"| just ) \s (?P<id> {_AGE} ) (?= [.,;)] | \s (?:and|years|but|now|who) (?!\w) | $ )",
    ),
    _rule(
        "ages_in_a_row",
        rf"\b ages \s (?:\d{{2,3}} ,? \s (?:and\s|&\s)? ){{0,3}}? (?P<id> {_AGE} (?: ,? \s"
        rf"(?:and|&)? \s?"
        rf"{_AGE} )? ) {_ALONE}",
    ),
    _rule(
        "age_of_kin",
        rf"\b {_KIN} (?: ,? \s | \s? \( ) (?: is\s | now\s | at\s | age\s | alive\s | living\s |"
        rf"died\s"
        rf" | dec(?:eased)?\s | d\.?\s | expired\s | passed\s | still\s | a&w\s | aw\s ){{0,3}}"
        rf"(?P<id>"
        rf"{_AGE} ) {_ALONE}",
    ),
    _rule(
        "ninety_something", rf"\b (?P<id> {_AGE} (?: [ -]? (?: something | odd (?=\s|-y) ) ) ) \b"
    ),
    _rule("born_in_short", r"(?<![\w.]) b\. [ ]? (?P<id> 18\d\d | 190\d | 191\d ) (?! [\d/-] )"),
]
