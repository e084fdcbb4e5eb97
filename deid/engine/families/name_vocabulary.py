"""Words around names: titles, credentials, relations, labels and signatures (verbose form)."""

from deid.engine import lexicon
from deid.engine.families.patterns import UPPER

#: In front of a word that begins a pattern: no letter, no full stop, no hyphen.
BEFORE = r"(?<![\w.'-])"
INITIAL = rf"(?-i:[{UPPER}])(?![\w'])\.?"

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
    r"| MPH | MBBS | MBChB | Ph\.?D\.? | PsyD | Pharm\.?D\.? | RPh | D\.?D\.?S\.? | DMD | DPM"
    r"| DVM | LCSW | LMSW | LICSW | MSW | LMFT | LPC | OTR(?:/L)? | DPT | SLP |"
    r"CCC-SLP | LDN | RRT | CRT | EMT(?:-P)?"
    r"| FACS | FACC | FACP | FACOG | FRCS | FAAP | Esq | MS[1-4] | PGY-?\d"
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
#: Between a label and its value.
SEPARATOR = (
    r"(?: [ ]? (?: \((?:s|print(?:ed)?)\) )? [ ]? (?: [:=|] [ \t]{0,8} | \t+ )"
    r"(?=[^\W\d_\s]|[\"'(]) )"
)
#: Labels whose value is a person's name.
PERSON_LABEL = (
    r"(?: (?:patient|pt|resident|client|member|subscriber|insured|guarantor|mother|father|maternal"
    r"|provider|physician|doctor|surgeon|nurse|full|first|last|middle|maiden|legal|preferred|given"
    r"|family|sur|contact|emergency\scontact|spouse|alias|nick|birth|author|caregiver) (?:'s)? \s?"
    r"names? | (?<![A-Za-z][ ]) names? | name\sof\s(?:patient|mother|father|guardian|informant)"
    r"| (?:attending|referring|primary\scare|admitting|ordering|consulting|dictating|discharging"
    r"|supervising|responsible|treating|performing|interpreting|operating|assistant|collaborating"
    r"|requesting|covering|rounding|family) \s (?:physician|provider|doctor|surgeon|md|clinician"
    r"|radiologist|pathologist|phys|psychiatrist|resident|nurse)s? (?:\sname)?"
    r"| emergency\scontact | next\sof\skin | nok | health\scare\s(?:proxy|agent) | poa | hcp"
    r"| primary\s(?:caregiver|contact) | responsible\sparty | attending | surgeons? | assistants?"
    r"| cardiologist | oncologist | h(?:a?)ematologist | pulmonologist | nephrologist | neurologist"
    r"| obstetrician | pediatrician | endocrinologist | urologist | gastroenterologist"
    r"| radiologist | pathologist | neurosurgeon | hospitalist | pmd | lmd | attg | dictator"
    r"| (?:req(?:uested)?|ord(?:ered)?|ref(?:erred)?) \s by | house\sofficer"
    r"| anesthesiologist | anesthetist | cosigner | scribe | guarantor | subscriber | attn"
    r"| attention | pcp | author | transcriptionist | interpreter | legal\sguardian | guardian"
    r"| (?:electronically|digitally|e-?)? \s? (?:signed|authenticated|co-?signed|dictated"
    r"|transcribed"
    r"|verified|reviewed|authored|written|entered|documented|prepared|completed|performed"
    r"|interpreted|read|attested|approved|finalized|edited|reported|scribed|administered|ordered"
    r"|witnessed|collected|examined|seen|evaluated|accompanied|referred|requested) \s by )"
)
#: Labels whose value is a person, or something else just as well.
OPEN_LABEL = (
    r"(?: patient | pt | re | client | resident | subject | informant | historian | physician"
    r"| provider | nurse | rn | referring | consultants? | cc | dictated | transcribed | reviewer"
    r"| therapist | fellow | intern | from | to | signed | signature | contact | insured | spouse"
    r"| witness | caller | sincerely | regards | clinician | technologist | radiologist"
    r"| pathologist | anesthesia | circulator | scrub | perfusionist | copies\sto | copy\sto "
    r"| regarding | hello | hi | dear )"
)
_SIGNED = (
    r"(?: signed | authenticated | cosigned | co-signed | dictated | transcribed | verified"
    r"| reviewed | authored | written | entered | documented | prepared | completed | performed"
    r"| interpreted | read | attested | approved | finalized | edited | reported | scribed"
    r"| administered | ordered | witnessed | seen | examined | evaluated | accompanied | placed"
    r"| inserted | assisted | collected )"
)
#: Words before the person who wrote, signed or did something.
SIGNED_BY = (
    rf"(?: (?: (?:electronically|digitally|e-?)?\s?-? {_SIGNED} \s (?:and\s\w+\s)?"
    r"(?:electronically\s)? by ) | /s/ | s/ | dictated\sfor | sincerely,? | regards,? | thanks,?"
    r"| thank\syou,? | best,? | respectfully,? | yours\s(?:truly|sincerely),? | cheers,? )"
)
#: Words before somebody who was talked to.
CONTACT = (
    r"(?: discussed\swith | discussed\sw/ | d/w | spoke\s(?:to|with|w/) | talked\s(?:to|with)"
    r"| speaking\swith | paged | texted | called | notified | informed | updated | contacted"
    r"| messaged | consulted | call | phone | page | contact | notify | remind | tell"
    r"| signed\sout\sto | handed\soff\sto | hand-?off\sto"
    r"| report\s(?:given\s)?to | referred\s(?:by|to) | met\swith | visited\sby "
    r"| under\sthe\scare\sof"
    r"| followed\sby | follows\swith | sees | told | asked | reminded"
    r"| saw | seeing | lives\swith | staffed\swith | reviewed\swith | confirmed\swith"
    r"| nurse | tech | resident | intern | fellow | attending | surgeon | hospitalist | interpreter"
    r"| chaplain | sitter | aide | scribe | therapist | pharmacist | dentist | officer "
    r"| preceptor )"
)
#: Small words that stand before persons and before anything else.
PREPOSITION = r"(?: per | via | by | with | from | and | to | for )"
#: What letters say before they name the patient or the reader.
LETTER_PHRASE = (
    r"(?: dear | n[eé]e | thank\syou\s(?:again\s|so\smuch\s"
    r"|very\smuch\s)?for\s(?:kindly\s)?(?:referring"
    r"|sending|seeing|asking\s(?:me|us)\sto\ssee|allowing\s(?:me|us)\sto\s(?:see"
    r"|participate\sin\sthe"
    r"\scare\sof|evaluate)|involving\s(?:me|us)\sin\sthe\scare\sof|the\s(?:kind\s)?referral\sof)"
    r"| (?:i|we)\s(?:saw|reviewed|examined|met|evaluated|assessed|visited|called|spoke\s(?:to"
    r"|with))"
    r"| pleasure\s(?:of|to)\s(?:see|seeing|meet|meeting|evaluate|evaluating|caring\sfor|examining)"
    r"| (?:regarding|concerning|on\sbehalf\sof|follow(?:ing)?\sup\s(?:on|with)|(?:the|in)\scare\sof"
    r"|writing\s(?:about|regarding)|referral\sof|re-?evaluation\sof|consultation\s(?:on|for)"
    r"|update\son|hello|hi|your\spatient,?|our\s(?:mutual\s)?patient,?) )"
)
CREDENTIAL_BEFORE = r"(?-i: RN | NP | LPN | CNA | PA | MD | DO | CRNA | CNM | RT | SW | CM )"
#: Letters that are credentials behind a name and words or abbreviations elsewhere.
WEAK_CREDENTIAL = r"(?-i: PT | OT | MA | MS | BS | CM | SW | RT | RD | DC | OD ) (?![A-Za-z])"
_NUMBER_WORD = (
    r"(?: one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|a )"
)
#: An age, as it stands beside a person.
AGE = (
    r"(?: (?:\d{1,3} [ -]? (?: years?(?:[ -]old)? | y/?o | yrs?(?:[ -]old)? | y\.o\.? "
    r"| months?[ -]old"
    rf"| weeks?[ -]old | [MF](?![\w/]) ) | {_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})?"
    r"[ -]years?[ -]old ) \b )"
)
#: An age that only a person has.
STRICT_AGE = (
    r"(?: (?:\d{1,3} [ -]? (?: years?[ -]old | y/?o | yrs?[ -]old | y\.o\.? | months?[ -]old"
    rf"| weeks?[ -]old ) | {_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})?[ -]years?[ -]old ) \b )"
)
#: Words for the person whom a note is about.
PERSON = (
    r"(?: patients? | pts? | child | infant | gentleman | lady | woman | man | male |"
    r"female | boy | girl | individual | resident | veteran | person | client |"
    r"student | adolescent | teen(?:ager)? )"
)
#: Verbs that only persons are the subject of, in notes.
TOLD_VERB = (
    r"(?: reports | reported | denies | denied | endorses | endorsed | states | stated | says "
    r"| said"
    r"| complains | complained | verbalizes | verbalized | agrees | agreed | lives | works | smokes"
    r"| drinks | requests | requested | refuses | refused | declines | declined | understands"
    r"| describes | described | recalls | remembers | asks | asked | tells | told | wants | feels"
    r"| felt | prefers | ambulates | ambulated | walked | called | phoned | texted | wrote | came"
    r"| arrived | returns | returned | presents | presented | underwent | tolerated | has "
    r"| had | is"
    r"| was | will | would | can | did | does | went | slept | ate | fell | worries | thinks )"
)
KIN_PLURAL = (
    r"(?: (?:sons|daughters|children|kids|siblings|brothers|sisters|parents|grandchildren"
    r"|grandsons|granddaughters|nieces|nephews|cousins|friends|twins|roommates|neighbors)"
    r"(?:[ ](?:are|named|is))? )"
)
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
CREDENTIAL_WORDS = lexicon.words("credentials")
PARTICLES = lexicon.words("name_particles") - SUFFIXES
#: Words for persons by relation, role or kind, which are never names themselves.
ROLES = lexicon.words("person_roles")
