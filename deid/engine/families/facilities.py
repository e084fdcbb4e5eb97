"""Named hospitals, clinics, homes, schools, churches and prisons (letter B)."""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP
from deid.engine.families.site_judges import (
    facility,
    local_site,
    plausible_site,
    service_of_a_town,
    site_in_capitals,
    site_in_lower_case,
    site_of_care_in_lower_case,
    site_with_noun,
)
from deid.engine.recognition import Rule, compile_rule

_SUFFIX = (
    r"(?-i: (?:Regional|Memorial|University|General|Community|County|Children's|Veterans|VA"
    r"|Medical|Health|Surgical"
    r"|Cancer|Heart|Rehabilitation|Rehab|Specialty|State|District|Military|Army|Naval|Behavioral"
    r"|Psychiatric|Women's"
    r"|Orthopedic|Eye|Wellness|Dialysis|Surgery|Diagnostic|Imaging|Care|Nursing|Convalescent"
    r"|Family|Primary|Urgent"
    r"|Neurology|Oncology|Cardiology|Pediatric|Pediatrics|Internal|Medicine|Physicians|Mental"
    r"|Trauma|Endoscopy|Pain)"
    r"[ ] ){0,4} (?-i: Hospitals? | Hosp\.? | Infirmary | Clinics? | Centers? | Centre | Ctr\.? |"
    r"Medical[ ](?:Center|Centre|Group|Campus|Associates|College|School|Ctr|Plaza|Arts|Park)"
    r"| Health(?:care|[ ](?:System|Systems|Network|Services|Care|Partners|Plan))? | Hospice |"
    r"Sanatorium | Polyclinic"
    r"| Nursing[ ](?:Home|Facility|Center) | Rehab(?:ilitation)? | (?:Assisted|Senior"
    r"|Independent)[ ]Living | Retirement[ ](?:Home|Community|Village)"
    r"| Care[ ](?:Center|Home|Facility) | Group[ ]Home | Manor | Lodge | Villa(?:ge)? |"
    r"Terrace(?=[ ](?:Nursing|Care|Assisted)) | Institute | Foundation"
    r"| University | College | Academy | (?:High|Middle|Elementary|Primary|Nursery)[ ]School |"
    r"School | Church | Temple | Synagogue | Mosque | Cathedral"
    r"| Shelter | Prison | Jail | Penitentiary | Correctional[ ](?:Facility|Center|Institution) |"
    r"Detention[ ]Center | Pharmacy | Laborator(?:y|ies) | Labs"
    r"| Associates | Orthopa?edics | Pediatrics | Cardiology | Dermatology | Oncology | Neurology"
    r"| Radiology | Urology | Gastroenterology | Psychiatry | Surgery | Imaging | Dialysis |"
    r"Physicians | Practice | Surgicenter | Med\b | Medicine | Airport | Library | Stadium | Mall"
    r"| Hotel | Inn | Base | Fire[ ]Department | Police[ ]Department ) \b"
)
_NO_MONTH = (
    r"(?! (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b )"
)
_NOUN = (
    r"(?: med(?:ical)?\s(?:center|ctr) | clinics? | facility | hospitals? | offices? | campus |"
    r"branch | location"
    r"| site | centers? | practice | outpatient\s(?:clinic|center) | ER | ED )"
)
_LOWER_NOUN = (
    r"(?: (?:medical|health|cancer|heart|trauma|surgery|rehab|rehabilitation|community|nursing|care"
    r"|dialysis|treatment|detention) [ ] (?:center|centre|ctr|system|clinic|home|institute) |"
    r"hospital | clinic | infirmary | hospice | nursing[ ]home | care[ ]home | group[ ]home |"
    r"assisted[ ]living | university | college | elementary | (?:high|middle|elementary)[ ]school |"
    r"church | temple | mosque | synagogue | shelter | prison | jail | pharmacy | institute |"
    r"correctional[ ](?:facility|center|institution) )"
)
_MOTION = (
    r"(?: transferred | transfer | sent | taken | returned | returns? | back | went | goes | going |"
    r"referred | transported | admitted | brought | moved | discharged | d/c(?:'?d)? | flown | came"
    r"| presented | presents | drove | walked | walks | visits? | said | say | told | admission )"
)
#: A full stop ends a sentence unless it follows one of these.
_SITE_WORD = rf"(?: (?-i:St|Mt|Ft|Dr|Drs|Med|Univ|Hosp|Mem|Gen|Reg|Ctr|[A-Z])\. | {CAP} )"
_NAME_WORD = rf"(?: {_SITE_WORD} | (?:of|the|and|for|de|la|at|on) | & )"
_CARE = (
    r"(?: seen | treated | admitted | evaluated | followed | hospitali[sz]ed | diagnosed |"
    r"cared\sfor | managed | operated | performed | done | reviewed | assessed"
    r"| discharged | transferred | referred | presented | presents | presenting | consulted |"
    r"examined | born | works? | working | worked | employed | enrolled | placed"
    r"| attended? | attending | visits? | visited | visiting | appointment | admission | stay |"
    r"care | surgery | procedure | scan | scheduled | rotation | consultation | consult | brought"
    r"| sent | taken | arrived | biopsy | biopsied"
    r"| workup | stays | tested | imaging | delivered | received | undergone | underwent |"
    r"encounter | check-?up | follow-?up | f/u | initiated | started | monitored | being | was |"
    r"is | records? | results? )"
)


def _spelt(site: str) -> str:
    """A pattern for a site's name in which blanks and hyphens stand for each other."""
    return re.escape(site).replace(r"\ ", "[ -]").replace(r"\-", "[ -]")


_KNOWN_SITES = "|".join(
    _spelt(site) for site in sorted(lexicon.words("known_facilities"), key=lambda s: (-len(s), s))
)

RULES = [
    Rule(
        "facility_with_suffix",
        "LOCATION",
        compile_rule(
            rf"(?<![\w'-]) (?P<id> (?:(?-i:St|Mt|Ft)\.[ ])? {_SITE_WORD} (?: (?:,[ ](?=Inc))? [ ]"
            rf"{_NAME_WORD} ){{0,5}}? [ ]"
            rf"{_SUFFIX} (?: [ ] (?:of|at|in) [ ] (?:the[ ])? {_NO_MONTH} {CAP} (?: [ ] (?:of[ ])? {CAP}"
            rf"){{0,3}} | (?<=Hospital) (?: ,? [ ] ) {CAP} (?: [ ] {CAP} )? (?=,?[ ](?:on|in|with"
            rf"|for)\b | [,.?(] ) )? )"
        ),
        0.88,
        subtype="FACILITY",
        certain=True,
        refine=facility,
    ),
    Rule(
        "university_of",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?-i:University|College|Hospital|Church|Sisters|Hospitals)[ ](?:of"
            rf"|for)[ ](?:the[ ])? {CAP} (?: [ ] (?:(?:of|the|at|and|&)[ ])* {CAP} ){{0,5}} )"
        ),
        0.88,
        subtype="FACILITY",
        certain=True,
        refine=plausible_site,
    ),
    Rule(
        "saint",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?: (?-i:St\.?|Saint|Mt\.?|Mount|ST\.?(?=[ ](?!ELEV|DEP|SEG|CHANGE|WAVE|T[ ]|AND|ABN|ANAL)[A-Z]{4})) [ ] {CAP} (?: (?:'s)|s' )? (?: [ ] (?:"
            rf"{CAP} (?:'s)? | {_NOUN} \b ) )? ) ) (?! [ ]?(?:criteria|scale|score) )"
        ),
        0.75,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_after_care",
        "LOCATION",
        compile_rule(
            rf"\b {_CARE} \s (?: (?:up|in|over|back|initially|first|last|again|recently|previously"
            rf"|originally|yesterday|today|care|treatment|surgery|there)\s ){{0,2}}"
            rf"(?: at | @ | from | to | by | in | with(?=\s(?-i:[A-Z]\w+\s(?:Health|Medical))) )"
            rf"\s (?: (?:the|our|their|a|nearby)\s )?"
            rf"(?P<id> (?> {_SITE_WORD} (?: ['-]s? )? (?: [ ] {_NAME_WORD} (?:'s)? ){{0,6}} ) ) (?! [ ](?:trial|study|protocol|criteria) )"
        ),
        0.72,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_with_date",
        "LOCATION",
        compile_rule(
            rf"(?: \b at | @ | \b from | \b in ) \s (?: (?:the|our)\s )? (?P<id> {CAP} (?:'s)? (?:"
            rf"[ ] {_NAME_WORD} (?:'s)? ){{0,5}} ) (?= ,? \s (?:on|in|dated|since) \s"
            rf"(?: (?:the\s)? \d | Jan | Feb | Mar | Apr | May\b | Jun | Jul | Aug | Sep | Oct |"
            rf"Nov | Dec ) | \s \(? \#? (?:mrn|medical\srecord|ssn|phone|chart) \b )"
        ),
        0.8,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_labelled",
        "LOCATION",
        compile_rule(
            rf"\b(?: facility | hospital | site | location | clinic | practice | pharmacy | school"
            rf"| institution | campus ) (?:\sname)? \s? : \s* (?P<id> {CAP} (?:'s)? (?: [ ]"
            rf"{_NAME_WORD} (?:'s)? ){{0,5}} )"
        ),
        0.85,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_of_ours",
        "LOCATION",
        compile_rule(
            rf"\b(?: our | the | at | in | from | to | local | my | this )\s (?P<id> {CAP} (?:[ ]{CAP}){{0,2}}"
            rf"\s {_NOUN} ) \b"
        ),
        0.7,
        subtype="FACILITY",
        refine=site_with_noun,
    ),
    Rule(
        "known_facility",
        "LOCATION",
        compile_rule(
            rf"(?<![\w-]) (?P<id> (?-i: {_KNOWN_SITES}) (?:'s)? (?: [ ] {_NOUN} )? ) (?![\w]) (?!"
            rf"[ ](?:criteria|score|scale|classification) )"
        ),
        0.85,
        subtype="FACILITY",
        certain=True,
    ),
    Rule(
        "possessive_office",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?-i:Dr|Doctor)\.?[ ] {CAP} 's[ ](?:office|clinic|practice) )\b"
        ),
        0.85,
        subtype="FACILITY",
        certain=True,
    ),
    Rule(
        "site_of_local_name",
        "LOCATION",
        compile_rule(
            rf"\b (?: at | @ | from | (?: {_MOTION} (?: \s \w+ ){{0,2}} \s ) (?: to | into | via ) ) \s"
            rf"(?: (?:the|our)\s )? (?P<id> (?> {CAP} (?:'s)? (?: [ ] (?:(?:of|&)[ ])? {CAP} (?:'s)? ){{0,3}} )"
            rf"(?: [ ] \d{{1,2}} (?![\d/.:%-]) )? ) (?! [ ]? (?-i:[A-Z]) | ['-]\w | : )"
        ),
        0.6,
        subtype="FACILITY",
        refine=local_site,
    ),
    Rule(
        "service_of_a_town",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> {CAP} (?: [ ] {CAP} )? [ ] (?-i: FD | PD | VFD | EMS | VNA | DPW | ISD | Fire | Police"
            rf"| Ambulance | Sheriff | Med[Ff]light | MedFlight ) ) \b | \b (?-i: VNA | Visiting[ ]Nurses? |"
            rf"Fire[ ]Department | Police[ ]Department ) [ ] of [ ] {CAP} (?: [ ] {CAP} ){{0,2}}"
        ),
        0.7,
        subtype="FACILITY",
        refine=service_of_a_town,
    ),
    Rule(
        "site_in_capitals",
        "LOCATION",
        compile_rule(
            r"\b (?: FROM | (?: TX | TXFR? | XFER | TRANSF(?:ER(?:RED)?)? | SENT | ADMIT(?:TED)? | SEEN"
            r" | TAKEN | BACK | RETURNED? | D/C(?:'?D)? | DISCHARGED? | BROUGHT ) \s (?: TO | AT ) ) \s"
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
            rf"\b (?: OSH | hospital | facility | rehab | SNF | NH | ECF | ALF | LTAC | nursing\shome | clinic ) \s?"
            rf"\( (?:at\s)? (?P<id> (?> {CAP} (?:'s)? (?: [ ] {_NAME_WORD} ){{0,4}} ) ) (?= [),;] )"
        ),
        0.75,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_of_care_in_lower_case",
        "LOCATION",
        compile_rule(
            r"\b (?: seen | admitted | treated | transferred | taken | sent | followed | born | hospitalized |"
            r"evaluated | discharged | brought | care | surgery | back | hosps? | hospitalizations? | admissions?"
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
            rf"from | goes\sto | went\sto | teach(?:es|ing)?\sat | taught\sat | grade(?:r)?\s(?:at|in)"
            rf"| freshman\sat | sophomore\sat | junior\sat | senior\sat | alum(?:na|nus|ni)?\sof |"
            rf"dropped\sout\sof | parishioner\s(?:at|of) | member\sof | pastor\s(?:at|of) | worships\sat"
            rf"| congregation\sof | incarcerated\s(?:at|in) | inmate\s(?:at|of|from) | imprisoned\sin |"
            rf"jailed\s(?:at|in) | paroled\sfrom | released\sfrom | housed\s(?:at|in) )"
            rf"\s (?:the\s)? (?P<id> (?> {CAP} (?:'s)? (?: [ ] {_NAME_WORD} (?:'s)? ){{0,4}} ) ) (?! [ ](?:trial|study|program) )"
        ),
        0.75,
        subtype="FACILITY",
        refine=plausible_site,
    ),
]
