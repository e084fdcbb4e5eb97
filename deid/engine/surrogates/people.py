"""The words of a written name, and which of them are given names, surnames or neither."""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deid.engine import lexicon
from deid.engine.normalize import folded

DATA = Path(__file__).parent / "data"

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "madam"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq"])
_KINDS = frozenset(["baby", "boy", "girl", "twin", "infant", "and", "or", "aka", "nee"])
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])['\u2019][sS]$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name that is replaced. ``end`` lies before a possessive ending."""

    start: int
    end: int
    base: str
    is_surname: bool


@cache
def name_lists() -> dict[str, list[str]]:
    """Names to draw from: ``female``, ``male``, ``surnames``."""
    data = json.loads((DATA / "names.json").read_text("utf-8"))
    return {key: data[key] for key in ("female", "male", "surnames")}


@cache
def _genders() -> dict[str, frozenset[str]]:
    data = json.loads(gzip.decompress((DATA / "genders.json.gz").read_bytes()))
    return {gender: frozenset(data[gender]) for gender in ("female", "male")}


def gender_of(given: str) -> str:
    """``female``, ``male``, or empty where either may bear the name."""
    return next((gender for gender, names in _genders().items() if given in names), "")


def words_of(surface: str) -> list[Word]:
    """The words that are replaced, in order; titles, suffixes and kinds of person stay.

    ``Given Family``, ``Family, Given`` and ``FAMILY^GIVEN`` are told apart by the comma or caret.
    Particles (``de la``) belong to the word behind them and go with it.
    """
    found = list(_WORD.finditer(surface))
    last_first = re.match(r"[^,^]*[^\W\d_][^,^]*[,^]", surface)
    kept = [i for i, m in enumerate(found) if not _stays(surface, found, i)]
    words: list[Word] = []
    for place, number in enumerate(kept):
        match = found[number]
        end = match.start() + len(_POSSESSIVE.sub("", match.group()))
        base = folded(surface[match.start() : end]).replace("'", "")
        if last_first:
            surname = match.start() < last_first.end()
        else:
            surname = place == len(kept) - 1 and place > 0
        words.append(Word(match.start(), end, base, surname))
    return _double(surface, _with_particles(words))


def _stays(surface: str, found: list[re.Match[str]], number: int) -> bool:
    """Whether the word is none of the name's own."""
    match, others = found[number], len(found) > 1
    low = folded(match.group())
    behind = number > 0
    if low in _TITLES:
        return others and not behind
    if low in _SUFFIXES:
        return behind
    if low in _KINDS:
        return True
    comma = "," in surface[: match.start()]
    return behind and comma and match.group() in lexicon.words("credentials")


def _with_particles(words: list[Word]) -> list[Word]:
    """Particles inside a name joined to the word behind them, under that word's base."""
    out: list[Word] = []
    start: int | None = None
    for number, word in enumerate(words):
        inner = 0 < number < len(words) - 1 or (number == 0 and len(words) > 1)
        if inner and word.base in lexicon.words("name_particles") and len(word.base) > 1:
            first = number == 0
            if not first or word.base in {"de", "del", "van", "von", "der", "la", "di", "du", "da"}:
                start = word.start if start is None else start
                continue
        out.append(Word(word.start if start is None else start, word.end, word.base,
                        word.is_surname))  # fmt: skip
        start = None
    return out


def _double(surface: str, words: list[Word]) -> list[Word]:
    """Both parts of a surname with a hyphen are surnames."""
    out = list(words)
    for number in range(len(out) - 2, -1, -1):
        left, right = out[number], out[number + 1]
        if right.is_surname and surface[left.end : right.start] == "-":
            out[number] = Word(left.start, left.end, left.base, True)
    return out
