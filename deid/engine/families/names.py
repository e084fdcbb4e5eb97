"""Names of patients, relatives, clinicians and others (letter A).

A rule's pattern is what announces a name or follows one; ``name_reader`` reads the name itself.
"""

from deid.engine.families import name_frames as frames
from deid.engine.families import name_runs as runs
from deid.engine.families.name_reader import Trust
from deid.engine.families.name_vocabulary import (
    AGE,
    CREDENTIAL,
    CREDENTIAL_BEFORE,
    CONTACT,
    KIN_PLURAL,
    LETTER_PHRASE,
    OPEN_LABEL,
    PERSON,
    PREPOSITION,
    PERSON_LABEL,
    RELATION,
    SEPARATOR,
    SIGNED_BY,
    STRICT_AGE,
    TITLE,
    TOLD_VERB,
    WEAK_CREDENTIAL,
)
from deid.engine.families.patterns import CAP, PARTICLE, UPPER
from deid.engine.recognition import Rule, Trigger, compile_rule

_INITIAL = rf"(?-i:[{UPPER}])(?![\w'])\.?"
_INITIALS = frozenset(char for char in map(chr, range(0x17F)) if char.isupper())
_BEFORE = r"(?<![\w.'-])"
_PAIR = compile_rule(
    rf"{_BEFORE} (?P<left>{CAP}) [ ] (?:and|&|or) [ ] (?P<right>{CAP}) (?! [\w-] | '(?!s\b) | [ ]{CAP} )"
)
RULES = [
    Rule(
        "titled",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) {TITLE} (?: [ ]{{1,2}} (?=[^\W\d_]) | (?<=\.) (?=(?-i:[{UPPER}])\w) )"
        ),
        0.95,
        certain=True,
        refine=frames.titled,
    ),
    Rule(
        "and_second_titled",
        "NAME",
        compile_rule(
            rf"\b Drs \.? [ ] {CAP} (?: , [ ] {CAP} ){{0,3}}  (?: ,? [ ] (?:and|&) [ ] | [ ]?/[ ]? )"
            rf"(?P<id> {CAP} )"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "labelled",
        "NAME",
        compile_rule(rf"{_BEFORE} {PERSON_LABEL} {SEPARATOR}"),
        0.93,
        certain=True,
        refine=frames.reads_field(Trust.SURE),
    ),
    Rule(
        "labelled_openly",
        "NAME",
        compile_rule(rf"{_BEFORE} {OPEN_LABEL} {SEPARATOR}"),
        0.88,
        certain=True,
        refine=frames.reads_field(Trust.FAIR),
    ),
    Rule(
        "signed_by",
        "NAME",
        compile_rule(rf"{_BEFORE} {SIGNED_BY} [ ]? :? \s{{1,3}} (?=[^\W\d_])"),
        0.88,
        certain=True,
        refine=frames.reads(Trust.FAIR),
    ),
    Rule(
        "letter",
        "NAME",
        compile_rule(rf"{_BEFORE} {LETTER_PHRASE} [ ] (?=[^\W\d_])"),
        0.85,
        certain=True,
        refine=frames.in_a_letter,
    ),
    Rule(
        "contact",
        "NAME",
        compile_rule(rf"{_BEFORE} {CONTACT} [ ] (?=[^\W\d_])"),
        0.75,
        refine=frames.reads(Trust.FAIR),
    ),
    Rule(
        "preposition",
        "NAME",
        compile_rule(rf"{_BEFORE} {PREPOSITION} [ ] (?=[^\W\d_])"),
        0.7,
        refine=frames.listed,
    ),
    Rule(
        "bracketed",
        "NAME",
        compile_rule(rf"\( (?=(?-i:[{UPPER}]))"),
        0.65,
        refine=frames.bracketed,
    ),
    Rule(
        "typist",
        "NAME",
        compile_rule(
            r"(?<![^\n]) (?P<id> [A-Z]{2,4} [/:] [a-z]{2,4} ) (?= [ ]* (?:\n|\Z) )", ignore_case=False
        ),
        0.75,
    ),
    Rule(
        "typed_by",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?: transcribed | typed | dictated | entered | keyed ) [ ] by [ ]? :? [ ]"
            r"(?P<id> (?-i: [A-Z]{2,3} | [a-z]{2,3} ) ) (?= [ ]* (?:\n|\Z|[,;.]) )"
        ),
        0.8,
    ),
    Rule(
        "credential_before",
        "NAME",
        compile_rule(rf"{_BEFORE} {CREDENTIAL_BEFORE} [ ] (?=[^\W\d_])"),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=frames.mentioned,
    ),
    Rule(
        "credentialed",
        "NAME",
        compile_rule(rf"{_BEFORE} {CREDENTIAL}"),
        0.9,
        subtype="CLINICIAN_NAME",
        certain=True,
        refine=frames.reads_before(Trust.SURE),
    ),
    Rule(
        "perhaps_credentialed",
        "NAME",
        compile_rule(rf"{_BEFORE} {WEAK_CREDENTIAL}"),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=frames.reads_before(Trust.WEAK),
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
        refine=frames.nicknamed,
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
        refine=frames.nicknamed,
    ),
    Rule(
        "relative",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?P<kin> {RELATION} ) (?: [ ]?\([ ]? | ,[ ] | :[ ] | [ ] (?: (?:is"
            rf"|was) [ ] (?:named|called) [ ] | (?:named|called|is|was) [ ] )? ) [\"']?"
            rf"(?=[^\W\d_])"
        ),
        0.85,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=frames.relative,
    ),
    Rule(
        "last_of_relatives",
        "NAME",
        compile_rule(
            rf"{_BEFORE} {KIN_PLURAL} [ ,:(]{{1,3}} {CAP} (?: [,;] [ ] {CAP} ){{0,6}} ,? [ ] (?:and"
            rf"|&) [ ] (?P<id> {CAP} )"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=frames.capitalised,
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
        "baby",
        "NAME",
        compile_rule(
            r"\b (?: (?: baby | infant | newborn | bb | bg ) (?:[ ] (?:boy|girl|of|[AB]) )? | twin [ ]"
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
            rf"{_BEFORE} {PERSON} (?: [ ]?[(,:-][ ]? | [ ] (?: like | such\sas | similar\sto |"
            rf"of | for | is | with\sname | identified\sas )? [ ]? ) (?: (?:patient|pt|one|case)[ ] )?"
            rf"(?=[^\W\d_])"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=frames.reads(Trust.WEAK),
    ),
    Rule(
        "person_initials",
        "NAME",
        compile_rule(rf"{_BEFORE} (?:patient|pt|client)\.? [ ] (?P<id> (?-i:(?:[A-Z]\.){{2,3}}) )"),
        0.8,
        subtype="PATIENT_NAME",
    ),
    Rule(
        "age_then_name",
        "NAME",
        compile_rule(
            rf"\b {AGE} [^.;:\n]{{0,60}}? (?: , [ ] | named [ ] | like [ ] | \( ) (?=(?-i:[{UPPER}]))"
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
            rf"{_BEFORE} (?: MRN | MR\# | DOB | D\.O\.B | SSN | date\sof\sbirth | birth\s?date |"
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
    Rule(
        "user_name",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?: user (?:[ ]?(?:name|id))? | login | log-?in | logged[ ]in[ ]as |"
            rf"entered[ ]by | scanned[ ]by ) [ ]? [:=]? [ ] (?P<id> (?-i:[a-z]{{4,20}}\d{{0,4}}) ) \b"
        ),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=frames.login,
    ),
    Rule(
        "first_and_initial",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?P<id> (?P<first>{CAP}) [ ] (?P<initial>(?-i:[{UPPER}])) (?![\w'-]) \.? )"
        ),
        0.85,
        subtype="PATIENT_NAME",
        certain=True,
        refine=runs.first_and_initial,
        trigger=Trigger(_INITIALS, reach=40),
    ),
    Rule(
        "sequence",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?: {CAP} | (?-i:[{UPPER}])\.? (?=[ .]) ) (?: [ ]? (?: {_INITIAL} | {PARTICLE}"
            rf"(?=[ ](?-i:[{UPPER}])) | \"{CAP}\" | \({CAP}\) ) (?=[ .]) | [ ] {CAP} )+"
        ),
        0.75,
        refine=runs.sequence,
    ),
    Rule(
        "last_comma_first",
        "NAME",
        compile_rule(
            rf"{_BEFORE} (?P<id> (?P<last> (?: {PARTICLE}[ ] )? {CAP} ) ,[ ]? (?P<first> {CAP} )"
            rf"(?: [ ] {_INITIAL} )? )"
        ),
        0.8,
        refine=runs.comma_name,
    ),
    Rule(
        "hl7_name",
        "NAME",
        compile_rule(r"\b [A-Z][A-Z'-]+ \^ [A-Z][A-Z'-]+ (?: \^ [A-Z.]* )* \b"),
        0.95,
        certain=True,
    ),
    Rule(
        "given_name",
        "NAME",
        compile_rule(rf"{_BEFORE} (?P<id> {CAP} ) (?! [\w-] | '(?!s\b) )"),
        0.6,
        refine=runs.lone_given,
        begins=runs.begins_given,
    ),
    Rule("pair_left", "NAME", _PAIR, 0.6, refine=runs.pair("left")),
    Rule("pair_right", "NAME", _PAIR, 0.6, refine=runs.pair("right")),
    Rule(
        "surname",
        "NAME",
        compile_rule(rf"(?<=[a-z,][ ]) (?P<id> {CAP} ) (?! [\w-] | '(?!s\b) )"),
        0.55,
        refine=runs.lone_surname,
        begins=runs.begins_surname,
    ),
    Rule(
        "lower_case_pair",
        "NAME",
        compile_rule(
            r"(?<![\w'-]) (?P<first>[a-z]{3,12}) (?=[ ] (?:[a-z]\.?[ ])? (?P<last>[^\W\d_A-Z]{3,15}) \b )",
            ignore_case=False,
        ),
        0.65,
        refine=runs.lower_case_pair,
        begins=runs.is_spoken,
        trigger=Trigger(words=runs.spoken_given_names(), reach=0),
    ),
]
