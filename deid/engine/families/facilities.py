"""Named hospitals, clinics, homes, schools, churches and prisons (letter B)."""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP
from deid.engine.families.site_judges import (
    facility,
    known_site,
    plausible_site,
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
    r"| Home[ ](?:Care|Health|Hospice) | Nursing[ ](?:Home|Facility|Center) | Rehab(?:ilitation)?"
    r"| (?:Assisted|Senior"
    r"|Independent)[ ]Living | Retirement[ ](?:Home|Community|Village)"
    r"| Care[ ](?:Center|Home|Facility) | Group[ ]Home | Manor | Lodge | Villa(?:ge)? |"
    r"Terrace(?=[ ](?:Nursing|Care|Assisted)) | Institute | Foundation"
    r"| University | College | Academy | (?:High|Middle|Elementary|Primary|Nursery)[ ]School |"
    r"School | Church | Temple | Synagogue | Mosque | Cathedral"
    r"| Shelter | Prison | Jail | Penitentiary | Correctional[ ](?:Facility|Center|Institution) |"
    r"Detention[ ]Center | Pharmacy | Laborator(?:y|ies) | Labs"
    r"| Associates | Orthopa?edics | Pediatrics | Cardiology | Dermatology | Oncology | Neurology"
    r"| Radiology | Urology | Gastroenterology | Psychiatry | Surgery | Imaging | Dialysis |"
    r"Physicians | Practice | Services | Agency | Surgicenter"
    r" | Med\b | Medicine | Airport | Library | Stadium | Mall"
    r"| Hotel | Inn | Base | Fire[ ]Department | Police[ ]Department ) \b"
)
_NO_MONTH = r"(?! (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b )"
_NOUN = (
    r"(?: med(?:ical)?\s(?:center|ctr) | clinics? | facility | hospitals? | offices? | campus |"
    r"branch | location"
    r"| site | centers? | practice | outpatient\s(?:clinic|center) | ER | ED )"
)
#: ``ST LUKES``, and not what an electrocardiogram shows.
_SAINT_IN_CAPITALS = (
    r"ST\.? (?= [ ] (?! ELEV | DEP | SEG | CHANGE | WAVE | AND | ABN | ANAL | DEVI ) [A-Z]{4,} )"
)
#: A full stop ends a sentence unless it follows one of these.
_SITE_WORD = rf"(?: (?-i:St|Mt|Ft|Dr|Drs|Med|Univ|Hosp|Mem|Gen|Reg|Ctr|[A-Z])\. | {CAP} )"
NAME_WORD = rf"(?: {_SITE_WORD} | (?:of|the|and|for|de|la|at|on) | & )"
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

#: ``St. Jude mechanical valve`` is a maker's name and stays.
_NO_IMPLANT = (
    r"(?! \w | [ ] (?: medical [ ] )? (?: mechanical | bileaflet | aortic | mitral | valve |"
    r"prosthe\w* | lead | icd | pacemaker | generator | device ) )"
)

RULES = [
    Rule(
        "facility_with_suffix",
        "LOCATION",
        compile_rule(
            rf"(?<![\w'-]) (?P<id> (?:(?-i:St|Mt|Ft)\.[ ])? {_SITE_WORD} (?: (?:,[ ](?=Inc))? [ ]"
            rf"{NAME_WORD} ){{0,5}}? [ ]"
            rf"{_SUFFIX} (?: [ ] (?:of|at|in) [ ] (?:the[ ])? {_NO_MONTH} {CAP} (?: [ ] (?:of[ ])? "
            rf"{CAP}"
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
            rf"\b (?P<id> (?-i:University|Univ\.?|College|Hospital|Church|Sisters|Hospitals)"
            rf"[ ](?:of|for)[ ](?:the[ ])? {CAP}"
            rf" (?: [ ] (?:(?:of|the|at|and|&)[ ])* {CAP} ){{0,5}} )"
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
            rf"\b (?P<id> (?-i: St\.? | Saint | Mt\.? | Mount | {_SAINT_IN_CAPITALS} ) [ ] {CAP}"
            rf" (?: 's|s' )? (?: [ ] (?: {CAP} (?:'s)? | {_NOUN} \b ) )? )"
            rf" (?! [ ]?(?:criteria|scale|score) ) {_NO_IMPLANT}"
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
            rf"(?P<id> (?> {_SITE_WORD} (?: ['-]s? )? (?: [ ] {NAME_WORD} (?:'s)? ){{0,6}} ) ) "
            rf"(?! [ ](?:trial|study|protocol|criteria) )"
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
            rf"[ ] {NAME_WORD} (?:'s)? ){{0,5}} ) (?= ,? \s (?:on|in|dated|since) \s"
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
            rf"| institution | campus | vna | rehab | nursing\shome | snf | dialysis\sunit |"
            rf"agency ) (?:\sname)? \s? : \s* (?P<id> {CAP} (?:'s)? (?: [ ]"
            rf"{NAME_WORD} (?:'s)? ){{0,5}} )"
        ),
        0.85,
        subtype="FACILITY",
        refine=plausible_site,
    ),
    Rule(
        "site_of_ours",
        "LOCATION",
        compile_rule(
            rf"\b(?: our | the | at | in | from | to | local | my | this )\s (?P<id> {CAP} "
            rf"(?:[ ]{CAP}){{0,2}}"
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
            rf"{_NO_IMPLANT}"
        ),
        0.85,
        subtype="FACILITY",
        certain=True,
        refine=known_site,
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
]
