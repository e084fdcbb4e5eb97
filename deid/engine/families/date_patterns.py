"""Patterns for months, days, years and times of day (letter C)."""

MONTH = (
    r"(?: Jan(?:uary)? | Feb(?:r?uary)? | Mar(?:ch)? | Apr(?:il)? | May | June? | July?"
    r"| Aug(?:ust)? | Sept?(?:ember)? | Oct(?:ober)? | Nov(?:ember)? | Dec(?:ember)? ) \.?"
)
LONG_MONTH = (
    r"(?: January | February | March | April | May | June | July | August | September | October"
    r"| November | December )"
)
DAY = r"(?: 3[01] | [12]\d | 0?[1-9] )"
ORDINAL = rf"(?: {DAY} (?: \s?(?:st|nd|rd|th) )? )"
ORDINAL_WORD = (
    r"(?: first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth"
    r"| eleventh | twelfth | thirteenth | fourteenth | fifteenth | sixteenth | seventeenth"
    r"| eighteenth | nineteenth | twentieth | thirtieth"
    r"| (?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth) )"
)
YEAR = r"(?: (?:18|19|20|21)\d\d )"
SPOKEN_YEAR = (
    rf"(?: {YEAR} | (?: two\sthousand (?:\sand)? | twenty | nineteen ) (?: [ -] (?: ten | eleven"
    r"| twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty"
    r"| thirty | forty | fifty | sixty | seventy | eighty | ninety | oh | one | two | three | four"
    r"| five | six | seven | eight | nine )\b ){1,2} )"
)
SHORT_YEAR = rf"(?: {YEAR} | '? \d\d )"
MONTH_NUMBER = r"(?: 1[0-2] | 0?[1-9] )"
WEEKDAY = r"(?: (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )"
SHORT_WEEKDAY = r"(?: Mon | Tues? | Weds? | Thurs? | Thu | Fri | Sat | Sun ) \.?"
TIME = (
    r"(?: (?: \s*,?\s* (?:at|@|T)? \s* ) (?: \d{1,2}:\d{2} (?::\d{2}(?:\.\d+)?)?"
    r"(?:\s?[ap]\.?m\b\.?)?"
    r"(?: Z | [+-]\d\d:?\d\d )? | \d{1,2}\s?[ap]\.?m\b\.? | (?:[01]\d|2[0-3])[0-5]\d (?=\s*(?:h"
    r"|hrs|hours)\b) (?:\s*(?:h|hrs|hours)\b)? ) )?"
)
LEAD_WEEKDAY = rf"(?: (?: {WEEKDAY} | {SHORT_WEEKDAY} ) ,? \s+ )?"
