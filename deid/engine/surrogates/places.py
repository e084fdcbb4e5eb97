"""Fake towns, streets, facilities and employers of one patient.

What a place is called is replaced; what kind of place it is (``Hospital``, ``St``, ``Apt``) and its
state stay, since neither is an identifier (45 CFR 164.514(b)(2)(i)(B)).
"""

import json
import re
from functools import cache

from deid.engine import lexicon
from deid.engine.families.patterns import STATE_NAMES, STATES
from deid.engine.lexicon import DATA as ENGINE_DATA
from deid.engine.normalize import folded
from deid.engine.surrogates.casing import cased, near_in_length
from deid.engine.surrogates.codes import CodeSurrogates
from deid.engine.surrogates.names import NameSurrogates
from deid.engine.surrogates.originals import Originals
from deid.engine.surrogates.people import DATA
from deid.engine.surrogates.stream import Stream

_PART = re.compile(
    r"(?P<geo>-?\d{1,3}\.\d{2,})|(?P<code>[^\W_]*\d[^\W_]*)|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
)
_STATE = re.compile(rf"(?: {STATES} | (?i: {STATE_NAMES} ) ) (?![^\W_])", re.VERBOSE)
_US_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019][sS]$")
_TRIES = 100
#: Towns of about the right length to choose from.
_ENOUGH = 300
_SMALL = frozenset(["the", "of", "and", "at", "in", "on", "for", "near", "by", "off", "from", "to"])
#: Up to here a word in capitals is letters and no name: `UCSF`.
_LONGEST_ACRONYM = 5
_POST_BOX = re.compile(r"\bP\.?\s?O\.?(?=\s?Box\b)", re.IGNORECASE)


@cache
def _lists() -> dict[str, list[str]]:
    data = json.loads((DATA / "places.json").read_text("utf-8"))
    kinds = frozenset(data["kinds"]) | lexicon.words("facility_generic") | {"children's", "clinic"}
    towns = [head + tail for head in data["heads"] for tail in data["tails"]]
    return {
        "towns": [t for t in towns if not lexicon.is_place(t) and not lexicon.is_english(t)],
        "seconds": data["seconds"],
        "streets": data["streets"],
        "kinds": sorted(kinds - {"va", "veterans", "mercy", "city"}),
    }


@cache
def _kinds() -> frozenset[str]:
    return frozenset(_lists()["kinds"]) | _SMALL


@cache
def _prefixes() -> list[str]:
    data = json.loads((ENGINE_DATA / "zip3_allowed.json").read_text("utf-8"))
    return list(data["prefixes"])


class PlaceSurrogates:
    """The same words are the same fake place, alone or as a part of an address."""

    def __init__(
        self, key: bytes, originals: Originals, codes: CodeSurrogates, names: NameSurrogates
    ) -> None:
        self._stream = Stream(key, "places")
        self._originals, self._codes, self._names = originals, codes, names
        self._of: dict[str, str] = {}
        self._used: set[str] = set()

    def write(self, surface: str, subtype: str = "") -> str | None:
        """The fake in the form of the surface; ``None`` where nothing in it can be replaced."""
        fixed = {m.start() for m in _STATE.finditer(surface) if _is_state(surface, m)}
        fixed |= {at for m in _POST_BOX.finditer(surface) for at in range(*m.span())}
        tokens = list(_PART.finditer(surface))
        kept = [self._is_kept(m, fixed) for m in tokens]
        for first in self._named_by_kinds(surface, tokens, kept, fixed):
            kept[first] = False
        out, at, number = [], 0, 0
        while number < len(tokens):
            if kept[number]:
                number += 1
                continue
            unit = self._unit(surface, tokens, kept, number)
            start, end = tokens[number].start(), tokens[unit - 1].end()
            fake = self._replaced(surface, tokens[number:unit], subtype)
            if fake is None:
                return None
            out += [surface[at:start], fake]
            at, number = end, unit
        return "".join([*out, surface[at:]]) if out else None

    def _named_by_kinds(
        self,
        surface: str,
        tokens: list[re.Match[str]],
        kept: list[bool],
        fixed: set[int],
    ) -> list[int]:
        """Words that are a name although they are kinds: `Park Drive`, `General Hospital`.

        In words that stand together, the first is the name where none else is, or where what
        follows is a kind of street and what goes before is a number.
        """
        found = []
        total = sum(folded(token.group()) not in _SMALL for token in tokens)
        for group in _groups(surface, tokens):
            words = [n for n in group if folded(tokens[n].group()) not in _SMALL]
            free = [n for n in words if tokens[n].start() not in fixed]
            whole = len(words) == total
            alone = len(free) > (0 if whole else 1) and all(kept[n] for n in free)
            street = len(free) > 1 and kept[free[0]] and _is_street(tokens[free[1]])
            if alone or street:
                found.append(free[0])
        return found

    def _is_kept(self, token: re.Match[str], fixed: set[int]) -> bool:
        if token["word"] is None:
            return False
        if token.start() in fixed:
            return True
        return folded(token.group()) in _kinds()

    def _unit(self, surface: str, tokens: list[re.Match[str]], kept: list[bool], first: int) -> int:
        """The end of the run of words that are one name together."""
        last = first + 1
        if tokens[first]["word"] is None:
            return last
        while (
            last < len(tokens)
            and not kept[last]
            and tokens[last]["word"] is not None
            and surface[tokens[last - 1].end() : tokens[last].start()] in {" ", "-", ". ", "\n"}
        ):
            last += 1
        return last

    def _replaced(self, surface: str, unit: list[re.Match[str]], subtype: str) -> str | None:
        text = surface[unit[0].start() : unit[-1].end()]
        if unit[0]["geo"]:
            return self._coordinate(text)
        if unit[0]["code"]:
            return self._code(text, whole=surface, subtype=subtype)
        ending = _POSSESSIVE.search(text)
        base = text[: ending.start()] if ending else text
        if len(unit) == 1 and (len(base) == 1 or _is_acronym(base, surface)):
            return self._codes.write(text, "LOCATION")
        fake = self._named([folded(m.group()) for m in unit], folded(base))
        return cased(fake, base) + (ending.group() if ending else "")

    def _named(self, words: list[str], base: str) -> str:
        if len(words) == 1 and self._names.knows(base.replace("'", "")):
            return self._names.fake(base.replace("'", ""))  # the clinic of a person in the notes
        if base not in self._of:
            self._of[base] = self._draw(len(base), two=len(words) > 1)
        return self._of[base]

    def _draw(self, length: int, *, two: bool) -> str:
        towns, seconds = _lists()["towns"], _lists()["seconds"]
        free = [t for t in towns if t not in self._used and not self._originals.has_word(t)]
        second = ""
        if two:
            fitting = [s for s in seconds if not self._originals.has_word(s)]
            second = f" {self._stream.choice(fitting)}" if fitting else ""
        town = self._stream.choice(near_in_length(free or towns, length - len(second), _ENOUGH))
        self._used.add(town)
        return town + second

    def _code(self, text: str, *, whole: str, subtype: str) -> str | None:
        ordinal = _ORDINAL.fullmatch(text)
        if ordinal:
            number = self._codes.write(ordinal[1], "LOCATION")
            return number and cased(number + _suffix(int(number)), text)
        if _US_ZIP.fullmatch(text) and (subtype == "ZIP" or whole.rstrip().endswith(text)):
            return self._zip(text)
        return self._codes.write(text, "LOCATION")

    def _zip(self, text: str) -> str:
        if text not in self._of:
            for _ in range(_TRIES):
                fake = f"{self._stream.choice(_prefixes())}{self._stream.below(100):02}"
                if fake[:3] != text[:3] and not self._originals.has(fake):
                    break
            self._of[text] = fake
        return self._of[text]

    def _coordinate(self, text: str) -> str:
        """Another place on earth, with as many digits."""
        if text not in self._of:
            whole, _, decimals = text.lstrip("-").partition(".")
            degrees = (
                100 + self._stream.below(80) if len(whole) == 3 else self._stream.below(89) + 1
            )
            digits = "".join(str(self._stream.below(10)) for _ in decimals)
            self._of[text] = ("-" if text.startswith("-") else "") + f"{degrees}.{digits}"
        return self._of[text]


def _groups(surface: str, tokens: list[re.Match[str]]) -> list[list[int]]:
    """The words that stand together, with one blank or hyphen between them."""
    groups: list[list[int]] = []
    for number, token in enumerate(tokens):
        if token["word"] is None:
            continue
        gap = surface[tokens[number - 1].end() : token.start()] if number else ""
        if groups and groups[-1][-1] == number - 1 and gap in {" ", "-", ". "}:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _is_street(token: re.Match[str]) -> bool:
    return folded(token.group()) in _lists()["streets"]


def _is_acronym(word: str, surface: str) -> bool:
    """Whether the word is letters, and not a name in a line of capitals."""
    if not (word.isupper() and 1 < len(word) <= _LONGEST_ACRONYM):
        return False
    if lexicon.is_place(word):
        return False
    return len(word) == 2 or word == surface or not surface.isupper()


def _suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _is_state(surface: str, match: re.Match[str]) -> bool:
    """A state behind a comma or before a ZIP code, and not a part of another name."""
    if match.start() == 0 or surface[match.start() - 1].isalnum():
        return False
    before, behind = surface[: match.start()].rstrip(), surface[match.end() :]
    is_short = len(match.group()) == 2
    return before.endswith(",") or (is_short and bool(re.match(r",?\s*\d{5}|\s*$", behind)))
