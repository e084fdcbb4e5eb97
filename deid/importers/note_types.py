"""Names of note types. Only terms of a code system become a type: free words may name a person.

LOINC document codes and HL7 table 0270 (document types).
"""

import re

LOINC = {
    "11488-4": "Consult note",
    "18842-5": "Discharge summary",
    "34117-2": "History and physical",
    "28570-0": "Procedure note",
    "11506-3": "Progress note",
    "34111-5": "Emergency department note",
    "11504-8": "Surgical operation note",
    "18748-4": "Diagnostic imaging study",
    "11526-1": "Pathology study",
    "11502-2": "Laboratory report",
}
HL7_0270 = {
    "AR": "Autopsy report",
    "CD": "Cardiodiagnostics",
    "CN": "Consult note",
    "DI": "Diagnostic imaging study",
    "DS": "Discharge summary",
    "ED": "Emergency department note",
    "HP": "History and physical",
    "OP": "Surgical operation note",
    "PC": "Psychiatric consultation",
    "PH": "Psychiatric history and physical",
    "PN": "Procedure note",
    "PR": "Progress note",
    "SP": "Surgical pathology",
    "TS": "Transfer summary",
}
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9 ,/&()-]{1,58}")


def term(code: str, display: str) -> str:
    """The name of a coded type; an uncoded or overlong one has none."""
    if code in LOINC:
        return LOINC[code]
    shown = " ".join((display or code).split())
    return shown if code and _TERM.fullmatch(shown) else ""
