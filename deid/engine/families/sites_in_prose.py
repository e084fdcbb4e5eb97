"""Sites by what the sentence says of them: local names, capitals, dictation, schools (letter B)."""

from deid.engine.families.facilities import NAME_WORD
from deid.engine.families.patterns import CAP
from deid.engine.families.site_dictation import (
    site_in_capitals,
    site_in_lower_case,
    site_of_care_in_lower_case,
)
from deid.engine.families.site_judges import local_site, plausible_site, service_of_a_town
from deid.engine.recognition import Rule, compile_rule

_LOWER_NOUN = (
    r"(?: (?:medical|health|cancer|heart|trauma|surgery|rehab|rehabilitation|community|nursing|care"
    r"|dialysis|treatment|detention) [ ] (?:center|centre|ctr|system|clinic|home|institute) |"
    r"hospital | clinic | infirmary | hospice | nursing[ ]home | care[ ]home | group[ ]home |"
    r"assisted[ ]living | university | college | elementary | (?:high|middle|elementary)[ ]school |"
    r"church | temple | mosque | synagogue | shelter | prison | jail | pharmacy | institute |"
    r"correctional[ ](?:facility|center|institution) )"
)
_MOTION = (
    r"(?: transferred | transfer | sent | taken | returned | returns? | back | went | goes | going "
    r"|"
    r"referred | transported | admitted | brought | moved | discharged | d/c(?:'?d)? | flown | came"
    r"| presented | presents | drove | walked | walks | visits? | said | say | told | admission )"
)

#: What a number after a place counts: ``back from Cabo 2 wks ago``.
_COUNTED = (
    r"(?: wks? | weeks? | days? | mos? | months? | yrs? | years? | hrs? | hours? | times | x | mg"
    r" | ml | units? | min ) \b"
)

RULES = [
    Rule(
        "site_of_local_name",
        "LOCATION",
        compile_rule(
            rf"\b (?: at | @ | from | (?: {_MOTION} (?: \s \w+ ){{0,2}} \s ) (?: to | into | via ) "
            rf") \s"
            rf"(?: (?:the|our)\s )? (?P<id> (?> {CAP} (?:'s)? (?: [ ] (?:(?:of|&)[ ])? {CAP} "
            rf"(?:'s)? ){{0,3}} )"
            rf"(?: [ ] \d{{1,2}} (?! [\d/.:%-] | [ ]?{_COUNTED} ) )? )"
            rf" (?! [ ]? (?-i:[A-Z]) | ['-]\w | : )"
        ),
        0.6,
        subtype="FACILITY",
        refine=local_site,
    ),
    Rule(
        "service_of_a_town",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} )? [ ] (?-i: FD | PD | VFD | EMS | VNA | DPW | ISD | "
            rf"Fire | Police"
            rf"| Ambulance | Sheriff | Med[Ff]light | MedFlight ) ) \b | \b (?-i: VNA | "
            rf"Visiting[ ]Nurses? |"
            rf"Fire[ ]Department | Police[ ]Department ) [ ] of [ ] {CAP} (?: [ ] {CAP} ){{0,2}}"
        ),
        0.7,
        subtype="FACILITY",
        refine=service_of_a_town,
    ),
    Rule(
        "site_of_saints",
        "LOCATION",
        compile_rule(
            r"\b (?: Our[ ]Lady | Sacred[ ]Heart | Holy[ ][A-Z][a-z]+ | Good[ ]Samaritan |"
            r" Immaculate[ ][A-Z][a-z]+ | Blessed[ ][A-Z][a-z]+ | Little[ ]Sisters ) (?:'s)?"
            r" (?: [ ] (?:of[ ](?:the[ ])?)? [A-Z][a-z]+ ){0,3}",
            ignore_case=False,
        ),
        0.7,
        subtype="FACILITY",
    ),
    Rule(
        "site_of_veterans",
        "LOCATION",
        compile_rule(
            r"\b (?: (?: CBOC | VAMC ) [ ] [A-Z][a-z]+ (?: [ ] [A-Z][a-z]+ )? | [A-Z][a-z]+"
            r" (?: [ ] [A-Z][a-z]+ )? [ ] (?: VAMC | VAH ) ) \b",
            ignore_case=False,
        ),
        0.75,
        subtype="FACILITY",
    ),
    Rule(
        "site_in_capitals",
        "LOCATION",
        compile_rule(
            r"\b (?: FROM | (?: TX | TXFR? | XFER | TRANSF(?:ER(?:RED)?)? | SENT | ADMIT(?:TED)? | "
            r"SEEN"
            r" | TAKEN | BACK | RETURNED? | D/C(?:'?D)? | DISCHARGED? | BROUGHT ) \s (?: TO | AT ) "
            r") \s"
            r"(?: THE \s )? (?P<id> [A-Z][A-Z'-]{4,} (?: [ ] [A-Z][A-Z'-]{4,} )? ) \b",
            ignore_case=False,
        ),
        0.65,
        subtype="FACILITY",
        refine=site_in_capitals,
    ),
    Rule(
        "site_in_brackets",
        "LOCATION",
        compile_rule(
            rf"\b (?: OSH | hospital | facility | rehab | SNF | NH | ECF | ALF | LTAC | "
            rf"nursing\shome | clinic ) \s?"
            rf"\( (?:at\s)? (?P<id> (?> {CAP} (?:'s)? (?: [ ] {NAME_WORD} ){{0,4}} ) ) (?= [),;] )"
        ),
        0.75,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_of_care_in_lower_case",
        "LOCATION",
        compile_rule(
            r"\b (?: seen | admitted | treated | transferred | taken | sent | followed | born | "
            r"hospitalized |"
            r"evaluated | discharged | brought | care | surgery | back | hosps? | "
            r"hospitalizations? | admissions?"
            r" | stays? ) \s (?: here\s | yesterday\s |"
            r"last\s\w+\s )? (?: at | from | to ) \s (?:the\s)? (?P<id> [a-z][a-z.'-]+ (?: [ ]"
            r"[a-z][a-z'-]+ )? ) \b",
            ignore_case=False,
        ),
        0.65,
        subtype="FACILITY",
        refine=site_of_care_in_lower_case,
    ),
    Rule(
        "site_in_lower_case",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?: [a-z][a-z.'-]* [ ] ){{1,4}} (?P<noun> {_LOWER_NOUN} ) ) \b",
            ignore_case=False,
        ),
        0.75,
        subtype="FACILITY",
        refine=site_in_lower_case,
    ),
    Rule(
        "school_or_congregation",
        "LOCATION",
        compile_rule(
            rf"\b(?: attend(?:s|ed|ing)? | enrolled\s(?:at|in) | student\s(?:at|of) | graduated?\s"
            rf"from | goes\sto | went\sto | teach(?:es|ing)?\sat | taught\sat | "
            rf"grade(?:r)?\s(?:at|in)"
            rf"| freshman\sat | sophomore\sat | junior\sat | senior\sat | alum(?:na|nus|ni)?\sof |"
            rf"dropped\sout\sof | parishioner\s(?:at|of) | member\sof | pastor\s(?:at|of) | "
            rf"worships\sat"
            rf"| congregation\sof | incarcerated\s(?:at|in) | inmate\s(?:at|of|from) | "
            rf"imprisoned\sin |"
            rf"jailed\s(?:at|in) | paroled\sfrom | released\sfrom | housed\s(?:at|in) )"
            rf"\s (?:the\s)? (?P<id> (?> {CAP} (?:'s)? (?: [ ] {NAME_WORD} (?:'s)? ){{0,4}} ) ) "
            rf"(?! [ ](?:trial|study|program) )"
        ),
        0.75,
        subtype="FACILITY",
        refine=plausible_site,
    ),
]
