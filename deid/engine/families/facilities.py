"""Named hospitals, clinics, homes, schools and employers (letters B and A)."""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP
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
_NOUN = (
    r"(?: med(?:ical)?\s(?:center|ctr) | clinics? | facility | hospitals? | offices? | campus |"
    r"branch | location"
    r"| site | centers? | practice | outpatient\s(?:clinic|center) | ER | ED )"
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


_TITLES = frozenset(
    {
        "rn",
        "np",
        "pa",
        "md",
        "lpn",
        "cna",
        "dr",
        "mr",
        "mrs",
        "ms",
        "miss",
        "drs",
        "prof",
        "doctor",
        "nurse",
    }
)


def _facility(match: re.Match[str]) -> tuple[int, int] | None:
    """The facility's name without the ordinary words in front of it; ``None`` if none is left."""
    start, end = match.span("id")
    kept: list[str] = match.string[start:end].split(" ")
    generic = lexicon.words("facility_generic")
    while kept and kept[0].lower().strip(".,") in lexicon.words("sentence_starts"):
        start += len(kept.pop(0)) + 1
    proper = [w for w in kept if w.lower().strip(".,&") not in generic and w[:1].isalnum()]
    heads = lexicon.words("facility_heads")
    headed = len(kept) > 1 and kept[0].lower() in heads and not kept[0].isupper()
    weak = bool(kept) and kept[-1].lower().rstrip(".") in lexicon.words("facility_weak_suffixes")
    if weak and not any(map(_is_proper, proper)):
        return None
    return (start, end) if kept and (proper or headed) else None


def _is_proper(word: str) -> bool:
    """Whether the word names something rather than says what it is."""
    bare = word.strip(".,'")
    if lexicon.is_clinical(bare) or lexicon.is_drug(bare):
        return False
    return not lexicon.is_english(bare.removesuffix("'s")) or lexicon.is_place(bare)


def _ends_a_site(words: list[str]) -> bool:
    """Whether the last word can end a site's name: ``Hospital`` can, ``MRI`` and ``the`` cannot."""
    last = words[-1]
    if last.islower():
        return False
    bare = last.lower().strip(".,'")
    if len(words) > 1 and bare in lexicon.words("facility_generic") and not last.isupper():
        return True
    return bare not in lexicon.words("not_a_site") | lexicon.words("sentence_starts")


def _plausible_site(match: re.Match[str]) -> tuple[int, int] | None:
    """A capitalised run after ``treated at`` is a site unless it is a unit, a month or a test."""
    start, end = match.span("id")
    kept = match.string[start:end].split(" ")
    stops = lexicon.words("not_a_site")
    if kept[0].lower().strip(".") in _TITLES:
        return None
    while kept and _ends_a_site(kept) is False:
        end -= len(kept.pop()) + 1
    if not kept:
        return None
    if end - start > 3 and match.string[end - 1] == "." and not kept[-1].endswith(("Dr.", "St.")):
        end -= 1
    site = match.string[start:end]
    generic = lexicon.words("facility_generic") | stops
    headed = len(kept) > 1 and kept[0].lower() in lexicon.words("facility_heads")
    if (all(w.lower().strip(".,'") in generic for w in kept) and not headed) or lexicon.keeps(site):
        return None
    if len(kept) == 1 and (lexicon.is_drug(site) or lexicon.is_clinical(site)):
        return None
    return start, end


def _site_with_noun(match: re.Match[str]) -> tuple[int, int] | None:
    """``our Dallas clinic``: a proper word before the noun makes the pair a site."""
    kept = match.group("id").split()
    vague = lexicon.words("facility_generic") | lexicon.words("not_a_site")
    head = kept[0].strip(".").lower()
    if head in _TITLES or all(w.lower().strip(".,'") in vague for w in kept[:-1]):
        return None
    return None if lexicon.is_clinical(head) or lexicon.is_drug(head) else match.span("id")


def _known_site(match: re.Match[str]) -> tuple[int, int] | None:
    return match.span("id")


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
            rf"{_SUFFIX} (?: [ ] (?:of|at|in) [ ] (?:the[ ])? {CAP} (?: [ ] (?:of[ ])? {CAP}"
            rf"){{0,3}} | (?<=Hospital) (?: ,? [ ] ) {CAP} (?: [ ] {CAP} )? (?=,?[ ](?:on|in|with"
            rf"|for)\b | [,.?(] ) )? )"
        ),
        0.88,
        subtype="FACILITY",
        certain=True,
        refine=_facility,
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
        refine=_plausible_site,
    ),
    Rule(
        "saint",
        "LOCATION",
        compile_rule(
            rf"\b (?P<id> (?: (?-i:St\.?|Saint|Mt\.?|Mount) [ ] {CAP} (?: (?:'s)|s' )? (?: [ ] (?:"
            rf"{CAP} (?:'s)? | {_NOUN} \b ) )? ) ) (?! [ ]?(?:criteria|scale|score) )"
        ),
        0.75,
        subtype="FACILITY",
        refine=_plausible_site,
    ),
    Rule(
        "site_after_care",
        "LOCATION",
        compile_rule(
            rf"\b {_CARE} \s (?: (?:up|in|over|back|initially|first|last|again|recently|previously"
            rf"|originally|yesterday|today|care|treatment|surgery|there)\s ){{0,2}}"
            rf"(?: at | @ | from | to | by | in | with(?=\s(?-i:[A-Z]\w+\s(?:Health|Medical))) )"
            rf"\s (?: (?:the|our|their|a|nearby)\s )?"
            rf"(?P<id> {_SITE_WORD} (?: ['-]s? )? (?: [ ] {_NAME_WORD} (?:'s)? ){{0,6}} )"
        ),
        0.72,
        subtype="FACILITY",
        refine=_plausible_site,
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
        refine=_plausible_site,
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
        refine=_plausible_site,
    ),
    Rule(
        "site_of_ours",
        "LOCATION",
        compile_rule(
            rf"\b(?: our | the | at | in | from | to | local )\s (?P<id> {CAP} (?:[ ]{CAP}){{0,2}}"
            rf"\s {_NOUN} ) \b"
        ),
        0.7,
        subtype="FACILITY",
        refine=_site_with_noun,
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
        refine=_known_site,
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
        "employer",
        "NAME",
        compile_rule(
            rf"\b(?: employer \s? [:=]? (?:\sis)? | employed\s(?:by|at|with) | works?\s(?:for|at)"
            rf"| worked\s(?:for|at) | working\s(?:for|at) | job\sat | retired\sfrom |"
            rf"laid\soff\s(?:by|from) | self-employed\sat ) \s (?:the\s)?"
            rf"(?P<id> {CAP} (?: [ ] (?: {CAP} | & | and(?=\s(?-i:[A-Z])) | of(?=\s(?-i:[A-Z])) )"
            rf"){{0,5}} ) \b"
        ),
        0.75,
        subtype="EMPLOYER",
        certain=True,
        refine=_plausible_site,
    ),
]
