"""Codes of dictation and transcription around a note (letter R): ``JOB NUMBER 88120, TR: kq47``."""

import re

from deid.engine.families.identifiers import labelled
from deid.engine.recognition import Rule, compile_rule

_NUMBERED = r"\s* (?: numbers? | num\b | nbr | no\b\.? | id | \# | code )"
_LABELS = [
    rf"(?: job | dict(?:ation|ated)? | doc(?:ument)? | transcript(?:ion)? | e-?scription | clip"
    rf"| report | voice | audio | batch | film | worktype ) {_NUMBERED}",
    r"(?: job | e-?scription | escription\sdocument | document | doc | clip ) (?= \s? : \s*"
    r"[\d-]{5} )",
]


def _code_behind(match: re.Match[str]) -> tuple[int, int] | None:
    """A clinician's code at the end of a line; ``MD L5`` goes on with a vertebra."""
    return None if re.fullmatch(r"[CTLS]\d{1,2}", match.group("id")) else match.span("id")


RULES = [
    labelled("dictation_labelled", "OTHER_ID", _LABELS, score=0.9),
    Rule(
        "typist_labelled",
        "OTHER_ID",
        compile_rule(
            r"(?<![\w.-]) (?: TR | TID | TK | TP | TS | WT ) \s? : \s? (?P<id> (?: [a-z]{2,4}"
            r"\d{0,6} | [A-Z]{1,4}\d{1,6} | \d{3,7} ) ) (?! [\w/.-]\w )",
            ignore_case=False,
        ),
        0.8,
    ),
    Rule(
        "code_behind_credential",
        "OTHER_ID",
        compile_rule(
            r"\b (?: M\.D\. | D\.O\. | MD | DO ) [ ,]{1,3} (?P<id> [A-Z]{1,3}\d{1,4} )"
            r"(?= [ ]* (?:\n|\Z) )",
            ignore_case=False,
        ),
        0.75,
        refine=_code_behind,
    ),
]
