"""Dates more exact than the year, in figures (letter C)."""

from deid.engine.families.date_judges import misread_date, month_and_short_year, slash_date
from deid.engine.families.date_patterns import (
    DAY,
    MONTH_NUMBER,
    SHORT_WEEKDAY,
    TIME,
    WEEKDAY,
    YEAR,
)
from deid.engine.recognition import Rule, compile_rule

_SHORT = rf"(?: {YEAR} | \d\d )"
_TO = r"\s? (?: - | to | through | thru | until | and | & ) \s?"
_ANY_WEEKDAY = rf"(?: {WEEKDAY} | {SHORT_WEEKDAY} )"
_WITH_YEAR = (
    rf"(?: {MONTH_NUMBER} \s? [-/.] \s? {DAY} \s? [-/.] \s? {_SHORT}"
    rf"| {DAY} \s? [-/.] \s? {MONTH_NUMBER} \s? [-/.] \s? {_SHORT} )"
)

RULES = [
    Rule(
        "iso_date",
        "DATE_AGE",
        compile_rule(rf"(?<![\w.-]) {YEAR} (?P<s>[-/.]) {MONTH_NUMBER} (?P=s) {DAY} (?!\d) {TIME}"),
        0.97,
        certain=True,
    ),
    Rule(
        "numeric_date",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./-]) (?: {_ANY_WEEKDAY} ,? \s )? (?: {MONTH_NUMBER} \s?(?P<s>[-/.])\s? "
            rf"{DAY} |"
            rf"{DAY} \s?(?P<t>[-/.])\s? {MONTH_NUMBER} )"
            rf"\s?(?: (?P=s) | (?P=t) )\s? {_SHORT} (?! \d | [/.]\d | -\d (?! \d?[-/.]\d ) ) {TIME}"
            rf"(?: {_TO} {_WITH_YEAR} (?!\d) {TIME} )?"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "range_with_one_year",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./-]) {MONTH_NUMBER} / {DAY} {_TO} {MONTH_NUMBER} / {DAY} / {_SHORT} (?!\d)"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "misread_date",
        "DATE_AGE",
        compile_rule(
            r"(?<![\w./-]) [0-9OolI|SB]{1,2} (?P<s>[-/.]) [0-9OolI|SB]{1,2} (?P=s) "
            r"[0-9OolI|SB]{2,4}"
            r"(?! [\w/] )",
            ignore_case=False,
        ),
        0.85,
        certain=True,
        refine=misread_date,
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
        "iso_month_or_week",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w.-]) {YEAR} (?: - (?:0[1-9]|1[0-2]) | -?W[0-5]\d (?:-[1-7])? ) (?! [\w-] | "
            rf"[./]\d )"
        ),
        0.75,
    ),
    Rule(
        "compact_date_labelled",
        "DATE_AGE",
        compile_rule(
            r"\b(?:dob|d\.o\.b\.?|birth\s?date|date\sof\sbirth|born|dos|date\sof\s(?:service|visit"
            r"|admission|discharge)|admit\sdate|dod|doa)\b [^\d\n]{0,12}"
            r"(?P<id> \d{6,8} | \d{1,2}[ ]\d{1,2}[ ](?:19|20)?\d\d ) (?!\d)"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "month_year_numeric",
        "DATE_AGE",
        compile_rule(rf"(?<![\w./-]) {MONTH_NUMBER} \s?[/-]\s? {YEAR} (?! [\d/-] )"),
        0.85,
        certain=True,
    ),
    Rule(
        "weekday_and_day",
        "DATE_AGE",
        compile_rule(
            rf"\b {_ANY_WEEKDAY} ,? \s? (?:the\s)? (?: {MONTH_NUMBER} [/-] {DAY}"
            rf"| {DAY}(?:st|nd|rd|th) ) (?! [\d/+%] | -\d ) {TIME}"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "month_day_slash",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./+-]) (?P<m>{MONTH_NUMBER}) / (?P<d>{DAY}) (?! [\d/+%] | \.\d | -\d "
            rf"(?!\d?/\d) )"
            rf"(?: \s?(?:-|to|thru|through)\s? {MONTH_NUMBER} / {DAY} (?! [\d/+%] ) )?"
        ),
        0.7,
        refine=slash_date,
    ),
    Rule(
        "month_short_year",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./+-]) {MONTH_NUMBER} / (?: 3[2-9] | [4-9]\d ) (?! [\d/+%] | \.\d | -\d )"
        ),
        0.7,
        refine=month_and_short_year,
    ),
    Rule(
        "month_day_hyphen",
        "DATE_AGE",
        compile_rule(
            rf"\b (?: on | dated | dob | dos | admitted | discharged | seen | since ) \s"
            rf"(?P<id> 0?{MONTH_NUMBER} - {DAY} ) (?! [\d/%-] | "
            rf"\s?(?:day|week|month|year|hour|mg|point"
            rf"|times|lb|kg|minute) )"
        ),
        0.7,
    ),
]
