"""Words around names: titles, credentials, relations, labels and signatures (verbose form)."""

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
LABEL = (
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
SIGNATURE = (
    r"(?: (?:electronically|digitally|e-?)?\s?-? (?:signed|authenticated|cosigned|co-signed"
    r"|dictated|transcribed|verified|reviewed|authored|written|entered|documented|prepared"
    r"|completed|performed|interpreted|read|attested|approved|finalized|edited|reported|scribed"
    r"|administered|discussed|ordered|witnessed)\s (?:and\s\w+\s)? (?:electronically\s)? (?:by"
    r"|with)(?:\s? :)? | /s/ | \bs/ | dictated\sfor | d/w | discussed\swith | paged |"
    r"spoke\s(?:to|with) | called | notified | informed | signed | per | via )"
)
#: Relations by blood, marriage or company: after them even an ordinary word can be a name.
KIN = (
    r"(?: wife | husband | spouse | partner | girlfriend | boyfriend | fianc[eé]e? | mother"
    r"| father | mom | mum | dad | (?:step|half-?|god|foster|grand)?-?"
    r"(?:son | daughter | brother | sister | mother | father) | aunt(?:ie)? | uncle | niece"
    r"| nephew | cousin | friend | neighbou?r | roommate )"
)
