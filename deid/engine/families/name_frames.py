"""What in the text around says that a person's name begins or ends here."""

import re

from deid.engine import lexicon
from deid.engine.families.name_backward import read_name_before
from deid.engine.families.name_facts import NAME, Fact, could_be_name, facts, is_only_name
from deid.engine.families.name_fields import read_field, read_field_before
from deid.engine.families.name_reader import Trust, read_name
from deid.engine.families.name_titles import Bounds, read_titled
from deid.engine.families.name_vocabulary import ROLES
from deid.engine.families.name_words import is_eponym_phrase, is_lower_case, is_upper_case
from deid.engine.recognition import Refine

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


def contacted(match: re.Match[str]) -> Bounds:
    """Somebody who was talked to; a machine that listens is nobody: ``I'll tell Dragon``."""
    bounds = reads(Trust.FAIR)(match)
    if bounds is None:
        return None
    said = match.string[slice(*bounds)].lower()
    return None if said in lexicon.words("said_alone") else bounds


def beside_person(match: re.Match[str]) -> Bounds:
    """A name begins where the match ends, unless a hyphen joins an eponym: ``Child-Pugh B``."""
    if match.group().endswith("-"):
        head = re.search(r"[^\W\d_]+-\Z", match.group())
        joined = re.match(r"[^\W\d_]+", match.string[match.end() : match.end() + 30])
        if head and joined and lexicon.is_clinical(head.group() + joined.group()):
            return None
    return reads(Trust.WEAK)(match)


def reads_field(trust: Trust) -> Refine:
    """A field that holds a person's name begins where the match ends."""

    def refine(match: re.Match[str]) -> Bounds:
        return read_field(match.string, match.end(), trust)

    return refine


#: How far around a label its repetition tells a speaker of a conversation.
_SPEECH = 3000
_SPEAKER = re.compile(r"[ ]*(?P<label>[^\W\d_]+)[ ]?:\s*\Z")


def reads_open_field(match: re.Match[str]) -> Bounds:
    """A field that may hold a person's name; behind a speaker's label stands what was said."""
    text, position = match.string, match.end()
    speaker = _SPEAKER.search(match.group())
    if speaker is None:
        return read_field(text, position, Trust.FAIR)
    turns = text.count(f"{speaker.group('label')}:", max(0, position - _SPEECH), position + _SPEECH)
    if turns < _TURNS:
        return read_field(text, position, Trust.FAIR)
    return read_name(text, position, Trust.WEAK)


#: So many values of one label are turns of a conversation, or rows of a list.
_TURNS = 3


def reads_before(trust: Trust) -> Refine:
    """A name ends where the match begins."""

    def refine(match: re.Match[str]) -> Bounds:
        return read_name_before(match.string, match.start(), trust)

    return refine


#: Of these even an unknown word is the subject only if it is somebody's name.
_ONLY_PERSONS = re.compile(
    r"(?:denies|denied|endorses|endorsed|says|said|complains|complained|verbalizes|verbalized|lives"
    r"|works|smokes|drinks|agrees|agreed|tells|told|asks|asked|wants|feels|thinks|worries|refuses"
    r"|refused|slept|ate|phoned|texted|walked|wrote|'s[ ](?!(?:care|pain|chart)))"
)
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


def login(match: re.Match[str]) -> Bounds:
    """A user name; a plain word after ``user`` is none."""
    name = match.group("id")
    plain = bool(facts(name) & (Fact.WORD | Fact.CLINICAL | Fact.STOP)) or name.lower() in ROLES
    return None if plain else match.span("id")


def listed(match: re.Match[str]) -> Bounds:
    """A name of the lists behind a small word that stands before anything."""
    bounds = read_name(match.string, match.end(), Trust.WEAK)
    if bounds is None:
        return None
    words = match.string[slice(*bounds)].split(" ")
    if len(words) == 1 and (lexicon.is_place(words[0]) or lexicon.is_clinical(words[0])):
        return None
    if is_eponym_phrase(match.string, bounds[0]):
        return None
    sure = is_only_name(words[0]) and len(words[0]) > 2 and not words[0].isupper()
    return bounds if sure and (len(words) > 1 or not facts(words[0]) & Fact.WORD) else None


def bracketed(match: re.Match[str]) -> Bounds:
    """A surname alone in brackets: ``seen by the team (Okafor)``."""
    bounds = listed(match)
    closed = bounds is not None and match.string[bounds[1] : bounds[1] + 1] == ")"
    return bounds if closed else None
