"""Employers, by the words of work around them (letter A: names of employers)."""

from deid.engine.families.patterns import CAP
from deid.engine.families.site_dictation import employer_before_job, employer_in_lower_case
from deid.engine.families.site_judges import plausible_site
from deid.engine.recognition import Rule, compile_rule

_NAME = (
    rf"(?: {CAP} (?:'s)? (?: [ ] (?: {CAP} (?:'s)? | & | and(?=\s(?-i:[A-Z]))"
    rf"| of(?=\s(?-i:[A-Z])) ) ){{0,5}} )"
)
_JOB = (
    r"(?: foreman | forewoman | welder | machinist | mechanic | electrician | plumber | carpenter |"
    r"cashier | cook | chef | waitress | waiter | server | bartender | driver | trucker | "
    r"dispatcher"
    r"| janitor | custodian | housekeeper | manager | supervisor | assistant | secretary |"
    r"receptionist | clerk | teller | accountant | bookkeeper | engineer | programmer | developer |"
    r"teacher | professor | instructor | principal | aide | technician | operator | assembler |"
    r"packer | picker | loader | stocker | guard | officer | deputy | firefighter | salesman |"
    r"saleswoman | salesperson | barista | farmhand | laborer | apprentice | intern | trainee |"
    r"contractor | consultant | analyst | director | employee | worker | lawyer | attorney |"
    r"paralegal | editor | reporter | pilot | longshoreman | miner | roofer | painter | butcher |"
    r"baker | hairdresser | stylist | groomer | landscaper | librarian | vice\spresident )"
)
_WORK = (
    r"(?: work(?:s|ed|ing)? | employed | job | jobs | shifts? | career | position | retired |"
    r"laid\soff | hired | fired | let\sgo | drives? | drove | driving | self-employed | "
    r"on\sthe\s(?:line|floor|docks?|assembly\sline) | assembly\sline | \d+\syears )"
)

RULES = [
    Rule(
        "employer",
        "NAME",
        compile_rule(
            rf"\b(?: employer \s? [:=]? (?:\sis)? | employed\s(?:by|at|with) | works?\s(?:for|at)"
            rf"| worked\s(?:for|at) | working\s(?:for|at) | job\s(?:at|with) | retired\sfrom |"
            rf"laid\soff\s(?:by|from) | self-employed\sat | (?:drives?|drove|driving)\sfor |"
            rf"hired\s(?:by|at|on\sat) | fired\s(?:by|from) | let\sgo\s(?:by|from) | co-?owner\sof "
            rf"|"
            rf"place\sof\s(?:work|employment) \s? [:=]? (?:\sis)? | workplace \s? [:=]? (?:\sis)? |"
            rf"(?:business|company|shop|store|restaurant|firm)\scalled ) \s (?:the\s)? (?P<id> "
            rf"{_NAME} ) (?!\w)"
        ),
        0.75,
        subtype="EMPLOYER",
        certain=True,
        refine=plausible_site,
    ),
    Rule(
        "employer_after_work",
        "NAME",
        compile_rule(
            rf"\b (?: {_WORK} | {_JOB} ) \b (?: \s (?!at\b|for\b|by\b|from\b) [\w,'-]+ ){{0,6}}? \s"
            rf"(?: at | for | by | from ) \s (?:the\s)? (?P<id> {_NAME} ) (?!\w)"
        ),
        0.7,
        subtype="EMPLOYER",
        refine=plausible_site,
    ),
    Rule(
        "employer_before_job",
        "NAME",
        compile_rule(
            rf"\b (?: retired | former | ex-? | unemployed | laid-off | part-time | full-time ) \s "
            rf"(?P<id> {CAP} (?: [ ] {CAP} )? ) \s {_JOB} \b"
        ),
        0.7,
        subtype="EMPLOYER",
        refine=employer_before_job,
    ),
    Rule(
        "employer_in_lower_case",
        "NAME",
        compile_rule(
            rf"\b (?: works? | worked | working | employed | job | shift | line | retired | "
            rf"laid\soff"
            rf"| drives? | drove | hired | fired | employer | {_JOB} ) (?: \s in \s \w+ )? \s? (?: "
            rf"at | for | by | "
            rf"from |"
            rf"is | : ) \s (?:the\s)? (?P<id> [a-z][a-z'-]{{3,20}} ) \b",
            ignore_case=False,
        ),
        0.7,
        subtype="EMPLOYER",
        refine=employer_in_lower_case,
    ),
]
