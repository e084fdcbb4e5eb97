"""Passages that may identify a person by a unique characteristic, without hiding them.

45 CFR 164.514(b)(2)(i)(R) and (ii): a public office, a publicised event, a record or a relation to
staff can point to one person although all other identifiers are gone. No list of words decides
that, so that what is found here goes to a person (OCR guidance of 26 November 2012 on
de-identification, on actual knowledge, gives the same examples).

It reads the de-identified text with the tag of each span, also where a surrogate stands for what is
hidden: what the rules say of ``[NAME]`` or ``[LOCATION]`` then holds for both outputs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from deid.engine.offsets import moved
from deid.engine.tagged import Hidden, whole_tags, with_tags

OFFICE: Final = "public_office"
RENOWN: Final = "renown"
NEWS: Final = "news"
RECORD: Final = "record"
EVENT: Final = "rare_event"
ONLY: Final = "only_or_first"
BIRTH: Final = "multiple_birth"
STAFF: Final = "relation_to_staff"
KINDS: Final = (OFFICE, RENOWN, NEWS, RECORD, EVENT, ONLY, BIRTH, STAFF)


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage: half-open ``[start, end)`` in code points of the text, and one of ``KINDS``."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern and the lower-case words of which a text must hold one for it to match."""

    kind: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(kind: str, words: str, pattern: str) -> _Rule:
    return _Rule(kind, tuple(words.split("|")), re.compile(pattern, re.VERBOSE | re.IGNORECASE))


_OFFICES = (
    r"(?: (?:vice[ -]?)?mayor (?:ess)? | (?:lieutenant\s|lt\.?\s)?governor | (?:state\s"
    r"|u\.?s\.?\s)?"
    r"senator | congress(?:man|woman|person) | member\sof\s(?:congress|parliament) | ambassador"
    r"| (?:arch)?bishop | cardinal | judge | (?:chief|associate)\sjustice | magistrate | "
    r"sheriff"
    r"| chief\sof\spolice | police\schief | (?:police|fire)\scommissioner | fire\schief"
    r"| (?:district|state|u\.?s\.?)\sattorney (?:\sgeneral)? | attorney\sgeneral"
    r"| (?:city\s)?council(?:man|woman|member|\smember) | alderman | state\srepresentative"
    r"| (?:school\s)superintendent | (?:school|high\sschool)\sprincipal | tribal\schief"
    r"| (?:university|college)\spresident )"
)
_OFFICE_WORDS = (
    "mayor|governor|senator|congress|parliament|ambassador|bishop|cardinal|judge|justice|magistrate"
    "|sheriff|chief|commissioner|attorney|council|alderman|representative|superintendent|principal"
    "|president"
)
#: What says that a person holds or held the office.
_HOLDS = (
    r"(?: \b (?: is | was | as | being | became | becoming | elected | appointed | retired | "
    r"former"
    r"| ex | current | sitting | acting | longtime | long-time ) [ -] (?: currently\s | "
    r"now\s )?"
    r"| \b (?: occupation | profession | employment | job | work | works?\sas ) \s? [:=-] \s? )"
)
_WHERE = (
    r"(?: (?: town | city | county | state | village | local | federal | municipal | district"
    r"| circuit | supreme\scourt | family\scourt | superior\scourt | appellate | probate | "
    r"catholic"
    r"| episcopal | former | retired | sitting | current | deputy | assistant | elected | "
    r"first ) (?:'s)? [ ]"
    r"){0,3}"
)
_AREA = (
    r"(?: county | parish | borough | state | province | town | township | city | village | "
    r"country"
    r"| nation | district | reservation | tribe | world | island | hemisphere )"
)
_NO_OFFICE = (
    r"(?! (?:'s|s')? \s (?: office | department | deput | score | system | court | order ) )"
)
_KIN = (
    r"(?: wife | husband | spouse | partner | widow(?:er)? | son | daughter | child | mother "
    r"| father"
    r"| parent | brother | sister | sibling | cousin | niece | nephew | aunt | uncle | "
    r"grand(?:son"
    r"|daughter|mother|father) | (?:mother|father|brother|sister|son|daughter)-in-law | "
    r"fianc[eé]e? )"
)
_CARER = (
    r"(?: (?:registered\s|charge\s|head\s|scrub\s|icu\s|er\s|ed\s|staff\s)?nurse | physician "
    r"| doctor"
    r"| surgeon | resident | intern | pharmacist | (?:physical\s|respiratory\s)?therapist"
    r"| technician | tech | receptionist | employee | social\sworker | anesthesiologist"
    r"| radiologist | midwife | paramedic )"
)
_HERE = (
    r"(?: here \b (?! \s (?:for|with|to|today|because) \b ) | (?:at|on|in|of|for)\s (?:this"
    r"|our)\s (?:\w+\s)?"
    r"(?: hospital | clinic | unit | ward | floor | department | practice | office | "
    r"facility | icu"
    r"| ed | er | emergency\s(?:room|department) | institution | medical\scenter ) )"
)
_RULES = (
    _rule(OFFICE, _OFFICE_WORDS, rf"{_HOLDS} (?:the|a|an|our|their)? \s? {_WHERE} {_OFFICES} \b"
          rf"{_NO_OFFICE} (?: \s of \s (?:the\s)? (?: {_AREA}\sof\s )? (?: \[[A-Z_]+\] | "
          rf"[\w-]+ ) )?"),
    _rule(OFFICE, _OFFICE_WORDS,
          r"\b (?<!by\s)(?<!the\s) (?-i: (?: Mayor | Senator | Governor | Congress(?:man"
          r"|woman) | Ambassador | Archbishop | Bishop | Sheriff ) ) \s \[NAME\]"),
    _rule(OFFICE, _OFFICE_WORDS,
          rf"\b {_OFFICES} {_NO_OFFICE} \s (?:of|for) \s (?:the\s)? (?: {_AREA} \b"
          r"| \[LOCATION\] )"),
    _rule(RENOWN, "celebrit|famous|well-known|well known|renowned|movie star|rock star|pop star"
          "|public figure|household name|influencer",
          r"\b (?: celebrity (?!\s(?:gossip|chef\srecipe)) | famous \s (?!for\b|last\b) "
          r"[\w-]+ | (?:well[- ]known|nationally\sknown"
          r"|renowned|internationally\sknown) \s (?: \w+ \s )? (?: actor | actress | singer "
          r"| musician"
          r"| artist | author | writer | athlete | player | coach | politician | chef | "
          r"comedian"
          r"| painter | journalist | broadcaster | pastor | preacher | businessman | "
          r"businesswoman"
          r"| local | figure | person | family ) | (?:movie|rock|pop|film|tv|television)\sstar"
          r"| public\sfigure | household\sname | social\smedia\sinfluencer ) \b"),
    _rule(RENOWN, "professional|nfl|nba|mlb|nhl|olymp|news anchor|television|tv |best-selling"
          "|bestselling",
          r"\b (?: (?:former\s|retired\s)? (?: (?:professional|pro) \s (?:football"
          r"|basketball|baseball"
          r"|hockey|soccer|tennis|golf) \s (?:player|athlete) | professional\s(?:golfer"
          r"|boxer|wrestler)"
          r"| (?-i:NFL|NBA|WNBA|MLB|NHL)\s(?:player|quarterback|star|coach|draft) )"
          r"| (?:former\s)? olympi(?:an | c\s(?:athlete|medal\w*|champion|team|swimmer"
          r"|runner|gymnast"
          r"|skater|skier|rower|wrestler|boxer)) | news\s(?:anchor|caster) | (?:tv"
          r"|television)\s(?:host"
          r"|anchor|personality|presenter) | best-?selling\sauthor ) \b"),
    _rule(NEWS, "news|headline|front page|magazine|documentary|viral|publici|covered by|featured"
          "|media",
          r"\b (?: featured \s (?:in|on) \s (?! (?:this|the)\s(?:study|trial|note|exam) )"
          r" (?: (?:the|a|an|his|her|their) \s )? (?: \w+ \s ){0,2} (?: news(?:paper)? | paper"
          r"| magazine | documentary | television | tv | show | article | program"
          r"| \[(?:NAME|LOCATION|URL)\] )"
          r"| (?:was|were|been|appeared|is) \s (?: all\sover | in | on ) \s the \s (?: \w+ "
          r"\s )?"
          r" (?: news(?:paper)? | headlines | tabloids )"
          r"| (?:made|making) \s (?: (?:the|local|national|international|front[- ]page) \s )+"
          r" (?: news(?:paper)? | headlines | papers ) | made\sheadlines"
          r"| (?:news|media|press) \s coverage | front\spage \s of | (?:went|gone)\sviral"
          r"| (?:highly|widely|well|nationally)[- ]publici[sz]ed | "
          r"covered\sby\sthe\s(?:media|press|news)"
          r"| subject\sof\sa\s(?:documentary|news) | reported\s(?:in|on)\sthe\s(?:news"
          r"|newspaper|media) )"
          r" (?: \b | (?<=\]) )"),
    _rule(RECORD, "record|guinness|lotter|jackpot|medal of|nobel|pulitzer|grammy|oscar|emmy"
          "|of the year|champion|decorated|oldest|youngest",
          r"\b (?: (?:world|state|national|olympic|guinness|course) [ -] record s? (?!\sreview)"
          r"| record[- ]holder | record\sholding | guinness\sbook | (?:powerball|lottery"
          r"|mega\smillions|jackpot)"
          r"\s (?:winner|prize|jackpot) | (?:won|winning|hit) \s (?:the|a) \s (?:\w+\s){0,2} "
          r"(?:lottery"
          r"|powerball|jackpot) | medal\sof\shonor | (?-i:Nobel|Pulitzer)(?:\s(?:prize"
          r"|laureate|winner))?"
          r"| (?:won|winner\sof|received|awarded|nominated\sfor) \s (?:an?|the|his|her) \s"
          r" (?-i:Grammy|Oscar|Emmy|Tony\sAward) | (?-i: (?: [A-Z]\w+ \s ){1,2} "
          r"of\sthe\sYear ) (?: \s award )?"
          r"| (?:world|national|state|olympic)[ -]champion(?!ship)"
          r"| (?:oldest|youngest) \s (?:living\s)? (?:person|man|woman|resident|patient"
          r"|survivor|citizen)"
          r"\s (?:in|of) \s (?:the\b|this\b|\[\w+\]) ) (?!\w)"),
    _rule(EVENT, "crash|shooting|derailment|shipwreck|ferry|survivor|flood|fire of|tornado"
          "|earthquake"
          "|hurricane|explosion|bombing|massacre|collapse|blizzard|riot|terror|hostage|disaster"
          "|9/11|world trade center|avalanche",
          r"\b (?: (?:plane|airplane|aeroplane|helicopter|airline|jet|aircraft|bus|train) \s "
          r"(?:crash|derailment)"
          r"| train\sderailment | shipwreck | ferry\s(?:disaster|sinking|accident)"
          r"| (?:school|mass|church|nightclub|synagogue|mosque|mall|movie\stheater|concert"
          r"|workplace)"
          r" \s shooting | (?: the \s )? (?:sole|only|lone) \s survivor"
          r"| the \s (?:great\s)? (?: flood | fire | tornado | earthquake | hurricane | "
          r"explosion | bombing"
          r"| massacre | collapse | blizzard | riots? | storm | avalanche | disaster ) \s of "
          r"\s (?: \[DATE\]"
          r"| '?\d{2,4} \b | that\syear )"
          r"| (?:bridge|building|mine|dam|stadium|crane) \s (?:collapse|explosion|disaster)"
          r"| (?:marathon|embassy|subway|courthouse) \s bombing | terror(?:ist)?\sattack | "
          r"hostage\s(?:situation"
          r"|crisis|taking) | (?:taken|held)\shostage | serial\skiller | (?:survived"
          r"|survivor\sof)\s (?:the|an?)\s"
          r"avalanche | 9/11\s(?:survivor|attacks?|first\sresponder|responder) | "
          r"world\strade\scenter )"
          r" (?! \w )"),
    _rule(ONLY, "only|one of",
          rf"\b the \s only \s (?:\[\w+\]\s)? (?: [\w'/-]+ \s ){{1,7}}? (?:in|on|of) \s (?: "
          rf"(?:the|this|our|his|her|their)"
          rf" \s (?:\w+\s){{0,2}}? {_AREA} | \[LOCATION\] ) (?!\w)"
          r"| \b only \s (?:known\s)? (?:reported\s|documented\s)? (?:case|person|patient) "
          r"\s (?:\w+\s)?"
          r"(?:reported|documented|known|recorded) \b"
          rf"| \b one\sof \s (?:only\s|just\s)? (?: two|three|four|five|six|seven|eight|nine"
          rf"|ten|a\sdozen|a\shandful|\d{{1,2}} )"
          rf" \s (?:of\s)? (?:\w+\s){{1,4}}? in \s (?: (?:the|this|our) \s (?:\w+\s){{0,2}}? "
          rf"{_AREA} | \[LOCATION\] ) (?!\w)"),
    _rule(ONLY, "first",
          r"\b first \s (?: (?:female|male|black|african[- ]american|hispanic|latin[oa]"
          r"|asian|native\samerican"
          r"|openly\sgay|deaf|blind|muslim) \s )? (?: person|man|woman|patient|child|baby"
          r"|boy|girl|one|human|individual"
          r"|people|recipient|american ) \s (?:\w+\s){0,4}? (?:in|on|of|at) \s (?: (?:the"
          r"|this|our) \s (?:\w+\s){0,2}?"
          rf" (?: {_AREA} | hospital | history ) | \[LOCATION\] ) \s (?:ever\s)? (?: to \b | "
          rf"who \b | with \b )"
          r"| \b first \s (?: female|black|african[- ]american|hispanic|native\samerican"
          r"|openly\sgay ) \s (?! infant|child\b )"
          r"(?: [\w-]+ \s ){0,2} (?: officer | firefighter | pilot | judge | mayor | "
          r"president | principal | surgeon"
          r"| astronaut | captain | chief | professor | minister | governor | senator | "
          r"player ) \b"),
    _rule(BIRTH, "uplet|births|born",
          r"\b (?: quadruplet | quintuplet | sextuplet | septuplet | octuplet | nonuplet ) "
          r"s? \b"
          r"| \b one\sof \s (?:a\sset\sof\s)? (?: four|five|six|seven|eight|[4-8] ) \s (?: "
          r"\w+ \s ){0,2} born"
          r"\s (?:together|at\sonce|at\sthe\ssame\stime) \b"),
    _rule(STAFF, "wife|husband|spouse|partner|widow|son|daughter|child|mother|father|parent|brother"
          "|sister|sibling|cousin|niece|nephew|aunt|uncle|fianc",
          rf"\b {_KIN} \s of \s (?: (?:one\sof\s)? our \s (?:\w+\s){{0,2}}? {_CARER} s? | "
          rf"(?:a|the) \s (?:\w+\s)?"
          rf" {_CARER} \s {_HERE} ) | \b {_KIN} ,? \s (?:who\s)? (?: is | works\sas ) \s (?: "
          rf"an? | the | one\sof\sour )"
          rf" \s (?:\w+\s){{0,2}}? {_CARER} s? \s (?:\w+\s)? {_HERE} | \b {_KIN} \s works \s "
          rf"(?:as\s\w+\s\w+\s)? {_HERE}"),
    _rule(STAFF, "staff|employ|works|nurse|physician|colleague|doctor|coworker|co-worker|surgeon",
          rf"\b (?: patient | pt | she | he | they ) \s (?: is | was | works\sas ) \s (?: "
          rf"an? | one\sof\sour ) \s"
          rf" (?:\w+\s){{0,2}}? {_CARER} s? \s (?:\w+\s)? {_HERE} | \b (?: patient | pt | "
          rf"she | he ) \s works \s {_HERE}"
          r"| \b (?: is | was ) \s (?:a\smember\sof\s(?:our|the)\s(?:medical\s|hospital\s"
          r"|nursing\s)?staff"
          rf"| (?: one\sof\sour | our\sown ) \s (?:\w+\s)? {_CARER} s? | "
          rf"a\scolleague\sof\s(?:mine|ours) )"
          rf"| \b employee \s of \s (?:this|our) \s (?:hospital|clinic|practice|facility"
          rf"|department|medical\scenter)"),
)  # fmt: skip


def find(text: str, hidden: Sequence[Hidden] = ()) -> list[Passage]:
    """The passages of a de-identified text, in order and disjoint; touching ones become one.

    ``hidden`` are the places of tags or surrogates, disjoint and in order: a passage that cuts
    one takes it in whole. Nothing is raised for any text.
    """
    read, tags = with_tags(text, hidden)
    low = read.lower()
    found = [
        Passage(*whole_tags(match.start(), match.end(), tags), rule.kind)
        for rule in _RULES
        if any(word in low for word in rule.words)
        for match in _trimmed(rule.pattern, read)
    ]
    disjoint = _disjoint(sorted(found, key=lambda p: (p.start, -p.end)))
    stand = [(one.start, one.end) for one in hidden]
    places = [(moved(p.start, tags, stand), moved(p.end, tags, stand)) for p in disjoint]
    return [Passage(*place, p.kind) for place, p in zip(places, disjoint, strict=True)]


def _trimmed(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches that stay within a line: a sentence does not run on through a list."""
    for match in pattern.finditer(text):
        if "\n" not in match.group().strip():
            yield match


def _disjoint(passages: Sequence[Passage]) -> list[Passage]:
    kept: list[Passage] = []
    for passage in passages:
        if kept and passage.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Passage(last.start, max(last.end, passage.end), last.kind)
        else:
            kept.append(passage)
    return kept
