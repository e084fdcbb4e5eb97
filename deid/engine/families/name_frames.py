"""What in the text around says that a person's name begins or ends here."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import (
    NAME,
    Fact,
    could_be_name,
    facts,
    is_medical,
    is_only_name,
)
from deid.engine.families.name_fields import read_field, read_field_before
from deid.engine.families.name_reader import (
    Trust,
    Word,
    is_lower_case,
    is_upper_case,
    read_name,
    read_name_before,
    word_at,
)
from deid.engine.families.name_vocabulary import ROLES
from deid.engine.recognition import Refine

Bounds = tuple[int, int] | None
_TITLE_HERE = re.compile(r"(?:dr|mr|mrs|ms|drs)\b\.?[ ]{1,2}|doctor[ ]", re.IGNORECASE)


def reads(trust: Trust) -> Refine:
    """A name begins where the match ends; a title may stand before it."""

    def refine(match: re.Match[str]) -> Bounds:
        position = match.end()
        title = _TITLE_HERE.match(match.string, position)
        if title is not None:
            return read_titled(match.string, title.end(), title.group())
        return read_name(match.string, position, trust)

    return refine


def reads_field(trust: Trust) -> Refine:
    """A field that holds a person's name begins where the match ends."""

    def refine(match: re.Match[str]) -> Bounds:
        return read_field(match.string, match.end(), trust)

    return refine


def reads_before(trust: Trust) -> Refine:
    """A name ends where the match begins."""

    def refine(match: re.Match[str]) -> Bounds:
        return read_name_before(match.string, match.start(), trust)

    return refine


_NO_PERSON = frozenset(["appointment", "appt", "appts", "name", "office", "signature", "visit"])
_PROPER = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "drs", "prof", "mister", "doctor"])
#: What a note says of a person and of nothing else, behind a name in lower case.
_TOLD = re.compile(
    r"(?:'s\b|[ ](?:is|was|has|had|reports?|reported|denies|denied|states?|stated|says|said|presents"
    r"|presented|returns?|returned|came|comes|saw|sees|agrees|agreed|will|would|notes|noted"
    r"|recommends?|recommended|called|ordered|visited|arrived|advised|and[ ](?:his|her)|who|here|for|at|on|today|in|about|with|regarding|to|of)\b|[,.;)]|\s*\Z|\n)"
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
    return read_titled(match.string, match.end(), match.group())


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
    told = _TOLD.match(text, first.end) is not None and first.text[1:].islower()
    wanted = facts(first.text) & Fact.FAMILY and first.low not in ROLES and first.text[0].isupper()
    return (first.start, first.end) if wanted and told and not is_medical(first.text) else None


def _any_word(text: str, first: Word, title: str) -> Bounds:
    """A word behind a title that may mean anything: by its capital, or by what follows it."""
    known = facts(first.text)
    if first.low in _NO_PERSON or first.low in ROLES or known & Fact.DRUG:
        return None
    if len(first.text) == 1:
        return (first.start, first.end + 1) if first.dotted else None
    scan = title.strip() in _SCAN
    if first.text[0].isupper() and not first.text.isupper():
        medical = is_medical(first.text) and not known & NAME
        return None if scan and (medical or not known & NAME) else (first.start, first.end)
    verb = _TOLD_VERB.match(text, first.end) is not None
    if verb and known & NAME and (not scan or not known & (Fact.FUNCTION | Fact.STOP)):
        return first.start, first.end
    last = word_at(text, first.end + 1)
    plain = not known & (Fact.FUNCTION | Fact.STOP) and not is_medical(first.text) and not scan
    if plain and last is not None and could_be_name(last.text) and facts(last.text) & Fact.FAMILY:
        return first.start, last.end
    if not known & NAME or known & Fact.FUNCTION or (scan and known & (Fact.STOP | Fact.CLINICAL)):
        return None
    told = _TOLD.match(text, first.end) is not None
    return (
        (first.start, first.end) if told and first.low not in lexicon.words("not_a_name") else None
    )


_ACRONYM = 6
_AFTER_ILLNESS = re.compile(r"[ ](?:cancer|disease|syndrome|positive|negative|infection)\b")


def relative(match: re.Match[str]) -> Bounds:
    """The name of a relative, also one that is an ordinary word: ``nephew Tug``."""
    text, position = match.string, match.end()
    bounds = reads(Trust.FAIR)(match)
    if bounds is not None:
        return None if _AFTER_ILLNESS.match(text, bounds[1]) and _is_odd(text, bounds) else bounds
    word = word_at(text, position)
    if word is None or word.low in ROLES:
        return None
    if word.text[0].islower():
        return _spoken(text, word) if is_lower_case(text, position) else None
    if is_upper_case(text, position):
        return None
    if not match.group("kin")[0].islower() and not _ACTS.match(text, word.end):
        return None
    return (word.start, word.end) if _is_nickname(text, word) else None


#: What shows, behind ``Nephew Tug`` at the start of a sentence, that no illness was listed.
_ACTS = re.compile(
    r"[ ](?:at[ ]bedside|at[ ]the[ ]bedside|at[ ]home|who|is|was|has|helps?|brought|called|here|present"
    r"|will|phone|also|reports?|states?|lives|drove|came|visits?|visited|says|said|and|with|in)\b|,[ ]?\("
    r"|[ ]\(|\)"
)


def _is_odd(text: str, bounds: tuple[int, int]) -> bool:
    return not any(is_only_name(w) for w in text[slice(*bounds)].split(" "))


def _is_nickname(text: str, word: Word) -> bool:
    """Whether a capital in the middle of a sentence makes an ordinary word a name."""
    known = facts(word.text)
    if len(word.text) < 3 or (word.text.isupper() and len(word.text) < _ACRONYM):
        return False
    if (
        is_medical(word.text)
        or known & (Fact.KEPT | Fact.DRUG)
        or text[word.end : word.end + 1] == ":"
    ):
        return False
    if known & (Fact.STOP | Fact.FUNCTION):
        return bool(known & Fact.GIVEN) and not re.match(r"[ ]\d", text[word.end : word.end + 2])
    return _AFTER_ILLNESS.match(text, word.end) is None


#: Ordinary words that dictation in lower case uses as given names behind a relation.
def _spoken(text: str, word: Word) -> Bounds:
    known = facts(word.text)
    usual = word.low in lexicon.words("ambiguous_first_names") and not known & (
        Fact.FUNCTION | Fact.STOP | Fact.CLINICAL
    )
    if usual and _TOLD.match(text, word.end) is not None:
        return word.start, word.end
    return None


_ARTICLE = re.compile(r"\b(?:the|this|a|an|our|my|your|his|her|their|these|no|any)[ ]$")
_PRONOUN = re.compile(r"\b(?:this|that|it|there|here|which|what)$", re.IGNORECASE)


def identified(match: re.Match[str]) -> Bounds:
    """The name in front of ``DOB`` or ``MRN``: the whole field, or the last words of it."""
    text, start = match.string, match.start()
    whole = read_field_before(text, start, Trust.FAIR)
    return whole if whole is not None else read_name_before(text, start, Trust.FAIR)


def told_of(match: re.Match[str]) -> Bounds:
    """The name before words that only a person is told of: ``Okafor denies pain``."""
    bounds = read_name_before(match.string, match.start(), Trust.WEAK)
    if bounds is None:
        return None
    name = match.string[slice(*bounds)]
    words = [w for w in name.split(" ") if len(w) > 1]
    if len(words) > 1:
        return bounds if any(map(could_be_name, words)) else None
    usual = facts(name) & Fact.USUAL_GIVEN
    if len(name) < 3 or (name.isupper() and len(name) < 5 and not usual):
        return None
    if is_only_name(name):
        return bounds
    unknown = could_be_name(name) and name[0].isupper() and not name.isupper() and len(name) > 3
    return bounds if unknown and _ONLY_PERSONS.match(match.group()) else None


#: Of these even an unknown word is the subject only if it is somebody's name.
_ONLY_PERSONS = re.compile(
    r"(?:denies|denied|endorses|endorsed|says|said|complains|complained|verbalizes|verbalized|lives"
    r"|works|smokes|drinks|agrees|agreed|tells|told|asks|asked|wants|feels|thinks|worries|refuses"
    r"|refused|slept|ate|phoned|texted|walked|wrote|'s[ ](?!(?:care|pain|chart)))"
)


def aged(match: re.Match[str]) -> Bounds:
    """The name before ``is a 62-year-old``, even an ordinary word that is also a name."""
    text, end = match.string, match.start()
    bounds = read_name_before(text, end, Trust.FAIR)
    if bounds is not None:
        return bounds
    return _any_before(text, end) if match.group("sure") else None


def _any_before(text: str, end: int) -> Bounds:
    """Any word that is no pronoun and no role: ``Hope is a 40-year-old``."""
    while end > 0 and text[end - 1] in " ,(":
        end -= 1
    last = re.search(r"(?<![\w'-])[^\W\d_]{3,15}$", text[max(0, end - 16) : end])
    if last is None or last.group().lower() in ROLES:
        return None
    start = max(0, end - 16) + last.start()
    known = facts(last.group())
    if known & (Fact.DRUG | Fact.KEPT) or _PRONOUN.search(last.group()):
        return None
    if known & (Fact.FUNCTION | Fact.STOP) and not known & Fact.GIVEN:
        return None
    if is_upper_case(text, start) and not known & Fact.GIVEN:
        return None
    if last.group()[0].isupper():
        first = re.search(r"(?<![\w'-])[A-Z][\w'-]+[ ]$", text[max(0, start - 20) : start])
        if first is not None and facts(first.group().strip()) & NAME:
            start -= len(first.group())
        return start, end
    named = bool(known & Fact.GIVEN) or could_be_name(last.group())
    article = _ARTICLE.search(text[max(0, start - 8) : start]) is not None
    return (start, end) if named and not article and is_lower_case(text, start) else None


def capitalised(match: re.Match[str]) -> Bounds:
    """A capitalised word at the end of a list of relatives."""
    word = word_at(match.string, match.start("id"))
    assert word is not None
    return match.span("id") if word.low not in ROLES and _is_nickname(match.string, word) else None


def login(match: re.Match[str]) -> Bounds:
    """A user name; a plain word after ``user`` is none."""
    name = match.group("id")
    plain = bool(facts(name) & (Fact.WORD | Fact.CLINICAL | Fact.STOP)) or name.lower() in ROLES
    return None if plain else match.span("id")


_ABOUT = re.compile(r"[ ](?:about|for|in[ ]clinic|today|who|regarding|on|back|again)\b|[,.]")


def in_a_letter(match: re.Match[str]) -> Bounds:
    """The person whom a letter is about, by one name also: ``thank you for sending Will``."""
    text, position = match.string, match.end()
    bounds = reads(Trust.FAIR)(match)
    word = word_at(text, position)
    if bounds is not None or word is None or word.low in ROLES or len(word.text) < 3:
        return bounds
    if not _ABOUT.match(text, word.end):
        return None
    if word.text[0].isupper():
        given = bool(facts(word.text) & Fact.GIVEN)
        return (word.start, word.end) if given and _is_nickname(text, word) else None
    return (word.start, word.end) if len(word.text) > 3 and could_be_name(word.text) else None


def listed(match: re.Match[str]) -> Bounds:
    """A name of the lists behind a small word that stands before anything."""
    bounds = read_name(match.string, match.end(), Trust.WEAK)
    if bounds is None:
        return None
    words = match.string[slice(*bounds)].split(" ")
    if len(words) == 1 and lexicon.is_place(words[0]):
        return None
    sure = is_only_name(words[0]) and len(words[0]) > 2 and not words[0].isupper()
    return bounds if sure and (len(words) > 1 or not facts(words[0]) & Fact.WORD) else None


def mentioned(match: re.Match[str]) -> Bounds:
    """A name behind a profession: ``RN Joy``; inside a sentence a given name may be any word."""
    text, position = match.string, match.end()
    bounds = read_name(text, position, Trust.FAIR)
    word = word_at(text, position)
    if bounds is not None or word is None or not word.text[0].isupper() or word.text.isupper():
        return bounds
    given = facts(word.text) & Fact.GIVEN and word.low not in ROLES and _is_nickname(text, word)
    return (word.start, word.end) if given else None


def bracketed(match: re.Match[str]) -> Bounds:
    """A surname alone in brackets: ``seen by the team (Okafor)``."""
    bounds = listed(match)
    closed = bounds is not None and match.string[bounds[1] : bounds[1] + 1] == ")"
    return bounds if closed else None


def nicknamed(match: re.Match[str]) -> Bounds:
    """The name behind ``goes by`` or ``name is``, also an ordinary word with a capital."""
    text, position = match.string, match.end()
    bounds = reads(Trust.SURE)(match)
    word = word_at(text, position)
    if bounds is not None or word is None or not word.text[0].isupper() or word.low in ROLES:
        return bounds
    return (word.start, word.end) if _is_nickname(text, word) else None
