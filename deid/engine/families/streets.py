"""Patterns and judges for streets of the United States, shared by the rules of letter B."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.patterns import CAP

#: Types that name a street in any case; the others are ordinary words or titles as well.
SURE_TYPE = (
    r"(?: street | str(?=\.) | avenue | ave | road | rd | boulevard | blvd | lane | terrace |"
    r"parkway | pkwy | highway | hwy | turnpike | tpke | expressway | freeway | crescent )"
)
_WEAK_TITLE = (
    r"St|Av|Dr|Ln|Ct|Pl|Sq|Ter|Terr|Cir|Trl|Rte|Plz|Aly|Cres|Xing|Drive|Court|Place|Square|Way"
    r"|Circle|Trail|Route|Plaza|Alley|Loop|Row|Walk|Path|Pike|Run|Ridge|Crossing|Close|Gardens?"
    r"|Grove|Heights|Hollow|Landing|Manor|Mews|Point|View|Vista|Bend|Cove|Commons|Creek|Hill"
    r"|Knoll|Meadows?|Oval|Park|Pass|Spur|Trace|Bypass|Broadway"
)
_WEAK_UPPER = (
    r"ST|DR|LN|CT|PL|SQ|CIR|TRL|DRIVE|COURT|CIRCLE|TRAIL|WAY|RIDGE|HOLLOW|CROSSING|HEIGHTS|GROVE"
)
STREET_TYPE = rf"(?: {SURE_TYPE} | (?-i: {_WEAK_TITLE} | {_WEAK_UPPER} ) )"

UNIT = (
    r"(?: [ ] (?-i:[A-Z])[a-z]{0,3}\d[\w-]{0,8} | \s* ,? \s* (?: (?: apt | apartment | suite | ste"
    r"| unit | bldg | building | floor | fl | room | rm | lot | trailer"
    r"| space | spc | no | flat ) \b \.? \s* \#? \s* (?: [A-Z]{0,2}-?\d [A-Z0-9-]{0,7} | [A-Z] )"
    r"| \# \s? [A-Z0-9-]{1,6} ) \b )?"
)
DIRECTION = r"(?: (?: north | south | east | west | NE | NW | SE | SW | [NSEW] )\b \.? \s )?"
SUFFIX_DIRECTION = r"(?: [ ] (?-i: NE|NW|SE|SW|[NSEW]|North|South|East|West ) \b \.? )?"
#: House numbers, with the grid form of the Midwest (``W165 N6543``).
NUMBER = (
    r"(?: \d{1,6} (?:[A-Z]\b|-\d{1,4}|\s1/2)? | (?-i:[NSEW])\d{2,5} (?:[ ](?-i:[NSEW])\d{2,5})? )"
)
#: Words after a number that count time, distance or amounts, as in ``20 minutes down the road``.
MEASURE = (
    r"(?: (?: min | minute | hour | hr | day | week | month | year | yr | mile | block | meter |"
    r"metre | foot | yard | time | step | house | car | lane | pound | lb | dose | tab | tablet |"
    r"capsule | pill | puff | drop | drink | beer | pack | stitch | suture | point | degree |"
    r"people | person | patient | view ) (?:s|es)? | feet | m?c?g | ml | cc | kg | units? | meq |"
    r"km | mm | cm | liters? | l | % | bpm | mmhg"
    r"| y/?o | of | in | on | at | to | and | or | percent | the | a | an | his | her | down | up"
    r"| per | with | by | for | from | off ) \b"
)
LOWER_WORDS = rf"(?-i: (?: (?!{MEASURE}) [a-z][a-z.']{{1,14}} [ ] ){{1,3}}? )"
STREET_WORD = (
    rf"(?: {CAP} (?:'s)? | \d{{1,3}}(?:st|nd|rd|th) | (?-i:[A-Z])\. | of | the | de | la"
    r"| [a-z]{3,15} (?=\s(?-i:St|Ave|Rd|Blvd|Dr|Ln|Ct|Street|Avenue|Road)\b) )"
)

_MEASURED = re.compile(rf"[^\w]*\d[\w/-]*[ ]+{MEASURE}", re.IGNORECASE | re.VERBOSE)
_TITLE = re.compile(r"\bDr\.?$|\bDR\.?$")
_AMBIGUOUS = frozenset({"ct", "dr", "pl", "st", "court", "way", "view", "point", "pass", "row"})


def is_measured(surface: str) -> bool:
    """Whether the number at the start counts doses, time or distance."""
    return _MEASURED.match(surface) is not None


def street(match: re.Match[str]) -> tuple[int, int] | None:
    """A number and a street, unless the number counts doses or ``Dr`` is the title of a name."""
    surface = match.group(0)
    if is_measured(surface):
        return None
    words = [w.strip(".,'").lower() for w in surface.split()[1:]]
    if any(lexicon.is_drug(w) for w in words[:-1] if len(w) > 3 and not gazetteer.is_town(w)):
        return None
    if words[-1] in _AMBIGUOUS and any(w in lexicon.words("clinical_terms") for w in words[:-1]):
        return None
    if _TITLE.search(surface):
        name = re.match(r"\.?[ ]([A-Z][\w'-]+)", match.string[match.end() :])
        ordinary = all(lexicon.is_ordinary(w) for w in words[:-1])
        if name and ordinary and not gazetteer.is_town(name.group(1)):
            return None
    return match.span()
