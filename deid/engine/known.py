"""Identifiers known from structured fields, in every form in which a note may write them.

Matching runs on the folded text (lower case, no accents, plain quotes and dashes), whose offsets
are those of the note. Allow-lists never veto what is found here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from deid.engine import lexicon
from deid.engine.families.patterns import STATES
from deid.engine.known_names import NameMatcher
from deid.engine.normalize import folded, plain
from deid.engine.spans import KnownIdentifier, Span

RECOGNIZER = "known_identifier"

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_STATE = re.compile(rf"\b{STATES}\b", re.VERBOSE)
_SENTENCE_START = re.compile(r"(?:^|[.!?\n])\s*$")
_PHONE_LIKE = {"PHONE", "FAX"}


class KnownMatcher:
    """Finds one patient's known identifiers in any of the patient's notes."""

    def __init__(self, known: Iterable[KnownIdentifier]) -> None:
        known = list(known)
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        forms: dict[str, list[str]] = {}
        names = []
        for identifier in dict.fromkeys(known):
            if identifier.category == "NAME":
                names.append(identifier.value)
            forms.setdefault(identifier.category, []).extend(written_forms(identifier))
        self._names = NameMatcher(names)
        self._word_places = _alternatives(
            form for i in known if i.category == "LOCATION" for form in _word_places(i.value)
        )
        for category, patterns in forms.items():
            pattern = _alternatives(patterns)
            if pattern:
                self._patterns.append((category, pattern))

    def find(self, text: str) -> list[Span]:
        """All mentions, as certain spans of score 1."""
        low = folded(text)
        found = [
            _span(category, *match.span())
            for category, pattern in self._patterns
            for match in pattern.finditer(low)
        ]
        found += [_span("LOCATION", *place) for place in self._capitalised_places(text, low)]
        return found + [_span("NAME", start, end) for start, end in self._names.find(text)]

    def _capitalised_places(self, text: str, low: str) -> Iterator[tuple[int, int]]:
        """Towns that are also words (Varnish, Reading): with a capital inside a sentence."""
        for match in self._word_places.finditer(low) if self._word_places else ():
            starts = _SENTENCE_START.search(text[max(0, match.start() - 20) : match.start()])
            if text[match.start()].isupper() and not starts:
                yield match.span()


def _alternatives(forms: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern of whole words for all forms, the longest first."""
    longest_first = sorted(set(forms), key=lambda form: (-len(form), form))
    if not longest_first:
        return None
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])")


def _span(category: str, start: int, end: int) -> Span:
    return Span(start, end, category, "", 1.0, RECOGNIZER, "structured_field", certain=True)


def written_forms(identifier: KnownIdentifier) -> list[str]:
    """Patterns for a value over folded text, in any case; of a name, only the whole value."""
    value = plain(identifier.value).strip()
    if not any(c.isalnum() for c in value):
        return []
    if identifier.category == "NAME":
        return _whole_name(value)
    if identifier.category == "DATE_AGE":
        return _date_forms(value)
    if identifier.category in _PHONE_LIKE:
        return _digit_forms(value, shortest=7)
    if identifier.category == "SSN":
        return _digit_forms(value, shortest=9)
    if identifier.category == "LOCATION":
        return _place_forms(value)
    return _code_forms(value)


def _whole_name(value: str) -> list[str]:
    """The value as it is written, where it holds more than the words that ``NameMatcher`` reads."""
    return [_loose(value)] if re.search(r"\d", value) else []


def _loose(value: str) -> str:
    """The value itself, with any run of blanks or hyphens between its words."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", folded(value)) if part]
    return r"[\s-]+".join(parts)


def _is_common(word: str) -> bool:
    return len(word) < 3 or lexicon.is_ordinary(word)


def parse_date(value: str) -> date | None:
    """The date in a structured field; month first where both readings are possible."""
    iso = re.match(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)", value)
    american = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", value.split(" ")[0])
    named = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -,]+(\d{4})", value)
    spoken = re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", value)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if american:
            year = int(american[3])
            year += (1900 if year > date.today().year % 100 else 2000) if year < 100 else 0
            first, second = int(american[1]), int(american[2])
            month, day = (first, second) if first <= 12 else (second, first)
            return date(year, month, day)
        if named:
            return date(int(named[3]), _month(named[2]), int(named[1]))
        if spoken:
            return date(int(spoken[3]), _month(spoken[1]), int(spoken[2]))
    except ValueError:
        return None
    return None


def _month(name: str) -> int:
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name.lower()[:3]):
            return number
    raise ValueError("no such month")


def _date_forms(value: str) -> list[str]:
    day = parse_date(value)
    if day is None:
        return [_loose(value)]
    y, yy = str(day.year), f"{day.year % 100:02d}"
    m, d = f"0?{day.month}", f"0?{day.day}"
    name = _MONTHS[day.month - 1]
    month = rf"{name[:3]}(?:{name[3:]}|t)?\.?" if len(name) > 3 else name
    year = rf"(?:{y}|'?{yy})"
    ordinal = rf"{d}(?:st|nd|rd|th)?"
    between = r"\s?[-/. ]\s?"
    return [
        _loose(value),
        rf"{m}{between}{d}{between}{year}",
        rf"{d}{between}{m}{between}{year}",
        rf"{y}{between}{m}{between}{d}",
        rf"{y}{day.month:02d}{day.day:02d}",
        rf"{day.month:02d}{day.day:02d}{y}",
        rf"{month}[\s-]*(?:the\s)?{ordinal}(?:[\s,-]+{year})?",
        rf"{ordinal}[\s-]*(?:of\s)?{month}(?:[\s,-]+{year})?",
        rf"{m}/{d}",
    ]


def _digit_forms(value: str, *, shortest: int) -> list[str]:
    digits = re.sub(r"\D", "", value)
    if len(digits) < shortest:
        return [_loose(value)]
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    gap = r"[\s().-]{0,3}"
    forms = [gap.join(digits), _loose(value)]
    if len(digits) == 10:
        forms += [rf"\(?{gap.join(digits)}", gap.join(digits[3:])]
    return forms


def _code_forms(value: str) -> list[str]:
    low = folded(value)
    characters = re.sub(r"[^0-9a-z]", "", low)
    if "@" in low or "/" in low or len(characters) < 3:
        return [_loose(value)]
    body = characters.lstrip("0") if characters.isdigit() else characters
    if len(body) < 3:
        return [_loose(value)]
    zeros = "0*" if characters.isdigit() else ""
    return [zeros + r"[\s.-]?".join(map(re.escape, body)), _loose(value)]


def _word_places(value: str) -> list[str]:
    """The parts of an address that are also common words, such as a town called Varnish."""
    parts = (_STATE.sub("", part).strip() for part in re.split(r"[,;\n]+", value))
    return [_loose(part) for part in parts if part.isalpha() and len(part) > 2 and _is_common(part)]


def _place_forms(value: str) -> list[str]:
    """An address as a whole, and each of its parts that is not a state or a common word."""
    forms = [_loose(value)]
    for part in re.split(r"[,;\n]+", value):
        piece = _STATE.sub("", part).strip()
        zip_code = re.search(r"\b\d{5}(?:-\d{4})?\b", piece)
        if zip_code:
            forms.append(re.escape(zip_code.group()[:5]) + r"(?:-\d{4})?")
            piece = piece.replace(zip_code.group(), "").strip()
        alone = re.fullmatch(r"[\d\s#-]*", piece) is not None
        if len(piece) > 2 and not alone and not lexicon.keeps(piece) and not _is_common(piece):
            forms.append(_loose(piece))
    return forms
