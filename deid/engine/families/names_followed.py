"""Rules whose pattern follows a person's name that ends in front of it (letter A)."""

from deid.engine.families import name_frames as frames
from deid.engine.families.name_reader import Trust
from deid.engine.families.name_vocabulary import (
    AGE,
    BEFORE,
    CREDENTIAL,
    PERSON,
    RELATION,
    STRICT_AGE,
    TOLD_VERB,
    WEAK_CREDENTIAL,
)
from deid.engine.recognition import Rule, compile_rule

RULES = [
    Rule(
        "credentialed",
        "NAME",
        compile_rule(rf"{BEFORE} {CREDENTIAL}"),
        0.9,
        subtype="CLINICIAN_NAME",
        certain=True,
        refine=frames.reads_before(Trust.SURE),
    ),
    Rule(
        "perhaps_credentialed",
        "NAME",
        compile_rule(rf"{BEFORE} {WEAK_CREDENTIAL}"),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=frames.reads_before(Trust.WEAK),
    ),
    Rule(
        "name_then_relation",
        "NAME",
        compile_rule(
            rf"(?: \( [ ]? | , [ ] ) (?: (?:his|her|their|the|patient's|pt's|the\spatient's) [ ] )?"
            rf"(?: older[ ] | younger[ ] | eldest[ ] )? {RELATION} \b"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        refine=frames.reads_before(Trust.WEAK),
    ),
    Rule(
        "name_then_age",
        "NAME",
        compile_rule(
            rf"(?: (?P<sure> \b (?:is|was) [ ] (?:(?:a|an|our|the|now)[ ])? (?:[a-z]+[ ]){{0,2}}"
            rf"{STRICT_AGE} ) | ,[ ] (?:a|an|age|aged) [ ] {AGE} | [,(] [ ]? {AGE}"
            rf"| (?<=[^\W\d_][ ]) {AGE} )"
        ),
        0.85,
        subtype="PATIENT_NAME",
        certain=True,
        refine=frames.aged,
    ),
    Rule(
        "name_then_identifier",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?: MRN | MR\# | DOB | D\.O\.B | SSN | date\sof\sbirth | birth\s?date |"
            rf"medical\srecord | med\srec ) (?!\w)"
        ),
        0.85,
        subtype="PATIENT_NAME",
        certain=True,
        refine=frames.identified,
    ),
    Rule(
        "told_of",
        "NAME",
        compile_rule(rf"\b {TOLD_VERB} \b"),
        0.7,
        refine=frames.told_of,
    ),
    Rule(
        "possessive",
        "NAME",
        compile_rule(
            rf"'s [ ] (?: {RELATION} | {PERSON} | chart | care | room | bed | house | pain)\b"
        ),
        0.7,
        refine=frames.told_of,
    ),
]
