"""Ages over 89, and years of birth that show one (letter C)."""

import re
from datetime import UTC, datetime

from deid.engine.recognition import Rule, compile_rule
from deid.engine.spans import AGE_OVER_89


def _birth_year(match: re.Match[str]) -> tuple[int, int] | None:
    """A year of birth goes when it shows an age over 89 in the latest year of the note."""
    return match.span("id") if _latest_year(match) - int(match.group("id")) >= 89 else None


#: How old one is at least at an event, so that its year tells an age.
_AGE_AT = (("retire", 55), ("", 18))


def _implied_year(match: re.Match[str]) -> tuple[int, int] | None:
    """``class of 1950``: a year that shows an age over 89 by what happened in it."""
    word = match.group(0).lower()
    age = next(at for prefix, at in _AGE_AT if word.startswith(prefix))
    return match.span("id") if _latest_year(match) - int(match.group("id")) + age > 89 else None


def _latest_year(match: re.Match[str]) -> int:
    now = datetime.now(tz=UTC).year
    years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", match.string)]
    latest = max([y for y in years if y <= now], default=now)
    return latest if latest > int(match.group("id")) else now


#: An ``F`` after a number is Fahrenheit unless the sentence goes on about a person.
_PERSON_FOLLOWS = (
    r"(?= [ ]? (?: ,[ ] )? (?: with | w/ | who | whom | presents | presenting | admitted | h/o"
    r"| s/p | c/o | here | pt | patient | brought | status | found | seen | from | in[ ]for ) )"
)


_TEMPERATURE_BEFORE = re.compile(
    r"(?:\bt(?:emp\w*|-?max)?|fevers?|febrile|\bof|\bto|\bat|°)[\s:=]*$", re.IGNORECASE
)


def _age_unless_fahrenheit(match: re.Match[str]) -> tuple[int, int] | None:
    fahrenheit = match.group().endswith("F") and _TEMPERATURE_BEFORE.search(
        match.string[max(0, match.start() - 15) : match.start()]
    )
    return None if fahrenheit else match.span()


def _stated_age(match: re.Match[str]) -> tuple[int, int] | None:
    """``He is 93``: an age unless the sentence speaks of a temperature or another reading."""
    if match.group("id"):
        return match.span("id")
    around = match.string[max(0, match.start() - 40) : match.end() + 40]
    return None if _READING.search(around) else match.span("sid")


_READING = re.compile(
    r"\b(?:temp\w*|t-?max|fever\w*|febrile|afebrile|sat\w*|spo2|o2|hr|bpm|pulse|heart rate|bp"
    r"|systolic|diastolic|glucose|sugar|weigh\w*|height|score|degrees)\b|%",
    re.IGNORECASE,
)

_AGE = r"(?: 9\d | 1[0-3]\d )"
_AGE_WORD = (
    r"(?: ninety (?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"| (?:one|a)[- ]hundred (?:[- ]and)? (?:[- ](?:one|two|three|four|five|six|seven|eight|nine"
    r"|ten))? )"
)
_YEARS_OLD = (
    r"(?: -? \s? (?: years? | yrs? | y ) (?: [- ]\s? (?: of[- ]age | olds? ) | \.?/? o\.?"
    r"(?!\w) ) )"
)

RULES = [
    Rule(
        "birth_year_of_the_very_old",
        "DATE_AGE",
        compile_rule(
            r"\b(?: born | dob | birth | birth\s?year | yob )\b [^\d\n]{0,15} (?P<id>(?:18"
            r"|19)\d\d) (?![\d/-])"
        ),
        0.9,
        subtype=AGE_OVER_89,
        certain=True,
        refine=_birth_year,
    ),
    Rule(
        "age_over_89",
        "DATE_AGE",
        compile_rule(
            rf"(?<![\w./-]) (?: {_AGE} | {_AGE_WORD} ) (?: \s? (?:and|&)? \s? (?:1/2|a\shalf) )?"
            rf"{_YEARS_OLD}"
            rf"| (?<![\w./-]) {_AGE} \s? (?: yo[fm]? | [yY]/[oO] | y\.o\. | yrs? | (?-i:M)"
            rf"| (?-i:F) {_PERSON_FOLLOWS} ) \b (?!\s?/)"
        ),
        0.97,
        subtype=AGE_OVER_89,
        certain=True,
        refine=_age_unless_fahrenheit,
    ),
    Rule(
        "age_over_89_labelled",
        "DATE_AGE",
        compile_rule(
            rf"\b(?: aged? | turn(?:ed|ing|s) | age\sof | age\sis | lived\sto(?:\sbe)? | died\sat "
            rf"| alive (?:\sat)? | deceased (?:\sat)? | passed\s(?:away\s)?at | \bd\.(?:\sat)?"
            rf"| celebrat(?:ed|ing)\s(?:his|her|their) ) [\s:=]* (?:now\s)?"
            rf"(?P<id> (?: {_AGE} | {_AGE_WORD} ) (?:th|st|nd|rd)? ) \b (?! \s?(?:%|mg|bpm|days"
            rf"|weeks|months|minutes|hours|kg|lb) | [./-]\d )"
            rf"| \b (?:patient|pt|she|he|who) \s (?:is|was) \s (?:now\s|currently\s)? (?P<sid>"
            rf"{_AGE} ) (?= [.,;] | \s (?:and|with|who|years) )"
        ),
        0.9,
        subtype=AGE_OVER_89,
        certain=True,
        refine=_stated_age,
    ),
    Rule(
        "veteran_of_the_world_war",
        "DATE_AGE",
        compile_rule(
            r"\b (?P<id> (?: WW[ ]?(?:II|2) | World\sWar\s(?:II|2|Two) | Second\sWorld\sWar ) (?: "
            r"\s"
            r"(?: vet(?:eran)?s? | service | survivor | POW | era ) )? ) \b"
            r"| \b Holocaust\ssurvivor \b | \b D-?Day \s vet(?:eran)? \b"
        ),
        0.85,
        subtype=AGE_OVER_89,
        certain=True,
        refine=lambda m: m.span(),
    ),
    Rule(
        "married_too_long",
        "DATE_AGE",
        compile_rule(
            r"\b (?P<id> (?: married | wed | together | widowed\safter ) (?:\sfor)? \s (?: 7[2-9] "
            r"| 8\d"
            r"| seventy-(?:two|three|four|five|six|seven|eight|nine) ) \s years ) \b | \b "
            r"(?:7[05]|80)th"
            r"\s(?:wedding\s)?anniversary \b"
        ),
        0.85,
        subtype=AGE_OVER_89,
        certain=True,
        refine=lambda m: m.span(),
    ),
    Rule(
        "year_of_a_long_life",
        "DATE_AGE",
        compile_rule(
            r"\b(?: graduat(?:ed|ion)\b[^.\d]{0,30} | class\sof | married\s(?:in|since) | wed\sin "
            r"| enlisted"
            r"\sin | drafted\sin | retired\sin | immigrated\sin ) \s? (?P<id> 19\d\d ) (?! [\d/-] )"
        ),
        0.8,
        subtype=AGE_OVER_89,
        refine=_implied_year,
    ),
    Rule(
        "very_old_in_words",
        "DATE_AGE",
        compile_rule(
            r"\b(?: nonagenarians? | centenarians? | supercentenarians? | \b in \s (?:his|her"
            r"|their) \s (?:late\s|early\s|mid[- ])?"
            r"(?: (?:19)?90'?s | nineties ) | (?: (?:9\d|1[0-2]\d)(?:th|st|nd|rd)"
            r"| ninetieth | ninety-\w+ | (?:one\s)?hundredth ) \s birthday | "
            r"over\s(?:90|ninety)\syears"
            r"(?:\s(?:old|of\sage))? )"
        ),
        0.9,
        subtype=AGE_OVER_89,
        certain=True,
    ),
]
