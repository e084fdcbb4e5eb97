"""Biometric data, photographs and every other number or code that singles out (P to R)."""

import re

from deid.engine import lexicon
from deid.engine.families.identifiers import VALUE, is_quantity, labelled
from deid.engine.recognition import Rule, Trigger, compile_rule

_BIOMETRIC = [
    r"(?: voice\s?prints? | finger\s?prints? | retina(?:l)?\s?scans? | iris\s?(?:scans?|codes?)?"
    r"| face\s?prints? | palm\s?(?:prints?|veins?) | facial\srecognition | biometrics? |"
    r"hand\s?prints?"
    r"| dna\sprofile | gait\sprofile ) (?: \s* (?: template | scan | hash | record | file | profile"
    r"| enrollment | sample ) )?",
]

_CODE_LABELS = [
    r"accession | (?:specimen|sample|slide|case|requisition|req|order|referral|ticket|tracking"
    r"|confirmation|authorization|auth|transaction|incident|event|record|study|subject|participant"
    r"|trial|interpreter|randomi[sz]ation|enrollment|employee|badge|staff|student|worker|prisoner|inmate"
    r"|military|veteran|service|user|login|customer|client|reference|ref|barcode|wristband|band"
    r"|donor|unos|token|research|protocol|screening|consult|image|series|exam|visit|encounter)"
    r" \s* (?: numbers? | num | nbr | id(?:entifier)?s? | code | \# | no\.?"
    r"(?=\s*[#:]?\s*[A-Z]{0,4}-?\d) )",
    r"accession | csn | badge | barcode | specimen (?=\s*[A-Z]+\d) | case (?=\s\#|\s\d{2}-\d{3,})"
    r"| dod\sid | alien"
    r"| ref\.?\s(?:code|no|number|id) | tin | ein | tax\sid | national\sid | id | identification |"
    r"identifier | ref (?=\s*[#:])"
    r"| (?:study\s)?(?:subject|participant|enrollee|volunteer) (?=\s*\#?\s*(?:[A-Z]{1,5}-?)?\d{2,})"
    r"| (?:study|trial|research) \s (?:subject|participant|enrollee|patient) \s? (?:code)?"
    r"(?=\s*[\#:]?\s*[A-Z]{0,5}-?\d{2,})",
]

_CLINICAL_CODE = re.compile(
    r"(?: NDC | NCT | CPT | HCPCS | ICD (?:-?\d+)? (?:-?CM)? | LOINC | SNOMED (?:-?CT)? | RxNorm |"
    r"RXCUI | CVX"
    r" | PMID | DOI | ISBN | MeSH | DRG | model | catalog(?:ue)? | REF | code )"
    r" \s* (?: codes? | numbers? | no\. | \# | : | is )* \s* $",
    re.IGNORECASE | re.VERBOSE,
)


#: A laboratory's number of a year: ``C98-2281``, whatever its letters mean besides.
_CASE_NUMBER = re.compile(r"[A-Z]{1,3}-?\d\d-\d{3,6}")


#: From one hour of a shift to another.
_SHIFT = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d-(?:[01]\d|2[0-4])[0-5]\d")


def _code(match: re.Match[str]) -> tuple[int, int] | None:
    """Accept a free-standing code unless it is a clinical code or a quantity."""
    before = match.string[max(0, match.start() - 30) : match.start()]
    if is_quantity(match) or _CLINICAL_CODE.search(before) or _SHIFT.fullmatch(match.group(0)):
        return None
    prefix = re.match(r"[A-Z]+", match.group(0))
    if prefix is None and sum(c.isdigit() for c in match.group(0)) < 7:
        return None
    case = _CASE_NUMBER.fullmatch(match.group(0))
    clinical = lexicon.words("clinical_code_prefixes")
    if prefix is not None and not case and prefix.group(0).lower() in clinical:
        return None
    return match.span()


def _hashed(match: re.Match[str]) -> bool:
    """Whether ``#4471`` is no code of medicine and no model."""
    before = match.string[max(0, match.start() - 30) : match.start() + 1]
    return not is_quantity(match) and _CLINICAL_CODE.search(before) is None


RULES = [
    labelled("biometric_labelled", "BIOMETRIC", _BIOMETRIC),
    Rule(
        "embedded_image",
        "PHOTO",
        compile_rule(
            r"data:(?:image|audio|video)/[\w.+-]{1,40};base64,[A-Z0-9+/=\s]{8,}?(?![A-Z0-9+/=])"
            r"| <(?:img|image)\b[^>]{0,2000}>"
        ),
        0.99,
        certain=True,
    ),
    Rule(
        "media_file",
        "PHOTO",
        compile_rule(
            r"(?<![\w/.-]) [\w./\\~-]{1,200}"
            r"\.(?: jpe?g | png | gif | bmp | tiff? | heic | webp | dcm | dicom | mp4 | mov | avi"
            r"| wav | mp3 | m4a ) \b"
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "base64_block",
        "BIOMETRIC",
        compile_rule(r"(?<![\w+/=]) (?=[A-Z0-9+/]*\d) (?=[A-Z0-9+/]*[A-Z]) [A-Z0-9+/]{60,} ={0,2}"),
        0.8,
        certain=True,
        trigger=Trigger(unbroken=60),
    ),
    labelled("code_labelled", "OTHER_ID", _CODE_LABELS, score=0.9, value=VALUE),
    Rule(
        "dicom_uid",
        "OTHER_ID",
        compile_rule(r"(?<![\w.]) [0-2] (?: \. \d{1,39} ){5,20} (?![\w.]?\d)"),
        0.95,
        certain=True,
    ),
    Rule(
        "username",
        "OTHER_ID",
        compile_rule(
            r"\b(?: user\s?name | login | log-?in\sname | screen\sname | handle | user\s?id ) \s*"
            r"(?: (?: is | : | = ) \s* ['\"]? (?P<id> [\w.@-]{3,40} )"
            r"| [ ] (?P<bare> (?= [a-z._-]{0,30} (?: [\d_] | \.\w ) ) [\w.-]{4,40} (?<![.]) ) )"
        ),
        0.9,
        certain=True,
        refine=lambda m: m.span("id") if m.group("id") else m.span("bare"),
    ),
    Rule(
        "uuid",
        "OTHER_ID",
        compile_rule(r"\b [0-9a-f]{8} (?: -[0-9a-f]{4} ){3} -[0-9a-f]{12} \b"),
        0.97,
        certain=True,
        trigger=Trigger(marks=("-",), reach=8, unbroken=36),
    ),
    Rule(
        "letters_and_digits",
        "OTHER_ID",
        compile_rule(
            r"(?<![\w.-]) (?: [A-Z]{1,6} [-/]? (?: [A-Z0-9]{1,6} [-/] )* \d{4,}"
            r"(?: -? [A-Z0-9]{1,6} ){0,2} | [A-Z]{2,6} -? \d{2,4} -? \d{3,8} | \d{3,} - [A-Z]{2,5}"
            r"| [A-Z]{1,4}\d{2} - \d{4,} ) (?![\w-])",
            ignore_case=False,
        ),
        0.7,
        refine=_code,
    ),
    Rule(
        "number_behind_hash",
        "OTHER_ID",
        compile_rule(r"(?<!\w) \# [ ]? (?P<id> \d{4,12} (?: -\d{1,6} )? ) (?! [\w.,]\d | \w )"),
        0.6,
        refine=lambda m: m.span("id") if _hashed(m) else None,
    ),
    Rule(
        "long_number",
        "OTHER_ID",
        compile_rule(
            r"(?<![\w.,/$-]) (?<!\(01\)) (?: \d{7,} | \d{2,6} (?: -\d{3,6} ){1,3} "
            r"(?<=\d{4}|-\d{3}) ) (?!"
            r"[\w-] | [.,/]\d )"
        ),
        0.6,
        refine=_code,
    ),
]
