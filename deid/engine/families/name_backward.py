"""Reads a person's name that ends in front of a context: ``Okafor, MD``, ``Okafor denies pain``."""

import re
from collections.abc import Sequence

from deid.engine.families.name_facts import NAME, Fact, facts
from deid.engine.families.name_reader import LONGEST, Trust, end_of, taken_words
from deid.engine.families.name_vocabulary import PARTICLES, ROLES
from deid.engine.families.name_words import Word, is_lower_case, is_upper_case, words_in
from deid.engine.families.patterns import LETTER

_ARTICLE = re.compile(r"\b(?:the|this|a|an|our|my|your|his|her|their|these|no|any)[ ]$")
#: ``Okafor, J.`` in front of a credential.
_SURNAME_BEFORE = re.compile(rf"(?<![\w'-])(?P<last>[A-Z]{LETTER}[\w'-]*),[ ](?:[A-Z]\.[ ]?)+\Z")
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
    words = words_in(text, floor, end)
    if not words or words[-1].end < end - 1 or (words[-1].end < end and not words[-1].dotted):
        return None
    last_start = words[-1].start
    lower = not words[-1].is_capital
    if lower and not is_lower_case(text, last_start):
        return None
    lower = lower or is_upper_case(text, last_start)
    taken = _backward(text, words, min(trust, Trust.FAIR) if lower else trust, lower)
    if taken:
        return taken[0].start, end_of(taken)
    surname = _SURNAME_BEFORE.search(text, floor, end) if words[-1].is_initial else None
    return (surname.start("last"), end) if surname else None


def _backward(text: str, words: Sequence[Word], trust: Trust, lower: bool) -> list[Word]:
    """The longest run of words up to the last one that is a name as a whole."""
    run = [words[-1]]
    for word in reversed(words[:-1]):
        between = text[word.end : run[0].start]
        spaced = between in {" ", "  "} or (word.is_initial and between in {". ", ".", ".  "})
        if not spaced or len(run) >= LONGEST:
            break
        if not (lower or word.is_capital or word.low in PARTICLES):
            break
        run.insert(0, word)
    for skip in range(len(run)):
        if skip and lower and skip == len(run) - 1 and _has_article(text, run[-1].start):
            return []
        taken = taken_words(text, run[skip:], trust, lower)
        if taken and taken[-1] is run[-1]:
            return taken
    return []


def _has_article(text: str, start: int) -> bool:
    return _ARTICLE.search(text[max(0, start - 8) : start]) is not None
