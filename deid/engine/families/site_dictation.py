"""Judges of named sites where no capital marks them: dictation, or all in capitals."""

import re

from deid.engine import gazetteer, lexicon
from deid.engine.families.site_judges import PIOUS, bare_word


def site_in_lower_case(match: re.Match[str]) -> tuple[int, int] | None:
    """``st. mary's hospital`` in dictation: back over proper and kindred words."""
    start, end = match.span("id")
    words = match.string[start:end].split(" ")
    noun = match.group("noun")
    heads = words[: len(words) - len(noun.split(" "))]
    generic = lexicon.words("facility_generic")
    kept: list[str] = []
    for word in reversed(heads):
        bare = bare_word(word)
        proper = bare in PIOUS or gazetteer.is_unusual(bare) or word.endswith("'s")
        if not (proper or (bare in generic and bare not in lexicon.words("function_words"))):
            break
        kept.insert(0, word)
    while kept and bare_word(kept[0]) in lexicon.words("sentence_starts") | {
        "to",
        "at",
        "in",
        "the",
    }:
        kept.pop(0)
    if not kept and len(heads) > 2 and _plainly_named(heads):
        kept = heads[-2:]
        return end - len(" ".join([*kept, noun])), end
    named = [w for w in kept if bare_word(w) in PIOUS or gazetteer.is_unusual(bare_word(w))]
    if not named or all(lexicon.is_clinical(w) for w in named):
        return None
    return end - len(" ".join([*kept, noun])), end


def site_in_capitals(match: re.Match[str]) -> tuple[int, int] | None:
    """``TX FROM BROOKHOLLOW``: words in capitals that are in no dictionary."""
    start, end = match.span("id")
    words = match.group("id").split(" ")
    if len(words) > 1 and not gazetteer.is_unusual(words[1]):
        end -= len(words.pop()) + 1
    good = gazetteer.is_unusual(words[0]) or bare_word(words[0]) in PIOUS
    return (start, end) if good and not lexicon.keeps(match.string[start:end]) else None


def site_of_care_in_lower_case(match: re.Match[str]) -> tuple[int, int] | None:
    """``seen at mercy`` in dictation: a saint, a virtue, or a word that is in no dictionary."""
    start, end = match.span("id")
    first, _, second = match.group("id").partition(" ")
    if bare_word(first) in {"st", "saint", "mount", "good", "holy", "sacred"} and second:
        vague = second in lexicon.words("function_words") or lexicon.is_clinical(second)
        return None if vague else (start, end)
    if bare_word(first) in PIOUS - {"hope", "grace", "good", "unity"}:
        return start, start + len(first)
    long = len(first) > 4 and "." not in first
    return (
        (start, start + len(first))
        if long and gazetteer.is_town(first) and gazetteer.is_unusual(first)
        else None
    )


def _plainly_named(words: list[str]) -> bool:
    """``from sunny acres`` before ``nursing home``: two ordinary words after a preposition."""
    before, first, second = words[-3:]
    vague = lexicon.either("facility_generic", "function_words")
    return before in {"from", "at", "to"} and not any(
        w in vague or lexicon.is_clinical(w) or lexicon.is_drug(w) for w in (first, second)
    )


def employer_in_lower_case(match: re.Match[str]) -> tuple[int, int] | None:
    """``works second shift at tolvane``: a word that is in no dictionary."""
    word = match.group("id")
    return match.span("id") if gazetteer.is_unusual(word) and len(word) > 3 else None


def employer_before_job(match: re.Match[str]) -> tuple[int, int] | None:
    """``retired Raytheon machinist``: words that are in no dictionary and no country's."""
    words = [bare_word(word) for word in match.group("id").split(" ")]
    named = all(gazetteer.is_unusual(word) and not _is_never_named(word) for word in words)
    return match.span("id") if named and not lexicon.keeps(match.group("id")) else None


def _is_never_named(word: str) -> bool:
    return word in lexicon.words("not_a_name") or word in lexicon.words("said_alone")
