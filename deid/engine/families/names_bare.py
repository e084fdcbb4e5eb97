"""Rules for names that nothing announces: by their words, shape and neighbours (letter A)."""

from deid.engine.families import name_frames as frames
from deid.engine.families import name_lone as lone
from deid.engine.families import name_runs as runs
from deid.engine.families.name_vocabulary import BEFORE, INITIAL, STRICT_AGE
from deid.engine.families.patterns import CAP, PARTICLE, UPPER
from deid.engine.recognition import Rule, Trigger, compile_rule

_PAIR = compile_rule(
    rf"{BEFORE} (?P<left>{CAP}) [ ] (?:and|&|or) [ ] (?P<right>{CAP}) (?! [\w-] | '(?!s\b) "
    rf"| [ ]{CAP} )"
)
_SLASH = compile_rule(rf"{BEFORE} (?P<left>{CAP}) / (?P<right>{CAP}) (?! [\w/-] )")
_INITIALS = frozenset(char for char in map(chr, range(0x17F)) if char.isupper())
RULES = [
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
            r"(?<![^\n]) (?P<id> [A-Z]{2,4} [/:] [a-z]{2,4} ) (?= [ ]* (?:\n|\Z) )",
            ignore_case=False,
        ),
        0.75,
    ),
    Rule(
        "typed_by",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?: transcribed | typed | dictated | entered | keyed ) [ ] by [ ]? :? [ ]"
            r"(?P<id> (?-i: [A-Z]{2,3} | [a-z]{2,3} ) ) (?= [ ]* (?:\n|\Z|[,;.]) )"
        ),
        0.8,
    ),
    Rule(
        "person_initials",
        "NAME",
        compile_rule(rf"{BEFORE} (?:patient|pt|client)\.? [ ] (?P<id> (?-i:(?:[A-Z]\.){{2,3}}) )"),
        0.8,
        subtype="PATIENT_NAME",
    ),
    Rule(
        "user_name",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?: user (?:[ ]?(?:name|id))? | login | log-?in | logged[ ]in[ ]as |"
            rf"entered[ ]by | scanned[ ]by ) [ ]? [:=]? [ ]"
            rf"(?P<id> (?-i:[a-z]{{4,20}}\d{{0,4}}) ) \b"
        ),
        0.8,
        subtype="CLINICIAN_NAME",
        refine=frames.login,
    ),
    Rule(
        "told_initials",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?P<id> (?-i: (?:[A-Z]\.){{2,3}} | [A-Z]{{2,3}} ) )"
            rf"(?= [ ] (?:is|was) [ ] (?:a|an) [ ] (?:[a-z]+[ ]){{0,2}} {STRICT_AGE} )"
        ),
        0.8,
        subtype="PATIENT_NAME",
        refine=runs.told_initials,
    ),
    Rule(
        "glued_initials",
        "NAME",
        compile_rule(rf"{BEFORE} (?: (?-i:[{UPPER}])\. ){{1,2}} {CAP}"),
        0.7,
        refine=runs.glued_initials,
    ),
    Rule(
        "first_and_initial",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?P<id> (?P<first>{CAP}) [ ] (?P<initial>(?-i:[{UPPER}])) (?![\w'-]) \.? )"
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
            rf"{BEFORE} (?: {CAP} | (?-i:[{UPPER}])\.? (?=[ .]) ) (?: [ ]? (?: {INITIAL} "
            rf"| {PARTICLE}"
            rf"(?=[ ](?-i:[{UPPER}])) | \"{CAP}\" | \({CAP}\) ) (?=[ .]) | [ ] {CAP} )+"
        ),
        0.75,
        refine=runs.sequence,
    ),
    Rule(
        "last_comma_first",
        "NAME",
        compile_rule(
            rf"{BEFORE} (?P<id> (?P<last> (?: {PARTICLE}[ ] )? {CAP} ) ,[ ]? (?P<first> {CAP} )"
            rf"(?: [ ] {INITIAL} )? )"
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
        compile_rule(rf"{BEFORE} (?P<id> {CAP} ) (?! [\w-] | '(?!s\b) )"),
        0.6,
        refine=lone.lone_given,
        begins=runs.begins_given,
    ),
    Rule("slash_left", "NAME", _SLASH, 0.6, refine=runs.pair("left")),
    Rule("slash_right", "NAME", _SLASH, 0.6, refine=runs.pair("right")),
    Rule("pair_left", "NAME", _PAIR, 0.6, refine=runs.pair("left")),
    Rule("pair_right", "NAME", _PAIR, 0.6, refine=runs.pair("right")),
    Rule(
        "surname",
        "NAME",
        compile_rule(rf"(?<=[a-z,][ ]) (?P<id> {CAP} ) (?! [\w-] | '(?!s\b) )"),
        0.55,
        refine=lone.lone_surname,
        begins=lone.begins_surname,
    ),
    Rule(
        "lower_case_pair",
        "NAME",
        compile_rule(
            r"(?<![\w'-]) (?P<first>[a-z]{3,12}) (?=[ ] (?:[a-z]\.?[ ])?"
            r"(?P<last>[^\W\d_A-Z]{3,15}) \b )",
            ignore_case=False,
        ),
        0.65,
        refine=runs.lower_case_pair,
        begins=runs.begins_spoken,
    ),
]
