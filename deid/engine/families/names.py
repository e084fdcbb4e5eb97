"""Names of patients, relatives, clinicians and others (letter A)."""

import re

from deid.engine import lexicon
from deid.engine.families.patterns import CAP, PARTICLE, UPPER
from deid.engine.recognition import Rule, compile_rule

_INITIAL = rf"(?-i:[{UPPER}]) (?: \. (?: [ ]?(?-i:[{UPPER}])\. )? )? (?![\w'])"
_WORD = rf"(?: {CAP} | {_INITIAL} )"
_SEQUENCE = rf"(?: {CAP} \.? (?: [ ]{{1,2}} (?: (?i:{PARTICLE}) [ ] )? (?: {_INITIAL} | {CAP} | \"{CAP}\" | \({CAP}\) ) ){{0,3}} (?: ,?[ ](?-i:Jr|Sr|II|III|IV)\b \.? )? )"
_TITLE = (
    r"(?: (?-i: Mr | MR | Mrs | MRS | Ms | MS(?=\.[ ]) | Miss | Mx | Dr | DR | Drs | Prof | Rev | Fr(?=\.) | Sr(?=\.[ ]) | Hon | Sgt | Capt | Lt | Col | Maj | Cpl | Pvt | Det | Messrs ) \.?"
    r"| (?-i: dr | mr | mrs | ms(?=\.) ) \.? | (?-i: Doctor | Professor | Reverend | Father(?=[ ][A-Z][a-z]+[ ]of) | Pastor | Rabbi | Imam | Sister | Nurse | Officer | Detective | Sergeant | Captain | Judge | Senator | Sir | Dame | Lady | Madam | Attorney | Chaplain | Coach | Principal ) )"
)
_CREDENTIAL = (
    r"(?-i: M\.?D\.? | D\.?O\.?(?![a-z]) | R\.?N\.? | BSN | MSN | N\.?P\.? | FNP(?:-B?C)? | ARNP | APRN | CRNP | CNP | DNP | CNM | CNS | CRNA | P\.?A\.?(?:-C)? | LPN | LVN | CNA"
    r"| MPH | MBBS | MBChB | Ph\.?D\.? | PsyD | Pharm\.?D\.? | RPh | D\.?D\.?S\.? | DMD | DPM | DC | OD | DVM | LCSW | LMSW | LICSW | MSW | LMFT | LPC | OTR(?:/L)? | DPT | PT | OT | SLP | CCC-SLP | RD | LDN | RRT | CRT | EMT(?:-P)?"
    r"| FACS | FACC | FACP | FACOG | FRCS | FAAP | Esq | MA(?=\b[ ]*(?:\n|$)) | MS[1-4] | PGY-?\d ) (?![A-Za-z])"
)
_RELATION = (
    r"(?: wife | husband | spouse | partner | girlfriend | boyfriend | fianc[eé]e? | mother | father | mom | mum | dad | mommy | daddy | parents? | (?:step|half-?|god|foster)?-?(?:son | daughter | brother | sister | mother | father)"
    r"| (?:grand|great-?grand|step)-?(?:mother|father|son|daughter|child|parents?|ma|pa|mom|dad)s? | children | child | kids? | sons | daughters | brothers | sisters | siblings? | twins? | aunt(?:ie)? | uncle | niece | nephew | cousin | friend | neighbou?r | roommate"
    r"| caregiver | carer | guardian | caretaker | sibling | (?:mother|father|sister|brother|son|daughter)-in-law | employer | boss | supervisor | landlord | coworker | colleague | teacher | lawyer | case\s?(?:manager|worker) | social\sworker | aide | sitter | next\sof\skin | nok | hcp | health\scare\sproxy | poa | power\sof\sattorney )"
)
_LABEL = (
    r"(?: (?:patient|pt|resident|client|member|subscriber|insured|guarantor|mother|father|maternal|provider|physician|doctor|surgeon|nurse|full|first|last|middle|maiden|legal|preferred|given|family|sur|contact|emergency\scontact|spouse|alias|nick|birth) (?:'s)? \s? names?"
    r"| (?-i: NAME | Name | Patient | PATIENT | Pt | PT(?=:) | Re | RE(?=:) | Client | Resident | Subject | Author | AUTHOR | Informant | Historian | Attending | ATTENDING | Surgeon | SURGEON | Surgeons | Assistant | ASSISTANT | Anesthesiologist | Physician | PHYSICIAN | Provider | PROVIDER | PCP | Nurse | RN | Referring | Consultant | Cc | CC(?=:[ ][A-Z][a-z]+[ ][A-Z]) | cc | Dictated | Transcribed | Reviewer | Interpreter | Therapist | Fellow | Resident | Intern | Cosigner | From | To | Dear | DEAR | Attn | Sincerely,? | Regards,? | Signed | SIGNED | signed | Signature | Contact | Guarantor | Insured | Spouse | Guardian | Witness | Caller )"
    r"| (?:attending|referring|primary\scare|admitting|ordering|consulting|dictating|discharging|supervising|responsible|treating|performing|interpreting|operating|assistant|collaborating|requesting|covering|rounding|family) \s (?:physician|provider|doctor|surgeon|md|clinician|radiologist|pathologist|phys|psychiatrist|resident)s? (?:\sname)?"
    r"| emergency\scontact | next\sof\skin | accompanied\sby | health\scare\s(?:proxy|agent) | primary\s(?:caregiver|contact) | responsible\sparty )"
)
_SIGNATURE = r"(?: (?:electronically|digitally|e-?)?\s?-? (?:signed|authenticated|cosigned|co-signed|dictated|transcribed|verified|reviewed|authored|written|entered|documented|prepared|completed|performed|interpreted|read|attested|approved|finalized|edited|reported|scribed|administered|discussed|ordered|witnessed)\s (?:and\s\w+\s)? (?:electronically\s)? (?:by|with)(?:\s? :)? | /s/ | \bs/ | dictated\sfor | d/w | discussed\swith | paged | spoke\s(?:to|with) | called | notified | informed | signed | per | via )"


_SMALL_WORDS = frozenset(
    "de la del van von der den al el bin st y di da du le dos do ten ter las los jr sr ii iii iv".split()
)
#: Surnames among the words that otherwise end a name: they follow a given name.
_WORDY_SURNAMES = frozenset(
    "ward young best good day may march head heart street court lane case church stage bell call"
    " english french christian nurse short long old new french room left right".split()
)


def trimmed(match: re.Match[str]) -> tuple[int, int] | None:
    """The name up to the first word that cannot be part of one, without a last full stop."""
    return _trim(match.string, *match.span("id"))


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    keep, previous = start, ""
    stops = lexicon.words("not_a_name")
    for word in re.finditer(r"[^ ,]+", text[start:end]):
        bare = word.group().strip(".,'\"()")
        low = bare.lower().removesuffix("'s")
        initial = len(bare) == 1 and bare.isupper()
        surname = low in _WORDY_SURNAMES and lexicon.is_first_name(previous)
        if (low in stops and not initial and not surname) or (keep > start and not _joins(bare, previous)):
            break
        keep, previous = start + word.end(), bare
    while keep > start and text[keep - 1] in " ,'\"(":
        keep -= 1
    dotted_initial = re.search(r"(?:^|[ .])\w\.$", text[start:keep])
    if keep > start and text[keep - 1] == "." and not dotted_initial:
        keep -= 1
    if text[start:keep].endswith("'s"):
        keep -= 2
    return (start, keep) if keep > start else None


def _joins(word: str, previous: str) -> bool:
    """Whether a word after ``previous`` carries the name on: ordinary words end it."""
    if lexicon.is_surname(word) and lexicon.is_first_name(previous):
        return not lexicon.is_drug(word)
    if lexicon.is_first_name(word) or (lexicon.is_surname(word) and not lexicon.is_drug(word)):
        return not (lexicon.is_clinical(word) and lexicon.is_english(word))
    if word.lower() in _SMALL_WORDS or (len(word) <= 2 and word.isupper()):
        return True
    return not lexicon.is_ordinary(word)


def _plausible(match: re.Match[str]) -> tuple[int, int] | None:
    """A trimmed name whose first word is not an ordinary word, unless a name follows it."""
    return _judged(match.string, *match.span("id"))


def _judged(text: str, start: int, end: int) -> tuple[int, int] | None:
    bounds = _trim(text, start, end)
    if bounds is None:
        return None
    parts = [p.strip(".,'\"()") for p in text[bounds[0] : bounds[1]].split(" ")]
    head = parts[0]
    given = lexicon.is_first_name(head)
    if lexicon.is_drug(head) or (lexicon.is_clinical(head) and not (given and len(parts) > 1)):
        return None
    if len(parts) == 1 and head.isupper() and len(head) < 6 and not given:
        return None
    if lexicon.is_first_name(head) or not lexicon.is_english(head):
        return bounds
    named = [p for p in parts[1:] if lexicon.is_first_name(p) or lexicon.is_surname(p)]
    return bounds if named or (lexicon.is_surname(head) and len(parts) > 1) else None


def _anchored_right(match: re.Match[str]) -> tuple[int, int] | None:
    """A plausible name that ends the match, whatever heading stands in front of it."""
    start, end = match.span("id")
    for word in re.finditer(r"[^ ]+", match.string[start:end]):
        bounds = _judged(match.string, start + word.start(), end)
        if bounds is not None:
            return bounds
    return None


def _titled(match: re.Match[str]) -> tuple[int, int] | None:
    """A name after a title; brands that borrow a title are no persons."""
    bounds = trimmed(match)
    if bounds is None:
        return None
    phrase = match.string[match.start("title") : bounds[1]].lower().replace(".", "")
    return None if phrase in lexicon.words("titled_brands") else bounds


def _first_and_initial(match: re.Match[str]) -> tuple[int, int] | None:
    """``John D.``: a given name and one capital."""
    first = match.group("first")
    if lexicon.is_drug(first):
        return None
    parts = first.split("-")
    known = all(lexicon.is_first_name(p) for p in parts)
    if lexicon.is_clinical(first) and not (known and not first.isupper()):
        return None
    dotted = match.group("id").endswith(".")
    if not known:
        tail = match.string[match.end("id") : match.end("id") + 1]
        unknown = not lexicon.is_english(first) and len(first) > 2 and not first.isupper()
        return match.span("id") if unknown and dotted and tail in {",", ")", "?", " ", ""} else None
    if first.lower() in lexicon.words("not_a_name"):
        return None
    if match.group("initial") in "IA" and not dotted:
        return None
    return match.span("id")


def _first_and_last(match: re.Match[str]) -> tuple[int, int] | None:
    """``John Smith`` by the census lists, also behind a heading."""
    start, end = match.span("id")
    for word in re.finditer(r"[^ ]+", match.string[start:end]):
        bounds = _listed_name(match.string, start + word.start(), end)
        if bounds is not None:
            return bounds
    return None


def _listed_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    bounds = _trim(text, start, end)
    if bounds is None:
        return None
    parts = [p.strip(".,'\"()") for p in text[bounds[0] : bounds[1]].split(" ") if p]
    if len(parts) < 2 or not lexicon.is_first_name(parts[0]):
        return None
    last = parts[-1]
    ambiguous = parts[0].lower() in lexicon.words("ambiguous_first_names")
    if lexicon.is_drug(last) or (lexicon.is_clinical(parts[0]) and ambiguous):
        return None
    if lexicon.is_clinical(last) and not lexicon.is_surname(last):
        return None
    if ambiguous and (lexicon.is_english(last) or not lexicon.is_surname(last)):
        return None
    if len(last) == 1 or lexicon.is_surname(last) or not lexicon.is_english(last):
        return bounds
    return None


def _unlisted_name(match: re.Match[str]) -> tuple[int, int] | None:
    """Two or three capitalised words that no list knows: names from elsewhere in the world."""
    words = [w.strip(".") for w in match.group("id").split(" ")]
    if any(len(w) > 1 and (w.isupper() or lexicon.is_ordinary(w)) for w in words):
        return None
    if lexicon.MEASURE_NOUN.match(match.string[match.end() : match.end() + 30].lstrip(" '")):
        return None
    place = lexicon.is_place(match.group("id")) or lexicon.keeps(match.group("id"))
    stops = lexicon.words("not_a_name")
    return None if place or any(w.lower() in stops for w in words) else match.span("id")


def _lower_case_name(match: re.Match[str]) -> tuple[int, int] | None:
    """``patricia desrosiers`` in dictation."""
    first, last = match.group("first"), match.group("last")
    if first not in lexicon.words("common_given_names"):
        return None
    if not lexicon.is_surname(last) or lexicon.is_ordinary(last):
        return None
    return match.start("first"), match.end("last")


def _lower_case_title(match: re.Match[str]) -> tuple[int, int] | None:
    name = match.group("id")
    usable = lexicon.is_surname(name) and name not in lexicon.words("not_a_name")
    return match.span("id") if usable else None


def _comma_name(match: re.Match[str]) -> tuple[int, int] | None:
    """``Okafor, Jane M.`` when the second part is a given name."""
    last, first = match.group("last"), match.group("first")
    if not lexicon.is_first_name(first) or first.lower() in lexicon.words("not_a_name"):
        return None
    if lexicon.is_clinical(last) or lexicon.is_drug(last) or lexicon.is_place(last):
        return None
    if first.lower() in lexicon.words("ambiguous_first_names") and not lexicon.is_surname(last):
        return None
    if lexicon.is_english(last) and not (
        last.isupper() and first.isupper() and lexicon.is_surname(last)
    ):
        return None
    return match.span("id") if lexicon.is_surname(last) or not lexicon.is_english(last) else None


def _lone_first(match: re.Match[str]) -> tuple[int, int] | None:
    """One given name in the middle of a sentence, when it means nothing else."""
    name = match.group("id")
    common = name.lower() in lexicon.words("ambiguous_first_names") or lexicon.is_ordinary(name)
    if not lexicon.is_first_name(name) or lexicon.is_place(name) or lexicon.keeps(name):
        return None
    unmistakable = name.lower() in lexicon.words("common_given_names")
    return match.span("id") if unmistakable or not common else None


RULES = [
    Rule(
        "titled",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<title>{_TITLE}) [ ]{{1,2}} (?P<id> {_SEQUENCE} | (?: (?-i:[A-Z])\. [ ]? ){{1,2}} {_SEQUENCE} | (?<=dr\.[ ]) [a-z]{{3,20}} (?=[ ,.;]) )"
        ),
        0.95,
        certain=True,
        refine=_titled,
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
            rf"(?<![\w.]) (?P<id> (?: (?-i:[A-Z])\. [ ]? ){{0,2}} {_SEQUENCE} ) ,? [ ]{{1,2}} {_CREDENTIAL}"
        ),
        0.9,
        subtype="CLINICIAN_NAME",
        certain=True,
        refine=_anchored_right,
    ),
    Rule(
        "labelled",
        "NAME",
        compile_rule(
            rf"(?<![A-Za-z]) {_LABEL} \s? (?: \((?:s|print(?:ed)?)\) )? \s? [:=] [ \t]* (?:(?i:dr|mr|mrs|ms)\.?[ ])? (?P<id> {CAP} , [ ] {_SEQUENCE} | {_SEQUENCE} )"
        ),
        0.9,
        certain=True,
        refine=_plausible,
    ),
    Rule(
        "name_is",
        "NAME",
        compile_rule(
            rf"\b(?: (?:named?|names) (?:\s(?:is|was|of|as))? | called | known\sas | goes\sby | nicknamed? | a\.?k\.?a\.? | alias | answers\sto | preferred\sname (?:\sis)? | i\sam | i'm | this\sis | my\sname\sis | prefers (?:\sto\sbe\scalled)? ) \s [\"']? (?P<id> {_SEQUENCE} )"
        ),
        0.88,
        certain=True,
        refine=_plausible,
    ),
    Rule(
        "quoted_nickname",
        "NAME",
        compile_rule(
            rf"\b(?: called | known\sas | goes\sby | nicknamed? | a\.?k\.?a\.? | {_RELATION} | name ) ,? \s [\"'] (?P<id> {CAP} ) [\"']"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "relative",
        "NAME",
        compile_rule(
            rf"\b {_RELATION} (?: \s? \( \s? | ,\s | \s (?: is | was | named | called | who\sis )? \s? | : \s ) (?P<id> {_SEQUENCE} )"
        ),
        0.85,
        subtype="RELATIVE_NAME",
        certain=True,
        refine=_plausible,
    ),
    Rule(
        "name_then_relation",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<id> {_SEQUENCE} ) [ ]? (?: , [ ]? | \( ) (?: (?:his|her|their|the|patient's|pt's) [ ] )? (?:older[ ]|younger[ ]|eldest[ ])? {_RELATION} \b"
        ),
        0.8,
        subtype="RELATIVE_NAME",
        refine=_anchored_right,
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
        refine=_plausible,
    ),
    Rule(
        "signature",
        "NAME",
        compile_rule(
            rf"(?<![A-Za-z]) {_SIGNATURE} [ ]? :? \s{{1,3}} (?:(?i:dr|mr|mrs|ms)\.?[ ])? (?P<id> (?: (?-i:[A-Z])\. [ ]? ){{0,2}} {_SEQUENCE} )"
        ),
        0.85,
        certain=True,
        refine=_plausible,
    ),
    Rule(
        "patient_named",
        "NAME",
        compile_rule(
            rf"\b(?: patients? | pts? | child | infant | gentleman | lady | woman | man | male | female | boy | girl | individual | resident | veteran | person | case | client | student | adolescent | teen(?:ager)? )"
            rf" (?: \s? (?: \( | , | : | - ) \s? | \s (?: like | such\sas | similar\sto | named | called | of | for | is | with\sname | known\sas | identified\sas )? \s? ) (?: (?:patient|pt|one|case)\s )? (?P<id> {_SEQUENCE} )"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=_plausible,
    ),
    Rule(
        "age_then_name",
        "NAME",
        compile_rule(
            rf"\b \d{{1,3}} \s?-? (?: years?-?\s?old | y/?o | yrs?\sold | y\.o\. | [MF]\b ) [^.;:\n]{{0,60}}? (?: , \s | named\s | like\s | \( ) (?P<id> {_SEQUENCE} )"
        ),
        0.75,
        subtype="PATIENT_NAME",
        refine=_plausible,
    ),
    Rule(
        "name_then_age",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {_SEQUENCE} ) ,? [ ] (?: (?:is|was) [ ] )? (?: (?:a|an|age|aged) [ ] )? \(? \d{{1,3}} [ -]? (?: years? | y/?o | yrs? | y\.o\. | [MF]\b )"
        ),
        0.78,
        subtype="PATIENT_NAME",
        refine=_anchored_right,
    ),
    Rule(
        "name_then_identifier",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {_SEQUENCE} ) [ ]? ,? [ ]? [(\[]? [ ]? (?: MRN | DOB | SSN | date\sof\sbirth | medical\srecord )\b"
        ),
        0.8,
        subtype="PATIENT_NAME",
        certain=True,
        refine=_anchored_right,
    ),
    Rule(
        "first_and_initial",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> (?P<first>{CAP}) [ ] (?P<initial>(?-i:[{UPPER}])) (?![\w'-]) \.? )"
        ),
        0.85,
        subtype="PATIENT_NAME",
        certain=True,
        refine=_first_and_initial,
    ),
    Rule(
        "initials_and_last",
        "NAME",
        compile_rule(rf"(?<![\w.-]) (?P<id> (?: (?-i:[{UPPER}])\. [ ]? ){{1,2}} {CAP} )"),
        0.7,
        refine=lambda m: (
            trimmed(m)
            if lexicon.is_surname(m.group("id").split(" ")[-1].split(".")[-1])
            and not lexicon.is_english(m.group("id").split(" ")[-1].split(".")[-1])
            else None
        ),
    ),
    Rule(
        "first_and_last",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {CAP} (?: [ ] (?: {_INITIAL} | (?i:{PARTICLE})(?=[ ](?-i:[A-Z])) | {CAP} ) ){{1,3}} )"
        ),
        0.75,
        refine=_first_and_last,
    ),
    Rule(
        "unlisted_name",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> {CAP} (?: [ ] (?-i:[{UPPER}]) \.? (?=[ ]) )? (?: [ ] {CAP} ){{1,2}} )"
            r"(?! [ ]? - | [ ] (?-i:[A-Z]) )"
        ),
        0.6,
        refine=_unlisted_name,
    ),
    Rule(
        "lower_case_name",
        "NAME",
        compile_rule(r"(?<![\w-]) (?P<first>[a-z]{3,12}) (?=[ ] (?P<last>[a-z]{3,15}) \b )", ignore_case=False),
        0.65,
        refine=_lower_case_name,
    ),
    Rule(
        "lower_case_title",
        "NAME",
        compile_rule(r"\b (?:dr|mr|mrs|ms) \.? [ ] (?P<id>[a-z]{2,20}) \b", ignore_case=False),
        0.85,
        certain=True,
        refine=_lower_case_title,
    ),
    Rule(
        "last_comma_first",
        "NAME",
        compile_rule(
            rf"(?<![\w.-]) (?P<id> (?P<last> (?: (?i:{PARTICLE})[ ] )? {CAP} ) ,[ ]? (?P<first> {CAP} ) (?: [ ] {_INITIAL} )? )"
        ),
        0.8,
        refine=_comma_name,
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
            rf"(?<= [a-z,;] [ ] ) (?P<id> {CAP} ) (?! [ ]? (?:'s)? [ ] (?-i: disease|syndrome|sign|test|score|scale|criteria|catheter|drain|tube|clamp|staging) | -\w )"
        ),
        0.6,
        refine=_lone_first,
    ),
]
