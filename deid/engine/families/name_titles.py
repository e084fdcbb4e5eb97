"""Names behind titles, and what follows a name in a sentence."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, could_be_name, facts, is_medical
from deid.engine.families.name_reader import Trust, read_name
from deid.engine.families.name_vocabulary import ROLES
from deid.engine.families.name_words import Word, word_at

Bounds = tuple[int, int] | None

_NO_PERSON = frozenset(["appointment", "appt", "appts", "name", "office", "signature", "visit"])
_PROPER = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "drs", "prof", "mister", "doctor"])
#: What a note says of a person and of nothing else, behind a name in lower case.
TOLD = re.compile(
    r"(?:'s\b|[ ](?:is|was|has|had|reports?|reported|denies|denied|states?|stated|says|said"
    r"|presents"
    r"|presented|returns?|returned|came|comes|saw|sees|agrees|agreed|will|would|notes|noted"
    r"|recommends?|recommended|called|ordered|visited|arrived|advised|and[ ](?:his|her)|who"
    r"|here|for|aware|notified|paged|informed|updated"
    r"|at|on|today|in|about|with|regarding|to|of)\b|[,.;)]|\s*\Z|\n)",
    re.IGNORECASE,
)

_TOLD_VERB = re.compile(
    r"[ ](?:reports?|reported|denies|denied|states?|stated|says|said|presents|agrees|agreed|came"
    r"|recommends?|recommended|notes|noted|feels|felt|called|is[ ]a|will|wants|asked|told)\b",
    re.IGNORECASE,
)
#: Titles without a full stop that are also a scan and a disease.
_SCAN = frozenset(["MR", "MS", "mr", "ms"])


def titled(match: re.Match[str]) -> Bounds:
    """A name after a title, even an ordinary word; brands that borrow a title are no persons."""
    if match.group().startswith("Fr") and _GAUGE.search(match.string[: match.start()][-6:]):
        return None
    return read_titled(match.string, match.end(), match.group())


#: A number before ``Fr.``: the size of a tube in French.
_GAUGE = re.compile(r"\d[ ]?-?\Z")


def read_titled(text: str, position: int, title: str) -> Bounds:
    """The name behind a title that ends at ``position``."""
    plain_title = title.strip().rstrip(".").lower()
    proper = plain_title in _PROPER
    sure = proper and title.strip() not in _SCAN
    bounds = read_name(text, position, Trust.SURE if sure else Trust.FAIR, any_case=proper)
    first = word_at(text, position)
    if bounds is None and first is not None:
        bounds = _any_word(text, first, title) if proper else _told_word(text, first)
    if bounds is None:
        return None
    phrase = f"{plain_title} {text[slice(*bounds)]}".lower().replace(".", "")
    return None if phrase in lexicon.words("titled_brands") else bounds


def _told_word(text: str, first: Word) -> Bounds:
    """``Judge Stone ordered``: an ordinary surname behind an office, as the sentence goes on."""
    told = TOLD.match(text, first.end) is not None and first.text[1:].islower()
    wanted = facts(first.text) & Fact.FAMILY and first.low not in ROLES and first.text[0].isupper()
    return (first.start, first.end) if wanted and told and not is_medical(first.text) else None


def _any_word(text: str, first: Word, title: str) -> Bounds:
    """A word behind a title that may mean anything: by its capital, or by what follows it."""
    known = facts(first.text)
    if first.low in _NO_PERSON or known & Fact.DRUG or (first.low in ROLES and not known & NAME):
        return None
    if len(first.text) == 1:
        told = "." in title and TOLD.match(text, first.end) is not None
        return (first.start, first.end + first.dotted) if first.dotted or told else None
    scan = title.strip() in _SCAN
    if first.text[0].isupper() and not first.text.isupper():
        return None if scan and not known & NAME else (first.start, first.end)
    return _any_word_without_case(text, first, scan)


def _any_word_without_case(text: str, first: Word, scan: bool) -> Bounds:
    """The same where capitals say nothing: by what the sentence tells of the word."""
    known = facts(first.text)
    if first.low in ROLES:
        return None
    verb = _TOLD_VERB.match(text, first.end) is not None
    if verb and known & NAME and (not scan or not known & (Fact.FUNCTION | Fact.STOP)):
        return first.start, first.end
    last = word_at(text, first.end + 1)
    plain = not known & (Fact.FUNCTION | Fact.STOP) and not is_medical(first.text) and not scan
    if plain and last is not None and could_be_name(last.text) and facts(last.text) & Fact.FAMILY:
        return first.start, last.end
    if not known & NAME or known & Fact.FUNCTION or (scan and known & (Fact.STOP | Fact.CLINICAL)):
        return None
    told = TOLD.match(text, first.end) is not None
    return (first.start, first.end) if told and not known & Fact.STOP else None
