"""Reads a person's name that begins or ends at a place where the context says there is one.

The context decides how much is taken on trust. Behind ``Patient name:`` stands a name whatever
its words mean besides (``Will Graves``, ``Two Elk``); in the middle of a sentence only words that
are names, or that nobody knows, are taken for one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from deid.engine import lexicon
from deid.engine.families.name_facts import (
    NAME,
    Fact,
    could_be_name,
    facts,
    is_medical,
    is_only_name,
)
from deid.engine.families.name_vocabulary import CREDENTIAL_WORDS, PARTICLES, ROLES, SUFFIXES
from deid.engine.families.patterns import LETTER


class Trust(IntEnum):
    """How sure the context is that the next word is a person's name."""

    WEAK = 1  #: any noun could stand here
    FAIR = 2  #: mostly a person stands here
    SURE = 3  #: a person stands here


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text; ``dotted`` if a full stop touches its end."""

    start: int
    end: int
    text: str
    dotted: bool

    @property
    def low(self) -> str:
        """The word in lower case, without a possessive ending."""
        return self.text.lower().removesuffix("'s")

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() or bool(_PREFIXED.match(self.text))


_WORD = re.compile(rf"{LETTER}(?:{LETTER}|['-](?={LETTER}))*")
_PREFIXED = re.compile(
    rf"(?:al|el|ad|an|as|ash|at|d|l|abd|bin|ibn|mac|mc|de|la|van)['-]?(?=[A-Z]{LETTER})"
)
_GAP = re.compile(r"[ ]{1,2}(?=[^\s])|(?=[A-Z]\.?[A-Z ])")
_NICKNAME = re.compile(
    rf"[ ][\"'(]{{1,2}}(?P<nick>{LETTER}[\w'-]{{1,15}}(?:[ ]{LETTER}[\w'-]{{1,15}})?)[\"')]{{1,2}}"
)
_PLURAL_ABBREVIATION = re.compile(r"[A-Z]{2,5}s")
_CAPITAL = re.compile(r"[ ][A-Z]")
#: Numbers that begin a surname: ``Two Elk``.
NUMBERS = frozenset(["two", "three", "four", "five", "many", "little", "long", "good", "high"])
_LONGEST = 6
_AROUND = 100
_SENTENCE_ENDS = (". ", "? ", "! ", ": ", "; ", "| ", "\n", "\t", "  ")
_ABBREVIATED = ("dr", "mr", "ms", "mrs", "st", "jr", "vs")


def is_lower_case(text: str, position: int) -> bool:
    """Whether the sentence around a position begins without a capital, as in dictation."""
    floor, start = max(0, position - 2 * _AROUND), position
    while True:
        start = max(text.rfind(end, floor, start) for end in _SENTENCE_ENDS)
        # A full stop behind a title ends no sentence.
        if start < 0 or not text[floor:start].lower().endswith(_ABBREVIATED):
            break
    for char in text[max(start, floor) : position + 1]:
        if char.isalpha():
            return char.islower()
    return False


def is_upper_case(text: str, position: int) -> bool:
    """Whether the line around a position is written in capitals only."""
    start = max(text.rfind("\n", 0, position) + 1, position - _AROUND)
    if not text[position : position + 2].isupper():
        return False
    piece = text[start : position + _AROUND].split("\n")[0]
    return piece == piece.upper()


def word_at(text: str, position: int) -> Word | None:
    """The word that begins at this offset."""
    match = _WORD.match(text, position)
    return None if match is None else _word(text, match)


def _word(text: str, match: re.Match[str]) -> Word:
    start, end = match.span()
    return Word(start, end, match.group(), text[end : end + 1] == ".")


def is_stop(word: Word) -> bool:
    """Whether the word ends a name: a heading, a role, a credential, a word of grammar."""
    low = word.low
    if word.is_initial:
        return False
    return bool(facts(low) & (Fact.STOP | Fact.FUNCTION)) or low in ROLES or is_credential(word)


def is_credential(word: Word) -> bool:
    """``MD``, ``RN``: letters after a name."""
    return word.text in CREDENTIAL_WORDS


def read_name(
    text: str,
    position: int,
    trust: Trust,
    *,
    surname_first: bool = False,
    any_case: bool = False,
) -> tuple[int, int] | None:
    """Offsets of the name that begins at ``position``, or ``None`` if none does.

    ``surname_first`` allows ``Okafor, Jane``; ``any_case`` reads a name in lower case although the
    text around has capitals.
    """
    lower = text[position : position + 1].islower()
    if lower and not any_case and not _may_be_lower_case(text, position):
        return None
    lower = lower or is_upper_case(text, position)
    words = _forward(text, position, lower)
    taken = _taken(text, words, trust, lower)
    if not taken:
        return None
    end = _end(taken)
    if surname_first or trust < Trust.SURE:
        end = _with_given_name(text, taken, end, surname_first, lower)
    return taken[0].start, _with_suffix(text, end)


def _may_be_lower_case(text: str, position: int) -> bool:
    """Whether the word is a particle before a capital, or can be a name in dictation."""
    first = word_at(text, position)
    if first is None:
        return False
    if first.is_capital or (first.low in PARTICLES and _CAPITAL.search(text[first.end : first.end + 9])):
        return True
    known = facts(first.text)
    if known & (Fact.FUNCTION | Fact.STOP) or (known & Fact.WORD and not known & NAME):
        return False
    return is_lower_case(text, position)


def _forward(text: str, position: int, lower: bool) -> list[Word]:
    """Words in a row that have the look of a name: capitals, initials, particles."""
    words: list[Word] = []
    while len(words) < _LONGEST:
        word = word_at(text, position)
        if word is None or not (lower or word.is_capital or word.low in PARTICLES):
            break
        words.append(word)
        position = word.end
        if word.dotted and (word.is_initial or (lower and len(word.text) == 1) or word.low == "st"):
            position += 1
        nickname = _NICKNAME.match(text, position)
        if nickname is not None and text[nickname.start("nick")].isupper():
            position = nickname.end()
        gap = _GAP.match(text, position)
        if gap is None or (word.dotted and position == word.end):
            break
        position = gap.end()
    return words


def _taken(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> list[Word]:
    """The words up to the first that is no part of the name."""
    if not words or not starts_name(text, words, trust, lower):
        return []
    taken = [words[0]]
    for word in words[1:]:
        before = next((w for w in reversed(taken) if not w.is_initial), taken[-1])
        if not joins(text, before, word, trust, lower):
            break
        taken.append(word)
    while taken and taken[-1].low in PARTICLES and not taken[-1].is_capital:
        taken.pop()
    return taken if any(len(w.text) > 1 for w in taken) or trust == Trust.SURE else []


def starts_name(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> bool:
    """Whether a name can begin with the first of these words."""
    first, rest = words[0], words[1:]
    if first.is_initial and lower and not first.dotted:
        return False
    if first.is_initial or (first.low in PARTICLES and not first.is_capital):
        return bool(rest) and starts_name(text, rest, max(trust, Trust.FAIR), lower)
    known = facts(first.text)
    if first.low in ROLES or is_credential(first) or _is_eponym(text, words):
        return False
    if is_only_name(first.text):
        return len(first.text) > 2 or bool(rest) or trust > Trust.WEAK
    if could_be_name(first.text):
        if lower:
            return trust == Trust.SURE or (bool(rest) and could_be_name(rest[0].text))
        return trust > Trust.WEAK or _is_unshouted(text, first)
    follows = bool(rest) and joins(text, first, rest[0], trust, lower)
    if lower:
        return (
            bool(known & NAME) and follows and not known & (Fact.STOP | Fact.FUNCTION | Fact.DRUG)
        )
    if first.low in NUMBERS and trust == Trust.SURE:
        return bool(rest) and rest[0].is_capital and not is_stop(rest[0])
    if known & (Fact.STOP | Fact.FUNCTION):
        return bool(known & Fact.GIVEN) and follows
    if known & NAME and not known & Fact.DRUG:
        odd = not known & (Fact.CLINICAL | Fact.COMMON)
        return trust == Trust.SURE or follows or (trust == Trust.FAIR and odd)
    return trust == Trust.SURE and not is_medical(first.text) and not known & Fact.COMMON


def _is_unshouted(text: str, word: Word) -> bool:
    """Whether a word is no abbreviation: not short and in capitals inside a mixed line."""
    if _PLURAL_ABBREVIATION.fullmatch(word.text):
        return False
    return not word.text.isupper() or len(word.text) > 5 or is_upper_case(text, word.start)


def _is_eponym(text: str, words: Sequence[Word]) -> bool:
    """Whether these words and the next name a disease, a sign or an instrument."""
    last = words[-1] if len(words) == 1 else words[0]
    after = text[last.end : last.end + 30].removeprefix("'s").lstrip(" -'")
    return lexicon.MEASURE_NOUN.match(after.lower()) is not None


def joins(text: str, previous: Word, word: Word, trust: Trust, lower: bool) -> bool:
    """Whether ``word`` carries on the name that ``previous`` belongs to."""
    known = facts(word.text)
    given = bool(facts(previous.text) & Fact.GIVEN)
    if previous.low in PARTICLES and previous.text.islower() and word.is_capital:
        return not known & (Fact.STOP | Fact.DRUG)
    if len(word.text) == 1 and lower and not word.dotted:
        return given and _initial_in_lower_case(text, word)
    if word.is_initial or word.low in SUFFIXES:
        return True
    if word.low in PARTICLES and not (word.is_capital and len(word.text) > 2):
        return word.end < len(text) and text[word.end] in " '-"
    if word.low in ROLES or known & Fact.DRUG:
        return False
    if word.low in NUMBERS and trust > Trust.WEAK and _CAPITAL.match(text, word.end):
        return word.is_capital
    if is_credential(word) or known & (Fact.STOP | Fact.FUNCTION):
        return _is_wordy_surname(previous, word, trust)
    if lower:
        if len(word.text) == 1:
            return given
        if is_only_name(word.text):
            return True
        if known & Fact.CLINICAL and known & Fact.FAMILY and trust > Trust.WEAK:
            return is_only_name(previous.text) and not _is_eponym(text, [word])
        if known & Fact.COMMON:
            surname = bool(known & Fact.FAMILY) and given and is_only_name(previous.text)
            return surname and trust > Trust.WEAK
        sure = trust > Trust.WEAK or (given and is_only_name(previous.text))
        return sure and could_be_name(word.text) and len(word.text) > 2
    if could_be_name(word.text):
        return _is_unshouted(text, word) or is_only_name(word.text)
    if known & Fact.CLINICAL:
        return bool(known & Fact.FAMILY) and given and not _is_eponym(text, [word])
    # Behind a sure name a capital inside a sentence carries on: ``Ms. Two Elk``.
    mixed = not word.text.isupper() and not _CAPITAL.match(text, word.end)
    if trust > Trust.WEAK and mixed and (could_be_name(previous.text) or previous.low in NUMBERS):
        return bool(known & NAME) or not is_medical(word.text)
    if known & NAME:
        return given or trust == Trust.SURE or not known & Fact.COMMON
    if is_medical(word.text):
        return False
    return given and not known & Fact.COMMON


def _initial_in_lower_case(text: str, word: Word) -> bool:
    """``benjamin a seiler``: one letter between a given name and a surname."""
    following = word_at(text, word.end + 1 + word.dotted)
    return following is not None and len(following.text) > 2 and could_be_name(following.text)


def _is_wordy_surname(previous: Word, word: Word, trust: Trust) -> bool:
    """``Jane Long``, ``DUC DO``: a surname that is a small word or looks like a credential."""
    two_letters = len(previous.text) == 2 and bool(facts(previous.text) & NAME)
    if not word.is_capital or not (could_be_name(previous.text) or two_letters):
        return False
    if word.low in lexicon.words("wordy_surnames"):
        return True
    short = len(word.text) == 2 and bool(facts(word.text) & NAME)
    return short and (trust == Trust.SURE or (trust == Trust.FAIR and not word.text.isupper()))


def _end(taken: Sequence[Word]) -> int:
    last = taken[-1]
    end = last.end + (1 if last.dotted and (last.is_initial or len(last.text) == 1) else 0)
    return end - 2 if last.text.endswith(("'s", "'S")) and len(last.text) > 3 else end


_COMMA = re.compile(r",[ ]?")
_SUFFIX = re.compile(r",?[ ](?:Jr|Sr|jr|sr|JR|SR|II|III|IV|2nd|3rd)\b\.?")


def _with_given_name(
    text: str, taken: Sequence[Word], end: int, labelled: bool, lower: bool
) -> int:
    """The end of ``Okafor, Jane M.`` when a given name stands behind the comma."""
    comma = _COMMA.match(text, end)
    given = _forward(text, comma.end(), lower) if comma else []
    if not given or is_credential(given[0]) or given[0].is_initial and not labelled:
        return end
    known = facts(given[0].text)
    if given[0].low in ROLES or known & (
        Fact.STOP | Fact.FUNCTION | Fact.DRUG | Fact.KEPT
    ):
        return end
    if not (labelled and could_be_name(given[0].text)) and not known & Fact.GIVEN:
        return end
    if len(taken) > 1 and not labelled:
        return end
    words = [given[0]]
    for word in given[1:]:
        if not joins(text, words[-1], word, Trust.FAIR, lower):
            break
        words.append(word)
    return _end(words)


def _with_suffix(text: str, end: int) -> int:
    """The end with a nickname in quotes and a suffix such as ``Jr``."""
    nickname = _NICKNAME.match(text, end)
    if nickname is not None and _is_nickname(text, nickname):
        end = nickname.end()
    suffix = _SUFFIX.match(text, end)
    return suffix.end() - text[suffix.end() - 1 : suffix.end()].count(".") if suffix else end


def _is_nickname(text: str, match: re.Match[str]) -> bool:
    nick = match.group("nick")
    quoted = text[match.start() + 1] in "\"'"
    return nick[0].isupper() and (quoted or bool(facts(nick) & Fact.GIVEN)) and not nick.isupper()


_LAST_WORD = re.compile(rf"{LETTER}[\w'-]*\.?\Z")


def _may_end_a_name(text: str, last: re.Match[str]) -> bool:
    """Whether the word before a context is worth reading: most are in lower case and no names."""
    word = last.group().rstrip(".")
    if not word[0].islower():
        return word.lower() not in ROLES
    known = facts(word)
    if known & (Fact.FUNCTION | Fact.STOP | Fact.COMMON) and not known & NAME:
        return False
    return not known & Fact.FUNCTION


def read_name_before(text: str, end: int, trust: Trust) -> tuple[int, int] | None:
    """Offsets of the name whose last word ends at ``end``, or ``None`` if none does."""
    while end > 0 and text[end - 1] in " ,([-|" and text[end - 2 : end - 1] != "\n":
        end -= 1
    last = _LAST_WORD.search(text, max(0, end - 25), end)
    if last is None or not _may_end_a_name(text, last):
        return None
    floor = max(0, end - 60, text.rfind("\n", 0, end) + 1)
    words = [_word(text, m) for m in _WORD.finditer(text, floor, end)]
    if not words or words[-1].end < end - 1 or (words[-1].end < end and not words[-1].dotted):
        return None
    last_start = words[-1].start
    if not words[-1].is_capital:
        lower = is_lower_case(text, last_start)
        if not lower:
            return None
    else:
        lower = is_upper_case(text, last_start)
    taken = _backward(text, words, min(trust, Trust.FAIR) if lower else trust, lower)
    if not taken:
        before = _SURNAME_BEFORE.search(text, floor, last_start) if words[-1].is_initial else None
        return (before.start("last"), _end(words)) if before else None
    return taken[0].start, _end(taken)


#: ``Okafor, J.`` in front of a credential.
_SURNAME_BEFORE = re.compile(rf"(?<![\w'-])(?P<last>[A-Z]{LETTER}[\w'-]*),[ ](?:[A-Z]\.?[ ]?)*\Z")


def _backward(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> list[Word]:
    """The longest run of words up to the last one that is a name as a whole."""
    run = [words[-1]]
    for word in reversed(words[:-1]):
        between = text[word.end : run[0].start]
        spaced = between in {" ", "  "} or (word.is_initial and between in {". ", ".", ".  "})
        if not spaced or len(run) >= _LONGEST:
            break
        if not (lower or word.is_capital or word.low in PARTICLES):
            break
        run.insert(0, word)
    for skip in range(len(run)):
        if skip and lower and skip == len(run) - 1 and _has_article(text, run[-1].start):
            return []
        taken = _taken(text, run[skip:], trust, lower)
        if taken and taken[-1] is run[-1]:
            return taken
    return []


_ARTICLE = re.compile(r"\b(?:the|this|a|an|our|my|your|his|her|their|these|no|any)[ ]$")


def _has_article(text: str, start: int) -> bool:
    return _ARTICLE.search(text[max(0, start - 8) : start]) is not None
