"""Dates in words: months, weekdays, seasons, quarters and holidays (letter C)."""

from deid.engine.families.date_judges import may_be_verb
from deid.engine.families.date_patterns import (
    LEAD_WEEKDAY,
    LONG_MONTH,
    MONTH,
    ORDINAL,
    ORDINAL_WORD,
    SHORT_WEEKDAY,
    SHORT_YEAR,
    SPOKEN_YEAR,
    TIME,
    WEEKDAY,
    YEAR,
)
from deid.engine.recognition import Rule, compile_rule

_SEASON = r"(?: spring | summer | fall | autumn | winter )"
_SURE_HOLIDAY = (
    r"(?: Christmas (?:[- ](?:Eve|Day|time))? | Xmas | Thanksgiving (?:\sDay)? | New\sYear'?s?"
    r"\s (?:Eve|Day) | New\sYears? (?='s\b|\s(?:of\s)?\d{4}) | (?:4th|Fourth)\sof\sJuly |"
    r"Independence\sDay | Labou?r\sDay | Memorial\sDay | Veterans?'?s?\sDay | Halloween |"
    r"Valentine'?s?\sDay | Mother'?s\sDay | Father'?s\sDay | Ha?nukkah | Chanukah | Passover |"
    r"Ramadan | Diwali | Kwanzaa | Juneteenth | St\.?\sPatrick'?s\sDay | Super\sBowl (?:\sSunday)? "
    r"|"
    r"Columbus\sDay | Indigenous\sPeoples?'?s?\sDay | Presidents?'?\sDay | MLK\sDay | "
    r"Martin\sLuther"
    r"\sKing (?:,?\sJr\.?)? \sDay | Yom\sKippur | Rosh\sHashanah? | Eid (?:\sal[- ]\w+)? | "
    r"Good\sFriday"
    r"| Ash\sWednesday | Palm\sSunday | Easter\s(?:Sunday|Monday|weekend) | Mardi\sGras | Cinco\sde"
    r"\sMayo | Boxing\sDay | (?:Lunar|Chinese)\sNew\sYear | Groundhog\sDay | Black\sFriday | "
    r"Election"
    r"\sDay | Earth\sDay | Canada\sDay | Bastille\sDay | Guy\sFawkes | Tet "
    r"(?=\s(?:holiday|celebration)) |"
    r"Nowruz | Holi (?=\sfestival) | Lent (?=\s\d|,) | Memorial\s(?:weekend|holiday) | "
    r"Labor\sday\sweekend )"
)
_QUARTER = (
    rf"(?: (?: Q[1-4] | [1-4]Q | (?:first|second|third|fourth|last|1st|2nd|3rd|4th)\squarter"
    rf"(?:\sof)? ) [ ,'/-]* (?:FY\s?)? (?: {YEAR} | '\d\d ) | {YEAR} [ -]? Q[1-4] | "
    rf"FY\s?\d\d\sQ[1-4] )"
)
_IN = (
    r"in | since | until | till | by | during | of | from | through | thru | before | after | early"
    r"| late | mid | every | back\sin | around | this\spast | for"
)

RULES = [
    Rule(
        "month_day",
        "DATE_AGE",
        compile_rule(
            rf"\b {LEAD_WEEKDAY} (?P<month>{MONTH}) \s* (?:the\s)? {ORDINAL} (?![\d:.]*\d |"
            rf"\s?(?:mg|ml|%|tabs?|puffs?) )"
            rf"(?: \s?(?:-|to|through|and|&|,)\s? (?:{MONTH}\s?)? {ORDINAL} (?! \d | \s?[ap]m ) )?"
            rf"(?: \s*,?\s* (?:of\s)? (?: {YEAR} | '\d\d ) (?!\d) )? {TIME}"
        ),
        0.93,
        certain=True,
        refine=may_be_verb,
    ),
    Rule(
        "day_month",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./]) {LEAD_WEEKDAY} (?:the\s)? {ORDINAL} (?: \s?(?:-|to|and|&)\s? {ORDINAL} "
            rf")?"
            rf"\s? [-/ ,]? \s? (?:day\s)?"
            rf"(?:of\s)? (?P<month>{MONTH}) (?![a-z])"
            rf"(?: [-/ ,'.]{{0,3}} (?: (?:of|in)\s )? {SHORT_YEAR} (?! \d | [-/]\d ) )? {TIME}"
        ),
        0.9,
        certain=True,
        refine=may_be_verb,
    ),
    Rule(
        "day_month_in_words",
        "DATE_AGE",
        compile_rule(
            rf"\b (?:the\s)? {ORDINAL_WORD} (?:\sday)? \s (?:of\s)? {LONG_MONTH} \b"
            rf"(?: ,? \s {SPOKEN_YEAR} )? | \b {LONG_MONTH} \s (?:the\s)? {ORDINAL_WORD} \b"
            rf"(?: ,? \s {SPOKEN_YEAR} )?"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "month_year",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: (?:early|mid|late|end\sof|beginning\sof)[- ]? )? {MONTH} (?: \s*,?\s* | \s "
            rf"of \s |"
            rf"- | / ) (?: {YEAR} | '\d\d ) \b"
        ),
        0.92,
        certain=True,
    ),
    Rule(
        "short_month_year",
        "DATE_AGE",
        compile_rule(
            r"\b (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) [-/]? \d\d \b",
            ignore_case=False,
        ),
        0.7,
    ),
    Rule(
        "month_alone",
        "DATE_AGE",
        compile_rule(
            rf"\b (?i: {_IN} ) [- ] (?P<id> (?: (?:last|this|next|past)\s )? (?: {LONG_MONTH}"
            rf"| {LONG_MONTH.upper()} | Jan | Feb | Apr | Aug | Sept | Sep | Oct | Nov | Dec ) ) "
            rf"\b",
            ignore_case=False,
        ),
        0.8,
    ),
    Rule(
        "month_in_lower_case",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: in | since | until | last | next | this\spast | early | late | during | "
            rf"back\sin"
            rf"| end\sof | through | mid ) [- ] (?P<id> {LONG_MONTH.lower()} ) \b (?! \s "
            rf"(?:be|have|need"
            rf"|also|not|fly|madness) \b )",
            ignore_case=False,
        ),
        0.75,
    ),
    Rule(
        "month_anchored",
        "DATE_AGE",
        compile_rule(rf"\b (?: last | this | next | past ) \s {LONG_MONTH} \b", ignore_case=False),
        0.85,
    ),
    Rule(
        "month_name",
        "DATE_AGE",
        compile_rule(
            r"\b(?: January|February|July|September|October|November|December|january|february"
            r"|september|october|november|december ) \b",
            ignore_case=False,
        ),
        0.65,
    ),
    Rule(
        "day_of_some_month",
        "DATE_AGE",
        compile_rule(
            rf"\b (?P<id> (?: {ORDINAL} (?<=[a-z]) | {ORDINAL_WORD} ) ) \s of \s "
            rf"(?:next|last|this|the"
            rf"|each|the\sfollowing) \s month \b"
        ),
        0.8,
    ),
    Rule(
        "season_or_quarter",
        "DATE_AGE",
        compile_rule(
            rf"\b(?: (?:early|mid|late)[- ]? )? {_SEASON} (?: \s of | , )? \s (?: {YEAR} "
            rf"(?:\s?[-/]\s?\d\d\b)?"
            rf"| '\d\d ) \b | \b {_QUARTER} \b"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "holiday",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: {_SURE_HOLIDAY} | (?-i:Easter) (?! [ ](?:Seal|egg|lil) ) ) (?: ,? \s "
            rf"(?:of\s)? {YEAR} )?"
            rf"\b (?! [ ](?:tree|disease|factor|card|dinner\splates) )"
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "weekday",
        "DATE_AGE",
        compile_rule(
            rf"\b (?<!every[ ]) (?<!each[ ]) (?<!q[ ]) (?P<id>(?: (?:last|this|next|past)\s )?"
            rf"{WEEKDAY}) (?!s) (?:'s)? \b"
        ),
        0.8,
        certain=True,
    ),
    Rule(
        "weekday_anchored",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: last | next | this | on | since | until | by | till | through ) \s"
            rf"(?P<id> {SHORT_WEEKDAY} ) (?![\w-])"
        ),
        0.6,
    ),
    Rule(
        "weekday_with_time",
        "DATE_AGE",
        compile_rule(
            r"\b (?P<id> Tues | Thurs | Weds | (?: Mon | Tue | Wed | Thu | Fri | Sat | Sun ) (?= "
            r"\.? [ ]"
            r"(?: (?:am|AM|pm|PM|morning|night|noon|afternoon|evening|at[ ]\d) \b | \d{1,2}:\d\d ) "
            r") )"
            r"\b (?! [/-] )",
            ignore_case=False,
        ),
        0.65,
    ),
    Rule(
        "day_of_month_in_words",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: on | until | by | since ) \s the \s (?P<id> {ORDINAL_WORD} (?<!first)"
            r" (?<!second) (?<!third) ) (?= [.,;] | \s (?:and|with|for|at|of\snext) \b | $ )"
        ),
        0.65,
    ),
    Rule(
        "day_of_month",
        "DATE_AGE",
        compile_rule(
            r"\b (?: on | until | by | since | from ) \s the \s (?P<id> (?:[12]?\d|3[01])(?:st|nd"
            r"|rd|th) ) \b (?! \s (?:floor|percentile|day|attempt|dose|time|toe|finger|rib|digit"
            r"|metatarsal|post|and\s\d|street|ave|hospital|week|visit|cranial|nerve) )"
        ),
        0.65,
    ),
]
