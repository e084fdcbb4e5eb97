"""Reads a person's name that begins or ends at a place where the context says there is one.

The context decides how much is taken on trust. Behind ``Patient name:`` stands a name whatever
its words mean besides (``Will Graves``, ``Two Elk``); in the middle of a sentence only words that
are names, or that nobody knows, are taken for one.
"""

import re
from collections.abc import Sequence
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
from deid.engine.families.name_vocabulary import PARTICLES, ROLES, SUFFIXES
from deid.engine.families.name_words import (
    Word,
    is_credential,
    is_eponym,
    is_lower_case,
    is_stop,
    is_unshouted,
    is_upper_case,
    word_at,
)
from deid.engine.families.patterns import LETTER


class Trust(IntEnum):
    """How sure the context is that the next word is a person's name."""

    WEAK = 1  #: any noun could stand here
    FAIR = 2  #: mostly a person stands here
    SURE = 3  #: a person stands here


#: Words of one name, at most.
LONGEST = 6
#: Numbers that begin a surname: ``Two Elk``.
NUMBERS = frozenset(["two", "three", "four", "five", "many", "little", "long", "good", "high"])
_GAP = re.compile(r"[ ]{1,2}(?=[^\s])|(?=[A-Z]\.?[A-Z ])")
_NICKNAME = re.compile(
    rf"[ ][\"'(]{{1,2}}(?P<nick>{LETTER}[\w'-]{{1,15}}(?:[ ]{LETTER}[\w'-]{{1,15}})?)[\"')]{{1,2}}"
)
_IS_A = re.compile(r"[ ](?:is|was)[ ](?:a|an)[ ]")
_CAPITAL = re.compile(r"[ ][A-Z]")


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
    taken = taken_words(text, words, trust, lower)
    if not taken:
        return None
    end = end_of(taken)
    if surname_first or trust < Trust.SURE:
        end = _with_given_name(text, taken, end, surname_first, lower)
    return taken[0].start, _with_suffix(text, end)


def _may_be_lower_case(text: str, position: int) -> bool:
    """Whether the word is a particle before a capital, or can be a name in dictation."""
    first = word_at(text, position)
    if first is None:
        return False
    if first.is_capital or (
        first.low in PARTICLES and _CAPITAL.search(text[first.end : first.end + 9])
    ):
        return True
    known = facts(first.text)
    if known & (Fact.FUNCTION | Fact.STOP) or (known & Fact.WORD and not known & NAME):
        return False
    return is_lower_case(text, position)


def _forward(text: str, position: int, lower: bool) -> list[Word]:
    """Words in a row that have the look of a name: capitals, initials, particles."""
    words: list[Word] = []
    while len(words) < LONGEST:
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


def taken_words(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> list[Word]:
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
    if first.low in ROLES or is_credential(first) or is_eponym(text, first):
        return False
    if first.low in lexicon.words("spoken_words") and trust < Trust.SURE:
        return False
    if is_only_name(first.text):
        return len(first.text) > 2 or bool(rest) or trust > Trust.WEAK
    if could_be_name(first.text):
        if lower:
            return trust == Trust.SURE or (bool(rest) and could_be_name(rest[0].text))
        return trust > Trust.WEAK or is_unshouted(text, first)
    return _starts_with_a_word(text, words, trust, lower)


def _starts_with_a_word(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> bool:
    """Whether a name can begin with a word that is in a dictionary."""
    first, rest = words[0], words[1:]
    known = facts(first.text)
    follows = bool(rest) and joins(text, first, rest[0], trust, lower)
    if lower:
        barred = known & (Fact.STOP | Fact.FUNCTION | Fact.DRUG)
        return bool(known & NAME) and follows and not barred
    if first.low in NUMBERS and trust == Trust.SURE:
        return bool(rest) and rest[0].is_capital and not is_stop(rest[0])
    if known & (Fact.STOP | Fact.FUNCTION):
        return bool(known & Fact.GIVEN) and follows
    if known & NAME and not known & Fact.DRUG:
        odd = not known & (Fact.CLINICAL | Fact.COMMON)
        return trust == Trust.SURE or follows or (trust == Trust.FAIR and odd)
    return trust == Trust.SURE and not is_medical(first.text) and not known & Fact.COMMON


def joins(text: str, previous: Word, word: Word, trust: Trust, lower: bool) -> bool:
    """Whether ``word`` carries on the name that ``previous`` belongs to."""
    known = facts(word.text)
    given = bool(facts(previous.text) & Fact.GIVEN)
    if previous.low in PARTICLES and previous.text.islower() and word.is_capital:
        return not known & (Fact.STOP | Fact.DRUG)
    if len(word.text) == 1 and lower:
        return given and (word.dotted or _has_surname_behind(text, word))
    if word.is_initial or word.low in SUFFIXES:
        return True
    if word.low in PARTICLES and not (word.is_capital and len(word.text) > 2):
        return word.end < len(text) and text[word.end] in " '-"
    if word.low in ROLES or known & Fact.DRUG:
        return False
    if word.low in NUMBERS and trust > Trust.WEAK and _CAPITAL.match(text, word.end):
        return word.is_capital
    if is_credential(word) or known & (Fact.STOP | Fact.FUNCTION):
        told = lower and _IS_A.match(text, word.end) is not None
        return _is_wordy_surname(previous, word, trust, told=told)
    if lower:
        return _joins_without_case(text, previous, word, trust)
    if could_be_name(word.text):
        return is_unshouted(text, word) or is_only_name(word.text)
    return _joins_as_a_word(text, previous, word, trust)


def _joins_without_case(text: str, previous: Word, word: Word, trust: Trust) -> bool:
    """The same in a text whose case says nothing."""
    known = facts(word.text)
    after_given = bool(facts(previous.text) & Fact.GIVEN) and is_only_name(previous.text)
    if is_only_name(word.text):
        return True
    if known & Fact.CLINICAL and known & Fact.FAMILY and trust > Trust.WEAK:
        return is_only_name(previous.text) and not is_eponym(text, word)
    if known & Fact.COMMON:
        return bool(known & Fact.FAMILY) and after_given and trust > Trust.WEAK
    sure = trust > Trust.WEAK or after_given
    return sure and could_be_name(word.text) and len(word.text) > 2


def _joins_as_a_word(text: str, previous: Word, word: Word, trust: Trust) -> bool:
    """The same for a capitalised word that is in a dictionary."""
    known = facts(word.text)
    given = bool(facts(previous.text) & Fact.GIVEN)
    if known & Fact.CLINICAL:
        return bool(known & Fact.FAMILY) and given and not is_eponym(text, word)
    # Behind a sure name a capital inside a sentence carries on: ``Ms. Two Elk``.
    mixed = not word.text.isupper() and not _CAPITAL.match(text, word.end)
    if trust > Trust.WEAK and mixed and (could_be_name(previous.text) or previous.low in NUMBERS):
        return bool(known & NAME) or not is_medical(word.text)
    if known & NAME:
        return given or trust == Trust.SURE or not known & Fact.COMMON
    return given and not known & Fact.COMMON and not is_medical(word.text)


def _has_surname_behind(text: str, word: Word) -> bool:
    """``benjamin a seiler``: one letter between a given name and a surname."""
    following = word_at(text, word.end + 1 + word.dotted)
    return following is not None and len(following.text) > 2 and could_be_name(following.text)


def _is_wordy_surname(previous: Word, word: Word, trust: Trust, *, told: bool) -> bool:
    """``Jane Long``, ``DUC DO``: a surname that is a small word or looks like a credential."""
    two_letters = len(previous.text) == 2 and bool(facts(previous.text) & NAME)
    if not (word.is_capital or told) or not (could_be_name(previous.text) or two_letters):
        return False
    if word.low in lexicon.words("wordy_surnames"):
        return True
    short = len(word.text) == 2 and bool(facts(word.text) & NAME)
    return short and (trust == Trust.SURE or (trust == Trust.FAIR and not word.text.isupper()))


def end_of(taken: Sequence[Word]) -> int:
    """Where these words end, with the full stop of an initial and without a possessive."""
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
    if not given or is_credential(given[0]) or (given[0].is_initial and not labelled):
        return end
    known = facts(given[0].text)
    if given[0].low in ROLES or known & (Fact.STOP | Fact.FUNCTION | Fact.DRUG | Fact.KEPT):
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
    return end_of(words)


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
