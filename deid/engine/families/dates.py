"""Dates more exact than the year (letter C)."""

import re

from deid.engine.recognition import Rule, compile_rule

_MONTH = (
    r"(?: Jan(?:uary)? | Feb(?:r?uary)? | Mar(?:ch)? | Apr(?:il)? | May | June? | July?"
    r"| Aug(?:ust)? | Sept?(?:ember)? | Oct(?:ober)? | Nov(?:ember)? | Dec(?:ember)? ) \.?"
)
_LONG_MONTH = (
    r"(?: January | February | March | April | May | June | July | August | September | October"
    r"| November | December )"
)
_DAY = r"(?: 3[01] | [12]\d | 0?[1-9] )"
_ORDINAL = rf"(?: {_DAY} (?: \s?(?:st|nd|rd|th) )? )"
_ORDINAL_WORD = (
    r"(?: first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth"
    r"| eleventh | twelfth | thirteenth | fourteenth | fifteenth | sixteenth | seventeenth"
    r"| eighteenth | nineteenth | twentieth | thirtieth"
    r"| (?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth) )"
)
_YEAR = r"(?: (?:19|20)\d\d )"
_SPOKEN_YEAR = (
    rf"(?: {_YEAR} | (?: two\sthousand (?:\sand)? | twenty | nineteen ) (?: [ -] (?: ten | eleven"
    r"| twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty"
    r"| thirty | forty | fifty | sixty | seventy | eighty | ninety | oh | one | two | three | four"
    r"| five | six | seven | eight | nine )\b ){1,2} )"
)
_SHORT_YEAR = rf"(?: {_YEAR} | '? \d\d )"
_MONTH_NUMBER = r"(?: 1[0-2] | 0?[1-9] )"
_WEEKDAY = r"(?: (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )"
_SHORT_WEEKDAY = r"(?: Mon | Tues? | Wed | Thurs? | Thu | Fri | Sat | Sun ) \.?"
_TIME = (
    r"(?: (?: \s*,?\s* (?:at|@|T)? \s* ) (?: \d{1,2}:\d{2} (?::\d{2}(?:\.\d+)?)?"
    r"(?:\s?[ap]\.?m\b\.?)?"
    r"(?: Z | [+-]\d\d:?\d\d )? | \d{1,2}\s?[ap]\.?m\b\.? | (?:[01]\d|2[0-3])[0-5]\d (?=\s*(?:h"
    r"|hrs|hours)\b) (?:\s*(?:h|hrs|hours)\b)? ) )?"
)
_LEAD_WEEKDAY = rf"(?: (?: {_WEEKDAY} | {_SHORT_WEEKDAY} ) ,? \s+ )?"

#: Words before a slash value that make it a measurement and not a date.
_MEASURE_BEFORE = re.compile(
    r"(?: \b(?: bp | blood\spressure | strength | motor | power | pain | pulses? | gcs | murmur |"
    r"reflex(?:es)?"
    r"| vision | va | acuity | scor(?:e|ed|ing) | scale | rat(?:e|ed|es) | grade | apgars? | tone"
    r"| dtrs? | stage | sem"
    r"| sats? | ratio | level | level\sof | about | out\sof | severity | intensity | quality |"
    r"mood | nodes | lymph\snodes"
    r"| positive | biceps | triceps | deltoids? | grip | quad(?:riceps)? | extension | flexion |"
    r"lumbar | disc ) \b"
    r"[^.;\n]{0,24} ) $",
    re.IGNORECASE | re.VERBOSE,
)
_DATE_BEFORE = re.compile(
    r"(?: \b(?: on | since | from | until | till | thru | through | by | dated? | seen |"
    r"admit(?:ted)? | d/c(?:'?d)?"
    r"| discharged? | visit(?:ed)? | before | after | started | begun | of | last | next | due |"
    r"scheduled | performed"
    r"| done | drawn | and | to | surgery | f/u | follow[- ]?up | appt | appointment | lmp | edd |"
    r"dos | doa | dod"
    r"| collected | resulted | hd | week\sof | note | culture | ct | mri | cxr | echo | ekg |"
    r"labs ) | [-:(=] ) [\s:=(]* $",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_AFTER = re.compile(
    r"\s? (?: mg | mcg | ml | g\b | tabs? | tablets? | cup | % | hpf | mmhg | in\b | inch |"
    r"strength | pain"
    r"| murmur | sem | systolic | bilateral | throughout | in\sall | of\s | puffs | pills? |"
    r"doses? | pack | ppd"
    r"| motor | power | reflex | apgar | lymph | nodes | days | weeks | hours | a\sday )",
    re.IGNORECASE | re.VERBOSE,
)


def _slash_date(match: re.Match[str]) -> tuple[int, int] | None:
    """Accept month/day where the words around it allow a date (``5/5`` strength does not)."""
    before = match.string[max(0, match.start() - 40) : match.start()]
    if _UNIT_AFTER.match(match.string, match.end()):
        return None
    named = _DATE_BEFORE.search(before) is not None
    if _MEASURE_BEFORE.search(before) and not re.search(
        r"\b(?:on|since|from|until|dated)\s*$", before, re.IGNORECASE
    ):
        return None
    day = int(match.group("d"))
    if named and not re.search(r"\b(?:to|and|by|of)\s*$|[-:(=]\s*$", before, re.IGNORECASE):
        return match.span()
    small = day in (2, 3, 4, 5, 6, 8, 10) or int(match.group("m")) == day
    return match.span() if not small else None


def _may_be_verb(match: re.Match[str]) -> tuple[int, int] | None:
    """Reject ``may 2 tablets`` and ``march 5 steps`` in lower case."""
    month = match.group("month")
    if month.lower() in {"may", "march", "mar", "dec"} and month.islower():
        tail = match.string[match.end() : match.end() + 12]
        if re.match(r"\s?(?:mg|ml|tab|puff|step|time|mile|x\b)", tail, re.IGNORECASE):
            return None
    return match.span()


RULES = [
    Rule(
        "iso_date",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w.-]) {_YEAR} (?P<s>[-/.]) {_MONTH_NUMBER} (?P=s) {_DAY} (?!\d) {_TIME}"
        ),
        0.97,
        certain=True,
    ),
    Rule(
        "numeric_date",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./-]) (?: {_MONTH_NUMBER} \s?(?P<s>[-/.])\s? {_DAY} | {_DAY}"
            rf"\s?(?P<t>[-/.])\s? {_MONTH_NUMBER} )"
            rf"\s?(?: (?P=s) | (?P=t) )\s? (?: {_YEAR} | \d\d ) (?! \d | [-/.]\d ) {_TIME}"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "compact_timestamp",
        "DATE_AGE",
        compile_rule(
            r"(?<![\w.-]) (?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])"
            r"(?: T?[0-2]\d[0-5]\d (?:[0-5]\d)? )? (?!\w)"
        ),
        0.75,
    ),
    Rule(
        "compact_birth_date",
        "DATE_AGE",
        compile_rule(
            r"\b(?:dob|d\.o\.b\.?|birth\s?date|born)\b [^\d\n]{0,12} (?P<id>\d{6,8}) (?!\d)"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "month_year_numeric",
        "DATE_AGE",
        compile_rule(rf"(?<![\w./-]) {_MONTH_NUMBER} \s?[/-]\s? {_YEAR} (?! [\d/-] )"),
        0.85,
        certain=True,
    ),
    Rule(
        "month_day",
        "DATE_AGE",
        compile_rule(
            rf"\b {_LEAD_WEEKDAY} (?P<month>{_MONTH}) \s* (?:the\s)? {_ORDINAL} (?![\d:.]*\d |"
            rf"\s?(?:mg|ml|%|tabs?|puffs?) )"
            rf"(?: \s?(?:-|to|through|and|&)\s? (?:{_MONTH}\s?)? {_ORDINAL} (?!\d) )?"
            rf"(?: \s*,?\s* (?:of\s)? (?: {_YEAR} | '\d\d ) (?!\d) )? {_TIME}"
        ),
        0.93,
        certain=True,
        refine=_may_be_verb,
    ),
    Rule(
        "day_month",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./]) {_LEAD_WEEKDAY} (?:the\s)? {_ORDINAL} \s? [-/ ,]? \s? (?:day\s)?"
            rf"(?:of\s)? (?P<month>{_MONTH}) (?![a-z])"
            rf"(?: [-/ ,'.]{{0,3}} (?: (?:of|in)\s )? {_SHORT_YEAR} (?! \d | [-/]\d ) )? {_TIME}"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "day_month_in_words",
        "DATE_AGE",
        compile_rule(
            rf"\b (?:the\s)? {_ORDINAL_WORD} (?:\sday)? \s (?:of\s)? {_LONG_MONTH} \b"
            rf"(?: ,? \s {_SPOKEN_YEAR} )? | \b {_LONG_MONTH} \s (?:the\s)? {_ORDINAL_WORD} \b"
            rf"(?: ,? \s {_SPOKEN_YEAR} )?"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "month_year",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: (?:early|mid|late)[- ]? )? {_MONTH} (?: \s*,?\s* | \s of \s | - ) (?:"
            rf"{_YEAR} | '\d\d ) \b"
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
            r"\b (?i: in | since | until | by | during | of | from | through | before | after"
            r"| early | late | mid | every"
            r"| back\sin ) [- ] (?P<id> (?: (?:last|this|next|past)\s )?"
            rf"(?: {_LONG_MONTH} | Jan | Feb | Apr | Aug | Sept | Sep | Oct | Nov | Dec ) ) \b",
            ignore_case=False,
        ),
        0.8,
    ),
    Rule(
        "month_anchored",
        "DATE_AGE",
        compile_rule(rf"\b (?: last | this | next | past ) \s {_LONG_MONTH} \b", ignore_case=False),
        0.85,
    ),
    Rule(
        "month_name",
        "DATE_AGE",
        compile_rule(
            r"\b(?: January|February|July|September|October|November|December ) \b",
            ignore_case=False,
        ),
        0.65,
    ),
    Rule(
        "month_day_slash",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./+-]) (?P<m>{_MONTH_NUMBER}) / (?P<d>{_DAY}) (?! [\d/+%] | \.\d | -\d )"
        ),
        0.7,
        refine=_slash_date,
    ),
    Rule(
        "season_or_quarter",
        "DATE_AGE",
        compile_rule(
            rf"\b(?: (?:early|mid|late)[- ]? )? (?: spring | summer | fall | autumn | winter ) (?:"
            rf"\s of | , )? \s {_YEAR} \b"
            rf"| \b (?: Q[1-4] | [1-4]Q | (?:first|second|third|fourth|1st|2nd|3rd|4th)\squarter"
            rf"(?:\sof)? ) [ ,'-]* {_YEAR} \b"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "holiday",
        "DATE_AGE",
        compile_rule(
            r"\b(?: Christmas (?:\s(?:Eve|Day))? | Thanksgiving (?:\sDay)? | Easter (?:\s(?:Sunday"
            r"|Monday))?"
            r"| New\sYear'?s? \s (?:Eve|Day) | (?:4th|Fourth)\sof\sJuly | Independence\sDay |"
            r"Labor\sDay"
            r"| Memorial\sDay | Veterans?'?\sDay | Halloween | Valentine'?s\sDay | Mother'?s\sDay"
            r"| Father'?s\sDay"
            r"| Hanukkah | Passover | Ramadan | Diwali | Kwanzaa | Juneteenth |"
            r"St\.?\sPatrick'?s\sDay"
            rf"| Super\sBowl\sSunday | Columbus\sDay | Presidents'?\sDay ) (?: ,? \s (?:of\s)?"
            rf"{_YEAR} )? \b",
            ignore_case=False,
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "weekday",
        "DATE_AGE",
        compile_rule(
            rf"\b (?<!every[ ]) (?<!each[ ]) (?<!q[ ]) (?P<id>(?: (?:last|this|next|past)\s )?"
            rf"{_WEEKDAY}) (?!s) (?:'s)? \b",
            ignore_case=False,
        ),
        0.8,
        certain=True,
    ),
    Rule(
        "weekday_anchored",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: last | next | this | on | since | until ) \s (?P<id> {_SHORT_WEEKDAY} )"
            rf"(?![\w-])"
        ),
        0.6,
    ),
    Rule(
        "day_of_month",
        "DATE_AGE",
        compile_rule(
            r"\b (?: on | until | by | since | from ) \s the \s (?P<id> (?:[12]?\d|3[01])(?:st|nd"
            r"|rd|th) ) \b (?! \s (?:floor|percentile|day|attempt|dose|time|toe|finger|rib|digit"
            r"|metatarsal|post) )"
        ),
        0.65,
    ),
]
