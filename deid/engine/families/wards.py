"""Wards named after somebody and numbered by floor: ``on Stoneman 5`` (letter B)."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import Fact, facts
from deid.engine.families.patterns import CAP
from deid.engine.recognition import Rule, compile_rule

#: Nouns that count something, so that the number behind them is no floor.
_COUNTERS = frozenset({
    "appendix", "arm", "article", "bay", "bed", "block", "bottle", "box", "case", "category",
    "chapter", "class", "code", "cohort", "criterion", "cycle", "day", "days", "dose", "factor",
    "field", "figure", "film", "floor", "gate", "grade", "gravida", "group", "hour", "image",
    "item", "key", "lead", "level", "line", "lot", "month", "number", "page", "panel", "para",
    "part", "phase", "port", "question", "room", "route", "score", "season", "section",
    "segment", "series", "site", "slide", "stage", "station", "step", "suite", "table", "team",
    "trial", "type", "unit", "vent", "version", "visit", "volume", "ward", "week", "year", "zone",
})  # fmt: skip
_NO_WARD = Fact.DRUG | Fact.CLINICAL | Fact.STOP | Fact.FUNCTION | Fact.KEPT
#: What makes a quantity of the number: a unit, the rest of a number, another part of a score.
_COUNTED = (
    r"(?: [\w%°\"'-] | [./:,]\d | [ ]? (?: mg | mcg | ml | cc | units? | tabs? | puffs? | drops? |"
    r"gm? | iu | meq | l\b | liters? | x\b | times | po\b | iv\b | per\b | day | wks? | week |"
    r"month | mos?\b | year | yrs? | hrs? | hour | min | of\b | out\b | to\s\d | and\s\d | degrees"
    r"| % | / | q\d | qd | bid | tid | ppd | packs? ) )"
)


def ward(match: re.Match[str]) -> tuple[int, int] | None:
    """The ward, if its word is a surname and neither a drug nor something that is counted."""
    name = match.group("ward") or match.group("second")
    known = facts(name)
    if not known & Fact.FAMILY or known & _NO_WARD or name.lower() in _COUNTERS:
        return None
    if match.group("second") and known & Fact.COMMON:
        return None
    capitals = name.isupper() and len(name) > 1
    return None if capitals and lexicon.is_english(name) else match.span("id")


RULES = [
    Rule(
        "ward_by_name",
        "LOCATION",
        compile_rule(
            rf"\b (?: (?:on|to|from|in|at|onto|into|via|floor|unit|ward|loc|location) \s? :? \s"
            rf"| , [ ] (?= [^\W\d_]+ [ ] \d{{1,2}} (?: [ ]?[.;)\n] | $ ) ) ) (?:the\s)? (?P<id>"
            rf"(?: (?P<ward>{CAP}) [ ] \d{{1,3}} (?-i:[A-E])? (?! {_COUNTED} )"
            rf"(?: [ ] (?-i: East | West | North | South | EAST | WEST | NORTH | SOUTH )\b )?"
            rf"| \d{{1,2}} [ ] (?P<second>{CAP}) ) ) (?! [\w'-] )"
        ),
        0.65,
        subtype="FACILITY",
        refine=ward,
    ),
]
