"""Dates as notes shorten them: ``3/12-14``, ``stopped 5-3.``, ``Tue 2pm``."""

import re

from deid.engine.families.date_judges import slash_date
from deid.engine.families.date_patterns import (
    DAY,
    LONG_MONTH,
    MONTH_NUMBER,
    ORDINAL,
    TIME,
    YEAR,
)
from deid.engine.recognition import Rule, compile_rule

_ACT = (
    r"(?: on | dated? | dob | dos | admit(?:ted)? | discharged? | d/?c'?d? | seen | since | visit"
    r"| "
    r"stopped | started | begun | held | until | till | thru | through | before | after | due | "
    r"scheduled | performed | done | drawn | collected | resulted | surgery | appt | appointment | "
    r"f/u | last | lmp | edd | edc | ct | cta | mri | cxr | kub | echo | tte | ekg | egd | cath | "
    r"colonoscopy | biopsy | bx | ultrasound | u/s | x-?ray | mammo(?:gram)? | pap | labs? | cx | "
    r"expired? | vaccine | shot | placed | removed | changed )"
)
#: No noun is counted where a sentence, a clause or a time follows.
_NOT_COUNTED = (
    r"(?= \s* (?: [.,;:)\n] (?!\d) | $ | @ | (?: at | by | with | w/ | and | to | for | when | in"
    r"| "
    r"showed | shows | revealed | neg(?:ative)? | pos(?:itive)? | normal | after ) (?!\w) ) )"
)
_WEEKDAY = (
    r"(?-i: Tues? | tues | Thurs? | Thu | thurs | Weds? | weds | Fri | fri | TUES | THURS | WEDS )"
)
_HOUR = r"(?= ,? \s (?:at\s|@\s?)? (?: \d{1,2} (?: :\d\d )? \s? [ap]\.?m | \d{1,2}:\d\d | noon ) )"


def _days(match: re.Match[str]) -> tuple[int, int] | None:
    """``3/12-14``, where the days rise; small ones need a word of date in front."""
    first, last = int(match.group("d")), int(match.group("last"))
    if not first < last:
        return None
    return match.span() if first > 10 else slash_date(match)


RULES = [
    Rule(
        "days_of_a_month",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./+-]) (?P<m>{MONTH_NUMBER}) / (?P<d>{DAY}) \s?-\s? (?P<last>{DAY})"
            rf"(?! [\d/+%-] | \.\d )"
        ),
        0.75,
        refine=_days,
    ),
    Rule(
        "month_day_hyphen_after_act",
        "DATE_AGE",
        compile_rule(
            rf"\b {_ACT} [\s:]{{1,2}} (?P<id> {MONTH_NUMBER} - {DAY} ) (?! [\d/%-] ) {_NOT_COUNTED}"
        ),
        0.7,
    ),
    Rule(
        "short_year_first",
        "DATE_AGE",
        compile_rule(
            r"(?<![\w./-]) (?: [4-9]\d | 0[0-9] ) - (?: 0[1-9] | 1[0-2] ) - (?: 0[1-9] | [12]\d |"
            r" 3[01] ) (?! [\w/-] | \.\d )"
        ),
        0.75,
    ),
    Rule(
        "month_and_year_with_point",
        "DATE_AGE",
        compile_rule(rf"(?<![\w./-]) (?: 0[1-9] | 1[0-2] ) \. {YEAR} (?! [\w/-] | \.\d )"),
        0.7,
    ),
    Rule(
        "weekday_shortened",
        "DATE_AGE",
        compile_rule(
            rf"\b (?<!every[ ]) (?<!each[ ]) (?<!q[ ]) (?P<id> {_WEEKDAY} ) \b (?! ['-]\w | [ ]"
            rf"(?-i:[A-Z][a-z]) )"
        ),
        0.7,
    ),
    Rule(
        "weekday_before_an_hour",
        "DATE_AGE",
        compile_rule(rf"\b (?P<id> (?: Mon | Sat | Sun | Wed | Tue | Thu | Fri ) ) \b {_HOUR}"),
        0.7,
    ),
    Rule(
        "weekday_ahead",
        "DATE_AGE",
        compile_rule(
            r"\b (?: next\sw(?:ee)?k | come | this | last | since | until | by | for | on ) \s"
            r"(?P<id> (?-i: Mon | Sat | Sun ) ) (?= [.,;)\n] | \s (?: am | pm | night | morning |"
            r" and | or | to | at | with | w/ ) (?!\w) | $ )"
        ),
        0.65,
    ),
    Rule(
        "part_of_a_month",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: end | beginning | middle | start | first\sweek | last\sweek | rest | most )"
            rf"\s of \s (?P<id> (?-i: {LONG_MONTH} | Jan | Feb | Mar | Apr | Jun | Jul | Aug |"
            rf"Sept? |"
            rf" Oct | Nov | Dec ) ) \b"
        ),
        0.8,
    ),
    Rule(
        "months_in_a_row",
        "DATE_AGE",
        compile_rule(
            rf"\b {LONG_MONTH} \s? [-/–] \s? {LONG_MONTH} (?: ,? \s {YEAR} )? \b", ignore_case=False
        ),
        0.85,
    ),
    Rule(
        "days_in_a_row",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: on | until | by | since | from | of | the ) \s (?:the\s)? (?P<id> {ORDINAL}"
            rf"(?<=[a-z]) (?: \s (?:and|to|through|or) \s (?:the\s)? | \s?[-/]\s? | ,\s )"
            rf"{ORDINAL} (?<=[a-z]) ) \b (?! \s (?:floor|percentile|dose|toe|finger|rib|digit|"
            rf"metatarsal|metacarpal|ray|cranial|nerve|street|grade|degree|ribs|toes|fingers|digits|"
            rf"intercostal|week|month|year|day|post|visit|trimester|decade) )"
        ),
        0.65,
    ),
    Rule(
        "day_of_month_without_article",
        "DATE_AGE",
        compile_rule(
            r"\b (?: on | until | since ) \s (?P<id> (?:[12]?\d|3[01])(?:st|nd|rd|th) ) \b (?= \s"
            r"(?: he | she | pt | patient | the | w/ | with | for | at | and ) \b | [.,;)] )"
        ),
        0.6,
    ),
    Rule(
        "month_and_marked_year",
        "DATE_AGE",
        compile_rule(rf"(?<![\w./-]) {MONTH_NUMBER} [ ]?/[ ]? '\d\d (?! [\d/] )"),
        0.85,
    ),
    Rule(
        "day_planned",
        "DATE_AGE",
        compile_rule(
            r"\b (?: for | before | after | to ) \s the \s (?P<id>"
            r"(?:[12]?\d|3[01])(?:st|nd|rd|th) )"
            r"(?= [.,;)] | \s (?:at|and|w/|with|when|if) (?!\w) | $ )"
        ),
        0.6,
    ),
    Rule(
        "holiday_shortened",
        "DATE_AGE",
        compile_rule(
            r"\b (?: Mem\.?[ ]Day | Patriots'?[ ]Day | Turkey[ ]Day | T-?giving | X-?mas |"
            r"New[ ]Year'?s (?=[ ](?:weekend|party|morning|resolution)|[.,;]) |"
            r"Easter (?=[.,;]|[ ](?:time|dinner|week)) | July[ ]Fourth | Fourth[ ]of[ ]July ) \b"
        ),
        0.75,
    ),
    Rule(
        "date_between_underscores",
        "DATE_AGE",
        compile_rule(
            rf"(?<=_) {MONTH_NUMBER} [-/.] {DAY} [-/.] (?: {YEAR} | \d\d ) (?! [^\W_] | [-/.]\d )"
            rf" | (?<=[\s:][DT]) {MONTH_NUMBER} / {DAY} / (?: {YEAR} | \d\d ) (?!\d) {TIME}"
            rf" | (?<![\w./\\]) {MONTH_NUMBER} \\ {DAY} \\ (?: {YEAR} | \d\d ) (?!\d)"
        ),
        0.85,
    ),
]
