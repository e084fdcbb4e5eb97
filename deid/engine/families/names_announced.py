"""Rules whose pattern announces a person's name that begins behind it (letter A)."""

from deid.engine.families import name_frames as frames
from deid.engine.families import name_relatives as relatives
from deid.engine.families import name_titles as titles
from deid.engine.families.name_reader import Trust
from deid.engine.families.name_vocabulary import (
    AGE,
    BEFORE,
    CONTACT,
    CREDENTIAL_BEFORE,
    KIN_PLURAL,
    LETTER_PHRASE,
    OPEN_LABEL,
    PERSON,
    PERSON_LABEL,
    PREPOSITION,
    RELATION,
    SEPARATOR,
    SIGNED_BY,
    TITLE,
)
from deid.engine.families.patterns import CAP, UPPER
from deid.engine.recognition import Rule, compile_rule

RULES = [
    Rule(
        "titled",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) {TITLE} (?: [ ]{{1,2}} (?=[^\W\d_]) | (?<=\.) (?=(?-i:[{UPPER}])\w) )"
        ),
        0.95,
        certain=True,
        refine=titles.titled,
    ),
    Rule(
        "and_second_titled",
        "NAME",
        compile_rule(
            rf"\b Drs \.? [ ] {CAP} (?: , [ ] {CAP} ){{0,3}}  (?: ,? [ ] (?:and|&) [ ] "
            rf"| [ ]?/[ ]? )"
            rf"(?P<id> {CAP} )"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "labelled",
        "NAME",
        compile_rule(rf"{BEFORE} {PERSON_LABEL} {SEPARATOR}"),
        0.93,
        certain=True,
        refine=frames.reads_field(Trust.SURE),
    ),
    Rule(
        "labelled_openly",
        "NAME",
        compile_rule(rf"{BEFORE} {OPEN_LABEL} {SEPARATOR}"),
        0.88,
        certain=True,
        refine=frames.reads_open_field,
    ),
    Rule(
        "signed_by",
        "NAME",
        compile_rule(rf"{BEFORE} {SIGNED_BY} [ ]? :? \s{{1,3}} (?=[^\W\d_])"),
        0.88,
        certain=True,
        refine=frames.reads(Trust.FAIR),
    ),
    Rule(
        "letter",
        "NAME",
        compile_rule(rf"{BEFORE} {LETTER_PHRASE} [ ] (?=[^\W\d_])"),
        0.85,
        certain=True,
        refine=relatives.in_a_letter,
    ),
    Rule(
        "contact",
        "NAME",
        compile_rule(rf"{BEFORE} {CONTACT} [ ] (?=[^\W\d_])"),
        0.75,
        refine=frames.contacted,
    ),
    Rule(
        "preposition",
        "NAME",
        compile_rule(rf"{BEFORE} {PREPOSITION} [ ] (?=[^\W\d_])"),
        0.7,
        refine=frames.listed,
    ),
    Rule(
        "credential_before",
        "NAME",
        compile_rule(rf"{BEFORE} {CREDENTIAL_BEFORE} [ ] (?=[^\W\d_])"),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=relatives.mentioned,
    ),
    Rule(
        "name_is",
        "NAME",
        compile_rule(
            r"\b(?: names? (?:\s(?:is|was|as)|\?) | named (?:\s(?:him|her|them|after))? ) \s"
            r"[\"']? (?=[^\W\d_])"
        ),
        0.88,
        certain=True,
        refine=relatives.nicknamed,
    ),
    Rule(
        "introduced",
        "NAME",
        compile_rule(
            r"\b(?: i\sam | i'm | this\sis | it's | introduced\s(?:as|to) | called ) \s [\"']?"
            r"(?=[^\W\d_])"
        ),
        0.85,
        certain=True,
        refine=frames.reads(Trust.FAIR),
    ),
    Rule(
        "nickname",
        "NAME",
        compile_rule(
            r"\b(?: goes\sby (?:\sthe\s(?:nick)?name)? | nick-?named? (?:\sis)?"
            r"| (?<!also[ ]) (?<!commonly[ ]) (?<!formerly[ ]) known\sas"
            r"| to\sbe\scalled | call(?:s|ed)?\s(?:him|her|them|me|himself|herself) | a\.?k\.?a\.?"
            r"| alias | answers\sto | preferred\sname (?:\sis)? | prefers\sthe\sname | went\sby"
            r"| go\sby | going\sby ) [ :]{1,2} [\"'(]{0,2} (?=[^\W\d_])"
        ),
        0.88,
        certain=True,
        refine=relatives.nicknamed,
    ),
    Rule(
        "relative",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?P<kin> {RELATION} ) (?: [ ]?\([ ]? | ,[ ] | :[ ] | [ ] (?: (?:is"
            rf"|was) [ ] (?:named|called) [ ] | (?:named|called|is|was) [ ] )? ) [\"']?"
            rf"(?=[^\W\d_])"
        ),
        0.85,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=relatives.relative,
    ),
    Rule(
        "last_of_relatives",
        "NAME",
        compile_rule(
            rf"{BEFORE} {KIN_PLURAL} [ ,:(]{{1,3}} {CAP} (?: [,;] [ ] {CAP} ){{0,6}} ,? [ ] (?:and"
            rf"|&) [ ] (?P<id> {CAP} )"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=relatives.capitalised,
    ),
    Rule(
        "baby",
        "NAME",
        compile_rule(
            r"\b (?: (?: baby | infant | newborn | bb | bg ) (?:[ ] (?:boy|girl|of|[AB]) )? "
            r"| twin [ ]"
            r"[AB] ) [ ] (?=[^\W\d_])"
        ),
        0.9,
        subtype="PATIENT_NAME",
        certain=True,
        refine=frames.reads(Trust.WEAK),
    ),
    Rule(
        "person_named",
        "NAME",
        compile_rule(
            rf"{BEFORE} {PERSON} (?: [ ]?[(,:-][ ]? | [ ] (?: like | such\sas | similar\sto |"
            rf"of | for | is | with\sname | identified\sas )? [ ]? ) (?: (?:patient|pt|one"
            rf"|case)[ ] )?"
            rf"(?=[^\W\d_])"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=frames.beside_person,
    ),
    Rule(
        "age_then_name",
        "NAME",
        compile_rule(
            rf"\b {AGE} [^.;:\n]{{0,60}}? (?: , [ ] | named [ ] | like [ ] "
            rf"| \( ) (?=(?-i:[{UPPER}]))"
        ),
        0.75,
        subtype="PATIENT_NAME",
        refine=frames.reads(Trust.WEAK),
    ),
    Rule(
        "age_and_sex_then_name",
        "NAME",
        compile_rule(rf"\b {AGE} (?: [ ] {PERSON} )? [ ] (?=[^\W\d_])"),
        0.75,
        subtype="PATIENT_NAME",
        refine=frames.reads(Trust.WEAK),
    ),
]
