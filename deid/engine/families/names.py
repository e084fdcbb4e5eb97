"""Names of patients, relatives, clinicians and others (letter A)."""

from deid.engine import lexicon
from deid.engine.families import name_judges as judges
from deid.engine.families.name_vocabulary import (
    CREDENTIAL,
    KIN,
    LABEL,
    RELATION,
    SIGNATURE,
    TITLE,
)
from deid.engine.families.patterns import CAP, PARTICLE, UPPER
from deid.engine.recognition import Rule, Trigger, compile_rule

_INITIAL = rf"(?-i:[{UPPER}]) (?: \. (?: [ ]?(?-i:[{UPPER}])\. )? )? (?![\w'])"
_WORD = rf"(?: {CAP} | {_INITIAL} )"
_SEQUENCE = (
    rf"(?: (?: (?-i:[{UPPER}])\. | {CAP} ) (?: [ ]{{1,2}} (?: (?i:{PARTICLE}) [ ] )? (?: {_INITIAL}"
    rf"| {CAP} | \"{CAP}\" | \({CAP}\) ) ){{0,3}} (?: ,?[ ](?-i:Jr|Sr|II|III|IV)\b \.? )? )"
)
RULES = [
    Rule(
        "titled",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<title>{TITLE}) [ ]{{1,2}} (?P<id> {_SEQUENCE} | (?: (?-i:[A-Z])\."
            rf"[ ]? ){{1,2}} {_SEQUENCE} | (?: (?i:{PARTICLE}) [ ] ){{1,2}} {_SEQUENCE}"
            rf"| (?<=dr\.[ ]) [a-z]{{3,20}} (?=[ ,.;]) )"
        ),
        0.95,
        certain=True,
        refine=judges.titled,
    ),
    Rule(
        "credential_before",
        "NAME",
        compile_rule(
            rf"\b (?-i: RN | NP | LPN | CNA | PA | MD | DO | CRNA | CNM | RT ) [ ]"
            rf"(?P<id> {_SEQUENCE} )"
        ),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=judges.plausible,
    ),
    Rule(
        "and_second_titled",
        "NAME",
        compile_rule(
            rf"\b Drs \.? [ ] {CAP} (?: , [ ] {CAP} ){{0,3}} ,? [ ] (?:and|&) [ ] (?P<id> {CAP} )"
        ),
        0.93,
        certain=True,
    ),
    Rule(
        "credentialed",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<id> (?: (?-i:[A-Z])\. [ ]? ){{0,2}} {_SEQUENCE} ) ,? [ ]{{1,2}}"
            rf"{CREDENTIAL}"
        ),
        0.9,
        subtype="CLINICIAN_NAME",
        certain=True,
        refine=judges.anchored_right,
    ),
    Rule(
        "labelled",
        "NAME",
        compile_rule(
            rf"(?<![^\W\d_]) {LABEL} \s? (?: \((?:s|print(?:ed)?)\) )? \s? [:=] [ \t]* (?:(?i:dr"
            rf"|mr|mrs|ms)\.?[ ])? (?P<id> {CAP} , [ ] {_SEQUENCE} | {_SEQUENCE} )"
        ),
        0.9,
        certain=True,
        refine=judges.plausible,
    ),
    Rule(
        "name_is",
        "NAME",
        compile_rule(
            rf"\b(?: (?:named?|names) (?:\s(?:is|was|of|as))? | called | known\sas | goes\sby |"
            rf"nicknamed? | a\.?k\.?a\.? | alias | answers\sto | preferred\sname (?:\sis)? | i\sam"
            rf"| i'm | this\sis | my\sname\sis | prefers (?:\sto\sbe\scalled)? ) \s [\"']? (?P<id>"
            rf"{_SEQUENCE} )"
        ),
        0.88,
        certain=True,
        refine=judges.plausible,
    ),
    Rule(
        "quoted_nickname",
        "NAME",
        compile_rule(
            rf"\b(?: called | known\sas | goes\sby | nicknamed? | a\.?k\.?a\.? | {RELATION} |"
            rf"name ) ,? \s [\"'] (?P<id> {CAP} ) [\"']"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "relative",
        "NAME",
        compile_rule(
            rf"\b {RELATION} (?: \s? \( \s? | ,\s | \s (?: is | was | named | called | who\sis )?"
            rf"\s? | : \s ) (?P<id> {_SEQUENCE} )"
        ),
        0.85,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=judges.plausible,
    ),
    Rule(
        "relative_with_wordy_name",
        "NAME",
        compile_rule(
            rf"\b {KIN} [ ] (?P<id> {CAP} (?: [ ] {CAP} )? )"
            r"(?! [ ] (?: can | could | would | has | had | is | was | did | not ) \b [ ]"
            r"(?:cancer|disease) )"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=judges.wordy_given_name,
    ),
    Rule(
        "name_then_relation",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<id> {_SEQUENCE} ) [ ]? (?: , [ ]? | \( ) (?: (?:his|her|their|the"
            rf"|patient's|pt's) [ ] )? (?:older[ ]|younger[ ]|eldest[ ])? {RELATION} \b"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        refine=judges.anchored_right,
    ),
    Rule(
        "baby",
        "NAME",
        compile_rule(
            rf"\b (?: baby | infant | newborn ) [ ] (?: boy | girl ) [ ] (?P<id> {_SEQUENCE} )"
        ),
        0.93,
        subtype="PATIENT_NAME",
        certain=True,
        refine=judges.plausible,
    ),
    Rule(
        "signature",
        "NAME",
        compile_rule(
            rf"(?<![^\W\d_]) {SIGNATURE} [ ]? :? \s{{1,3}} (?:(?i:dr|mr|mrs|ms)\.?[ ])? (?P<id>"
            rf"(?: (?-i:[A-Z])\. [ ]? ){{0,2}} {_SEQUENCE} )"
        ),
        0.85,
        certain=True,
        refine=judges.plausible,
    ),
    Rule(
        "patient_named",
        "NAME",
        compile_rule(
            rf"\b(?: patients? | pts? | child | infant | gentleman | lady | woman | man | male |"
            rf"female | boy | girl | individual | resident | veteran | person | case | client |"
            rf"student | adolescent | teen(?:ager)? )"
            rf" (?: \s? (?: \( | , | : | - ) \s? | \s (?: like | such\sas | similar\sto | named |"
            rf"called | of | for | is | with\sname | known\sas | identified\sas )? \s? ) (?:"
            rf"(?:patient|pt|one|case)\s )? (?P<id> {_SEQUENCE} )"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=judges.plausible,
    ),
    Rule(
        "age_then_name",
        "NAME",
        compile_rule(
            rf"\b \d{{1,3}} \s?-? (?: years?-?\s?old | y/?o | yrs?\sold | y\.o\. | [MF]\b )"
            rf"[^.;:\n]{{0,60}}? (?: , \s | named\s | like\s | \( ) (?P<id> {_SEQUENCE} )"
        ),
        0.75,
        subtype="PATIENT_NAME",
        refine=judges.plausible,
    ),
    Rule(
        "name_then_age",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {_SEQUENCE} ) ,? [ ] (?: (?:is|was) [ ] )? (?: (?:a|an|age"
            rf"|aged) [ ] )? \(? \d{{1,3}} [ -]? (?: years? | y/?o | yrs? | y\.o\. | [MF]\b )"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=judges.anchored_right,
    ),
    Rule(
        "name_then_identifier",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {_SEQUENCE} ) [ ]? ,? [ ]? [(\[]? [ ]? (?: MRN | DOB | SSN |"
            rf"date\sof\sbirth | medical\srecord )\b"
        ),
        0.8,
        subtype="PATIENT_NAME",
        certain=True,
        refine=judges.anchored_right,
    ),
    Rule(
        "first_and_initial",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> (?P<first>{CAP}) [ ] (?P<initial>(?-i:[{UPPER}])) (?![\w'-])"
            rf"\.? )"
        ),
        0.85,
        subtype="PATIENT_NAME",
        certain=True,
        refine=judges.first_and_initial,
    ),
    Rule(
        "initials_and_last",
        "NAME",
        compile_rule(rf"(?<![\w.-]) (?P<id> (?: (?-i:[{UPPER}])\. [ ]? ){{1,2}} {CAP} )"),
        0.7,
        refine=judges.initials_and_last,
    ),
    Rule(
        "first_and_last",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {CAP} (?: [ ] (?: {_INITIAL} |"
            rf"(?i:{PARTICLE})(?=[ ](?-i:[A-Z])) | {CAP} ) ){{1,3}} )"
        ),
        0.75,
        refine=judges.first_and_last,
    ),
    Rule(
        "unlisted_name",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {CAP} (?: [ ] (?-i:[{UPPER}]) \.? (?=[ ]) )? (?: [ ] {CAP}"
            rf"){{1,2}} ) \b"
            r"(?! [ ]? - | [ ] (?-i:[A-Z]) )"
        ),
        0.6,
        refine=judges.unlisted_name,
    ),
    Rule(
        "lower_case_name",
        "NAME",
        compile_rule(
            r"(?<![\w-]) (?P<first>[a-z]{3,12}) (?=[ ] (?P<last>[a-z]{3,15}) \b )",
            ignore_case=False,
        ),
        0.65,
        refine=judges.lower_case_name,
        trigger=Trigger(lexicon.words("common_given_names"), reach=0),
    ),
    Rule(
        "lower_case_title",
        "NAME",
        compile_rule(
            r"\b (?P<title>dr|mr|mrs|ms|doctor|mister|missus|nurse) \.? [ ] (?P<id>[a-z]{2,20}) \b",
            ignore_case=False,
        ),
        0.85,
        certain=True,
        refine=judges.lower_case_title,
    ),
    Rule(
        "last_comma_first",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> (?P<last> (?: (?i:{PARTICLE})[ ] )? {CAP} ) ,[ ]? (?P<first>"
            rf"{CAP} ) (?: [ ] {_INITIAL} )? )"
        ),
        0.8,
        refine=judges.comma_name,
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
        compile_rule(
            rf"(?<= [a-z,;] [ ] ) (?P<id> {CAP} ) (?! [ ]? (?:'s)? [ ] (?-i: disease|syndrome|sign"
            rf"|test|score|scale|criteria|catheter|drain|tube|clamp|staging) | -\w )"
        ),
        0.6,
        refine=judges.lone_first,
    ),
]
