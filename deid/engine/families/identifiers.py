"""Building blocks for identifiers that follow a label, such as ``MRN: 00482913``."""

import re
from collections.abc import Sequence

from deid.engine.recognition import Rule, compile_rule

#: What may stand between a label and its value: ``number is``, ``#:``, ``(``, ``no.`` ...
LINK = r"""
    (?: \s* (?: numbers? | num | nos? | nbr | ids? | identifiers? | codes? | is | was | are | of
        | on\s(?:file|record) | listed | documented | recorded | registered | assigned
        | as | the | ending | ends | in | under | with
        | \# | : | = | \( | - | , | \. | \* | > )
        (?![A-Za-z]) ){0,6}
    \s* [#'"\[(]? \s*
"""

#: A run of letters and digits in groups; it must hold a digit, behind a few capitals and a blank
#: too, as cards print it: ``YWZ 882 145 903``.
VALUE = r"""
    (?P<id> (?= [A-Za-z./_-]{0,12} \d | (?-i:[A-Z]{2,4}) [ ] \d{3} )
        [A-Za-z0-9]+ (?: (?: [-./_] | [ ](?=\d) ) [A-Za-z0-9]+ )* )
"""

_UNIT_AFTER = re.compile(
    r"\s?(?:mg|mcg|ml|mm|cm|kg|lbs?|units?|%|days?|weeks?|months?|years?|hours?|hrs?|min(?:utes)?"
    r"|times|tablets?|tabs?|doses?|y/?o|yr|/10|bpm|mmhg)\b",
    re.IGNORECASE,
)


def is_quantity(match: re.Match[str]) -> bool:
    """Whether a unit of measure follows the match, so that it counts something."""
    return _UNIT_AFTER.match(match.string, match.end()) is not None


def value_bounds(match: re.Match[str]) -> tuple[int, int] | None:
    """The labelled value, or ``None`` when it is a quantity, a date or too short to single out.

    A value of groups keeps only the groups that belong to it: the digits after a blank count
    when they are part of the same number, not when they start the next sentence.
    """
    start, end = match.span("id")
    value = match.string[start:end]
    if " " in value:
        head, *rest = value.split(" ")
        keep = len(head)
        for part in rest:
            printed = any(c.isdigit() for c in head) or re.fullmatch("[A-Z]{2,4}", head)
            if not re.fullmatch(r"\d{2,}(?:-\d+)*", part) or not printed:
                break
            keep += 1 + len(part)
        end = start + keep
        value = match.string[start:end]
    if sum(c.isalnum() for c in value) < 3 or is_quantity(match):
        return None
    if re.fullmatch(r"(?:19|20)\d\d", value) and ":" not in match.group(0):
        return None
    return start, end


def labelled(
    rule_id: str, category: str, labels: Sequence[str], *, score: float = 0.95, value: str = VALUE
) -> Rule:
    """A rule for a value that follows one of the labels (patterns in verbose form)."""
    names = "|".join(f"(?:{label})" for label in labels)
    pattern = rf"(?<![^\W\d_]) (?:{names}) (?![A-Za-z]) {LINK} {value}"
    return Rule(
        rule_id,
        category,
        compile_rule(pattern),
        score,
        certain=True,
        refine=value_bounds,
    )


def luhn(digits: str) -> bool:
    """The Luhn checksum (ISO/IEC 7812-1 annex B) of a run of digits."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
