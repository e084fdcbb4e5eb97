"""Notes that need an authority of their own before they may be read: who may admit them is law.

Psychotherapy notes: 45 CFR 164.501 and 164.508(a)(2). Records of substance use programmes: 42 CFR
Part 2; the statement that must go with each disclosure of them (section 2.32) marks them too.
Label codes: HL7 v3-ActCode. Facility and provider codes: NUCC taxonomy, HL7 v3-RoleCode.
"""

import re
from collections.abc import Iterable

PSYCHOTHERAPY = "psychotherapy"
PART2 = "part2"
RESTRICTIONS = (PSYCHOTHERAPY, PART2)
REASONS = {
    PSYCHOTHERAPY: "Psychotherapy notes are left out unless a recorded authority admits them.",
    PART2: "Records under 42 CFR Part 2 are left out unless a recorded authority admits them.",
}

_CODES = {
    "PSYTHPN": PSYCHOTHERAPY,
    "42CFRPART2": PART2,
    "ETH": PART2,
    "ETHUD": PART2,
    "SUD": PART2,
    "OPIOIDUD": PART2,
    "SURF": PART2,
    "261QM2800X": PART2,  # methadone clinic
    "261QR0405X": PART2,  # rehabilitation, substance use disorder
    "276400000X": PART2,  # substance use rehabilitation unit
    "324500000X": PART2,  # substance use rehabilitation facility
    "3245S0500X": PART2,  # the same for children
    "101YA0400X": PART2,  # addiction counsellor
}
_PSYCHOTHERAPY_WORDS = re.compile(r"\bpsychotherap(?:y|eutic)\b", re.I)
_SUBSTANCE = r"(?:substance|drug|alcohol|opioid|opiate|chemical[ -]dependency|addiction)s?"
_PART2_WORDS = re.compile(
    rf"\b42\s*C\.?F\.?R\.?,?\s*(?:part|pt\.?|§)?\s*2\b"
    rf"|\b{_SUBSTANCE}(?:[ -](?:use|abuse|misuse|disorders?|and|or|alcohol|drug|other))*"
    r"[ -](?:treatment|rehab\w*|counsel\w*|recovery|program\w*|clinic|unit|services?)\b"
    r"|\bmethadone[ -](?:clinic|maintenance|program\w*)\b|\bopioid treatment program\w*"
    r"|\bdetox(?:ification)?[ -](?:unit|program\w*|center|centre)\b",
    re.I,
)
_NOTICE = re.compile(r"\b42\s*C\.?F\.?R\.?,?\s*(?:part|pt\.?|§)\s*2\b", re.I)
_FORBIDS = re.compile(r"prohibit|re-?disclos|unauthori[sz]ed (?:use|disclosure)", re.I)


def restrictions(codes: Iterable[str], words: Iterable[str], text: str = "") -> set[str]:
    """``psychotherapy``, ``part2``, both or neither.

    ``codes`` are label, type and facility codes, ``words`` the names of type, category, service
    and department. Of the text only the statement of section 2.32 counts: that a note speaks of
    methadone or of a therapy does not make it such a record.
    """
    found = {_CODES[c] for code in codes if (c := code.strip().upper()) in _CODES}
    for word in words:
        if _PSYCHOTHERAPY_WORDS.search(word):
            found.add(PSYCHOTHERAPY)
        if _PART2_WORDS.search(word):
            found.add(PART2)
    notice = _NOTICE.search(text) if "42" in text else None
    if notice and _FORBIDS.search(text, max(0, notice.start() - 300), notice.end() + 600):
        found.add(PART2)
    return found


def first_kept_back(found: set[str], admitted: frozenset[str]) -> str | None:
    """The restriction that no authority lifts; each of several needs an authority of its own."""
    return next((r for r in RESTRICTIONS if r in found and r not in admitted), None)
