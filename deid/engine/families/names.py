"""Names of patients, relatives, clinicians and others (letter A)."""

from deid.engine.families import name_judges as judges
from deid.engine.families.patterns import CAP, PARTICLE, UPPER
from deid.engine.recognition import Rule, compile_rule

_INITIAL = rf"(?-i:[{UPPER}]) (?: \. (?: [ ]?(?-i:[{UPPER}])\. )? )? (?![\w'])"
_WORD = rf"(?: {CAP} | {_INITIAL} )"
_SEQUENCE = (
    rf"(?: (?: (?-i:[{UPPER}])\. | {CAP} ) (?: [ ]{{1,2}} (?: (?i:{PARTICLE}) [ ] )? (?: {_INITIAL}"
    rf"| {CAP} | \"{CAP}\" | \({CAP}\) ) ){{0,3}} (?: ,?[ ](?-i:Jr|Sr|II|III|IV)\b \.? )? )"
)
TITLE = (
    r"(?: (?-i: Mr | MR | Mrs | MRS | Ms | MS(?=\.[ ]) | Miss | Mx | Dr | DR | Drs | Prof | Rev |"
    r"Fr(?=\.) | Sr(?=\.[ ]) | Hon | Sgt | Capt | Lt | Col | Maj | Cpl | Pvt | Det | Messrs ) \.?"
    r"| (?-i: dr | mr | mrs | ms(?=\.) ) \.? | (?-i: Doctor | Professor | Reverend |"
    r"Father(?=[ ][A-Z][a-z]+[ ]of) | Pastor | Rabbi | Imam | Sister | Nurse | Officer | Detective"
    r"| Sergeant | Captain | Judge | Senator | Sir | Dame | Lady | Madam | Attorney | Chaplain |"
    r"Coach | Principal ) )"
)
CREDENTIAL = (
    r"(?-i: M\.?D\.? | D\.?O\.?(?![a-z]) | R\.?N\.? | BSN | MSN | N\.?P\.? | FNP(?:-B?C)? | ARNP |"
    r"APRN | CRNP | CNP | DNP | CNM | CNS | CRNA | P\.?A\.?(?:-C)? | LPN | LVN | CNA"
    r"| MPH | MBBS | MBChB | Ph\.?D\.? | PsyD | Pharm\.?D\.? | RPh | D\.?D\.?S\.? | DMD | DPM | DC"
    r"| OD | DVM | LCSW | LMSW | LICSW | MSW | LMFT | LPC | OTR(?:/L)? | DPT | PT | OT | SLP |"
    r"CCC-SLP | RD | LDN | RRT | CRT | EMT(?:-P)?"
    r"| FACS | FACC | FACP | FACOG | FRCS | FAAP | Esq | MA(?=\b[ ]*(?:\n|$)) | MS[1-4] | PGY-?\d"
    r") (?![A-Za-z])"
)
RELATION = (
    r"(?: wife | husband | spouse | partner | girlfriend | boyfriend | fianc[eé]e? | mother |"
    r"father | mom | mum | dad | mommy | daddy | parents? | (?:step|half-?|god|foster)?-?(?:son |"
    r"daughter | brother | sister | mother | father)"
    r"| (?:grand|great-?grand|step)-?(?:mother|father|son|daughter|child|parents?|ma|pa|mom|dad)s?"
    r"| children | child | kids? | sons | daughters | brothers | sisters | siblings? | twins? |"
    r"aunt(?:ie)? | uncle | niece | nephew | cousin | friend | neighbou?r | roommate"
    r"| caregiver | carer | guardian | caretaker | sibling | (?:mother|father|sister|brother|son"
    r"|daughter)-in-law | employer | boss | supervisor | landlord | coworker | colleague | teacher"
    r"| lawyer | case\s?(?:manager|worker) | social\sworker | aide | sitter | next\sof\skin | nok"
    r"| hcp | health\scare\sproxy | poa | power\sof\sattorney )"
)
_LABEL = (
    r"(?: (?:patient|pt|resident|client|member|subscriber|insured|guarantor|mother|father|maternal"
    r"|provider|physician|doctor|surgeon|nurse|full|first|last|middle|maiden|legal|preferred|given"
    r"|family|sur|contact|emergency\scontact|spouse|alias|nick|birth) (?:'s)? \s? names?"
    r"| (?-i: NAME | Name | Patient | PATIENT | Pt | PT(?=:) | Re | RE(?=:) | Client | Resident |"
    r"Subject | Author | AUTHOR | Informant | Historian | Attending | ATTENDING | Surgeon |"
    r"SURGEON | Surgeons | Assistant | ASSISTANT | Anesthesiologist | Physician | PHYSICIAN |"
    r"Provider | PROVIDER | PCP | Nurse | RN | Referring | Consultant | Cc |"
    r"CC(?=:[ ][A-Z][a-z]+[ ][A-Z]) | cc | Dictated | Transcribed | Reviewer | Interpreter |"
    r"Therapist | Fellow | Resident | Intern | Cosigner | From | To | Dear | DEAR | Attn |"
    r"Sincerely,? | Regards,? | Signed | SIGNED | signed | Signature | Contact | Guarantor |"
    r"Insured | Spouse | Guardian | Witness | Caller )"
    r"| (?:attending|referring|primary\scare|admitting|ordering|consulting|dictating|discharging"
    r"|supervising|responsible|treating|performing|interpreting|operating|assistant|collaborating"
    r"|requesting|covering|rounding|family) \s (?:physician|provider|doctor|surgeon|md|clinician"
    r"|radiologist|pathologist|phys|psychiatrist|resident)s? (?:\sname)?"
    r"| emergency\scontact | next\sof\skin | accompanied\sby | health\scare\s(?:proxy|agent) |"
    r"primary\s(?:caregiver|contact) | responsible\sparty )"
)
_SIGNATURE = (
    r"(?: (?:electronically|digitally|e-?)?\s?-? (?:signed|authenticated|cosigned|co-signed"
    r"|dictated|transcribed|verified|reviewed|authored|written|entered|documented|prepared"
    r"|completed|performed|interpreted|read|attested|approved|finalized|edited|reported|scribed"
    r"|administered|discussed|ordered|witnessed)\s (?:and\s\w+\s)? (?:electronically\s)? (?:by"
    r"|with)(?:\s? :)? | /s/ | \bs/ | dictated\sfor | d/w | discussed\swith | paged |"
    r"spoke\s(?:to|with) | called | notified | informed | signed | per | via )"
)

RULES = [
    Rule(
        "titled",
        "NAME",
        compile_rule(
            rf"(?<![\w.]) (?P<title>{TITLE}) [ ]{{1,2}} (?P<id> {_SEQUENCE} | (?: (?-i:[A-Z])\."
            rf"[ ]? ){{1,2}} {_SEQUENCE} | (?<=dr\.[ ]) [a-z]{{3,20}} (?=[ ,.;]) )"
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
            rf"(?<![A-Za-z]) {_LABEL} \s? (?: \((?:s|print(?:ed)?)\) )? \s? [:=] [ \t]* (?:(?i:dr"
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
            rf"(?<![A-Za-z]) {_SIGNATURE} [ ]? :? \s{{1,3}} (?:(?i:dr|mr|mrs|ms)\.?[ ])? (?P<id>"
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
