"""Vehicles and devices (letters L and M)."""

import re

from deid.engine.families.identifiers import labelled
from deid.engine.recognition import Rule, Trigger, compile_rule

_VIN_VALUES = {
    **{str(d): d for d in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7, "R": 9, **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}  # fmt: skip
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _vin(match: re.Match[str]) -> tuple[int, int] | None:
    """17 characters whose check digit holds (49 CFR 565.15), or that look it all the same."""
    vin = match.group(0).upper()
    total = sum(_VIN_VALUES[c] * w for c, w in zip(vin, _VIN_WEIGHTS, strict=True))
    expected = "X" if total % 11 == 10 else str(total % 11)
    holds = vin[8] == expected
    mixed = vin[-4:].isdigit() and any(c.isalpha() for c in vin[:11]) and vin[8] in "0123456789X"
    return match.span() if holds or mixed else None


def _with_digit(match: re.Match[str]) -> tuple[int, int] | None:
    return match.span("id") if any(c.isdigit() for c in match.group("id")) else None


_SERIAL = [
    r"(?:device|product|equipment|pacemaker|pump|implant|generator|lead|monitor|machine|icd|cpap"
    r"|bipap|ventilator|stimulator|prosthesis|stent|valve|sensor|meter|transmitter|hearing\said)?"
    r"\s{0,3} (?: serial | s/n | sn(?=\s*[#:]?\s*[A-Z]{0,4}-?\d) | ser\.?\s?(?:no|\#) )",
    r"(?:device|equipment|asset|implant|pump|monitor|pacemaker|machine|sensor|transmitter"
    r"|prosthesis)"
    r" \s* (?: numbers? | no\. | num | id(?:entifier)? | \# | tag )",
    r"udi(?:-[dp]i)? | imei | lot | batch",
]
_SERIAL_VALUE = r"""
    (?P<id> (?= [A-Za-z./_-]{0,12} \d ) [A-Za-z0-9]+ (?: [-./_] [A-Za-z0-9]+ )* (?: [ ]\d{3,} )* )
"""

RULES = [
    Rule(
        "vin",
        "VEHICLE",
        compile_rule(r"\b [A-HJ-NPR-Z0-9]{17} \b"),
        0.97,
        certain=True,
        refine=_vin,
        trigger=Trigger(digits=True, reach=16, unbroken=17),
    ),
    labelled("vin_labelled", "VEHICLE", [r"vin | vehicle\s(?:id(?:entification)?|registration)"]),
    Rule(
        "plate",
        "VEHICLE",
        compile_rule(
            r"\b(?: (?:licen[cs]e|number|registration)?\s{0,3}(?:plates?|tags?)(?!\w)"
            r" | lic\.?\splate | (?:vehicle|car)\sreg(?:istration)? )"
            r"(?: \s* (?: number | no\.? | \# | : | is | was | of | reads? | \( ) )* \s*"
            r"(?P<id> (?-i: [A-Z0-9]{1,4} (?: [- ] [A-Z0-9]{1,5} ){1,2} | [A-Z0-9]{4,8} ) ) \b"
        ),
        0.9,
        certain=True,
        refine=_with_digit,
    ),
    Rule(
        "ambulance_unit",
        "VEHICLE",
        compile_rule(
            r"\b(?: Medic | Ambulance | Engine | Rescue | Squad | Ladder | Truck ) [ ] "
            r"(?:unit[ ])? \#? (?P<id>\d{1,4}) \b",
            ignore_case=False,
        ),
        0.7,
    ),
    labelled("serial_labelled", "DEVICE", _SERIAL, value=_SERIAL_VALUE),
    Rule(
        "udi_production_identifier",
        "DEVICE",
        compile_rule(r"\( (?:10|11|17|21) \) (?P<id> [A-Z0-9./-]{3,20} )"),
        0.97,
        certain=True,
    ),
    Rule(
        "mac_address",
        "DEVICE",
        compile_rule(
            r"\b [0-9A-F]{2} (?: (?P<s>[:-]) [0-9A-F]{2} ) (?: (?P=s) [0-9A-F]{2} ){4} \b"
        ),
        0.97,
        certain=True,
        trigger=Trigger(marks=("-", ":"), reach=2, unbroken=17),
    ),
]
