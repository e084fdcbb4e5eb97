"""Codes of dictation and registration around a note (letter R): ``JOB NUMBER 88120, TR: kq47``."""

import re

from deid.engine import lexicon
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


def _alone(match: re.Match[str]) -> tuple[int, int] | None:
    """A number between empty lines, between strokes, or below another number."""
    before = match.string[max(0, match.start() - 12) : match.start()].rstrip(" ")
    after = match.string[match.end() : match.end() + 12].lstrip(" ")
    opens = before == "" or before.endswith(("\n\n", "|"))
    closed = after.startswith(("\n\n", "|"))
    below = re.search(r"\d\n\Z", before) is not None
    return match.span() if (opens and closed) or below else None


RULES = [
    labelled("dictation_labelled", "OTHER_ID", _LABELS, score=0.9),
    Rule(
        "site_among_numbers",
        "LOCATION",
        compile_rule(
            r"(?<![\w.,/-]) \d{6,10} [ ]* [\n|] [\s|]* (?P<id> [A-Z]{2,5} ) (?= [ ]* [\n|] [\s|]*"
            r"\d{6,10} [ ]* [\n|] )",
            ignore_case=False,
        ),
        0.8,
        subtype="FACILITY",
    ),
    Rule(
        "number_alone_on_a_line",
        "OTHER_ID",
        compile_rule(r"(?<![^\s|]) \d{5,10} (?= [ ]* (?: \n | \| ) )"),
        0.7,
        refine=_alone,
    ),
    Rule(
        "typist_behind_date",
        "NAME",
        compile_rule(
            r"\b (?: T | TD | DT | Transcribed | Typed | tr ) \s? :? \s? \d{1,2} [-/] \d{1,2} [-/]"
            r"(?:\d\d){1,2} (?: ,? [ ]+ \d{1,2} :? \d\d (?:\s?[AaPp]\.?[Mm]?\b\.?)? )? [ ,]+"
            r"(?P<id> [a-z]{2,4} | [A-Z]{2,4} (?=[ ]*(?:\n|\Z)) ) (?= [ ]* (?: \n | \# | \Z |"
            r"[ ]Job ) )",
            ignore_case=False,
        ),
        0.75,
    ),
    Rule(
        "typist_labelled",
        "OTHER_ID",
        compile_rule(
            r"(?<![\w.-]) (?: TR | TID | TK | TP | TS | WT ) \s? : \s? (?P<id> (?: [a-z]{2,4}"
            r"\d{1,6} | [a-z]{2,3} | [A-Z]{1,4}\d{1,6} | \d{3,7} ) ) (?! \w | [/.-]\w )",
            ignore_case=False,
        ),
        0.8,
        refine=lambda m: None if lexicon.is_ordinary(m.group("id")) else m.span("id"),
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
