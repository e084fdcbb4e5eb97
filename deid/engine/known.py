"""Identifiers known from structured fields, in every form in which a note may write them.

Matching runs on the folded text (lower case, no accents, plain quotes and dashes), whose offsets
are those of the note. Allow-lists never veto what is found here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deid.engine import lexicon
from deid.engine.exact import ExactMatcher
from deid.engine.families.patterns import STATES
from deid.engine.known_names import NameMatcher
from deid.engine.normalize import folded, plain
from deid.engine.phrases import FoldedNote, Phrase, Phrases
from deid.engine.spans import KnownIdentifier, Span

RECOGNIZER = "known_identifier"

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_STATE = re.compile(rf"\b{STATES}\b", re.VERBOSE)
_SENTENCE_START = re.compile(r"(?:^|[.!?\n])\s*$")
_PHONE_LIKE = {"PHONE", "FAX"}


@dataclass(frozen=True, slots=True)
class Form:
    """One written form as a pattern over folded text, and what a note must have for it.

    ``runs`` are runs of letters and of digits without leading zeros; ``squeezed`` is what the
    letters and digits of the note must contain with all else left out.
    """

    pattern: str
    runs: frozenset[str] = frozenset()
    squeezed: str = ""

    def may_be_in(self, note: FoldedNote) -> bool:
        """Whether the note has what the form is made of."""
        return self.runs <= note.runs and self.squeezed in note.squeezed


class KnownMatcher:
    """Finds one patient's known identifiers in any of the patient's notes."""

    def __init__(self, known: Iterable[KnownIdentifier]) -> None:
        known = list(dict.fromkeys(known))
        self._names = NameMatcher(i.value for i in known if i.category == "NAME")
        self._confirmed = ExactMatcher((i.category, i.value) for i in known if i.confirmed)
        self._is_empty = not known
        self._forms: dict[str, list[Form]] = {}
        phrases: dict[str, list[Phrase]] = {}
        for identifier in known:
            for form in written_forms(identifier):
                if isinstance(form, Phrase):
                    phrases.setdefault(identifier.category, []).append(form)
                else:
                    self._forms.setdefault(identifier.category, []).append(form)
        self._phrases = {category: Phrases(forms) for category, forms in phrases.items()}
        self._compiled: dict[tuple[Form, ...], re.Pattern[str]] = {}
        self._word_places = Phrases(
            form for i in known if i.category == "LOCATION" for form in _word_places(i.value)
        )

    def find(self, note: FoldedNote) -> list[Span]:
        """All mentions, as certain spans of score 1."""
        if self._is_empty:
            return []
        found = [
            _span(category, *bounds)
            for category, phrases in self._phrases.items()
            for bounds in phrases.find(note)
        ]
        for category, forms in self._forms.items():
            likely = tuple(form for form in forms if form.may_be_in(note))
            if likely:
                matches = self._pattern(likely).finditer(note.low)
                found += [_span(category, *match.span()) for match in matches]
        found += [_span("LOCATION", *place) for place in self._capitalised_places(note)]
        found += [_span(*mention, rule="confirmed") for mention in self._confirmed.find(note)]
        return found + [_span("NAME", start, end) for start, end in self._names.find(note)]

    def _pattern(self, forms: tuple[Form, ...]) -> re.Pattern[str]:
        """One pattern of whole words for all forms, the longest first."""
        if forms not in self._compiled:
            longest_first = sorted({f.pattern for f in forms}, key=lambda form: (-len(form), form))
            body = "|".join(longest_first)
            self._compiled[forms] = re.compile(rf"(?<![^\W_])(?:{body})(?![^\W_])")
        return self._compiled[forms]

    def _capitalised_places(self, note: FoldedNote) -> Iterator[tuple[int, int]]:
        """Towns that are also words (Varnish, Reading): with a capital inside a sentence."""
        for start, end in self._word_places.find(note):
            starts = _SENTENCE_START.search(note.text[max(0, start - 20) : start])
            if note.text[start].isupper() and not starts:
                yield start, end


def _span(category: str, start: int, end: int, rule: str = "structured_field") -> Span:
    return Span(start, end, category, "", 1.0, RECOGNIZER, rule, certain=True)


def written_forms(identifier: KnownIdentifier) -> Sequence[Form | Phrase]:
    """How a value may be written in folded text; of a name, only the whole value."""
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


def _whole_name(value: str) -> list[Phrase]:
    """The value as it is written, where it holds more than the words that ``NameMatcher`` reads."""
    return [_loose(value)] if re.search(r"\d", value) else []


def _loose(value: str) -> Phrase:
    """The value itself, with any run of blanks or hyphens between its words."""
    return Phrase(tuple(part for part in re.split(r"[\s-]+", folded(value)) if part), "-")


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


def _date_forms(value: str) -> Sequence[Form | Phrase]:
    day = parse_date(value)
    if day is None:
        return [_loose(value)]
    y, yy = str(day.year), f"{day.year % 100:02d}"
    m, d = f"0?{day.month}", f"0?{day.day}"
    year = rf"(?:{y}|'?{yy})"
    between = r"\s?[-/. ]\s?"
    numbers = frozenset([str(day.month), str(day.day)])
    glued = [f"{y}{day.month:02d}{day.day:02d}", f"{day.month:02d}{day.day:02d}{y}"]
    return [
        _loose(value),
        Form(rf"{m}{between}{d}{between}{year}", numbers),
        Form(rf"{d}{between}{m}{between}{year}", numbers),
        Form(rf"{y}{between}{m}{between}{d}", numbers),
        Form(rf"{m}/{d}", numbers),
        *(Form(digits, squeezed=digits) for digits in glued),
        *_named_month_forms(day, year),
    ]


def _named_month_forms(day: date, year: str) -> Iterator[Form]:
    d, name = f"0?{day.day}", _MONTHS[day.month - 1]
    ordinal = rf"{d}(?:st|nd|rd|th)?"
    for month in [name, name[:3], f"{name[:3]}t"] if len(name) > 3 else [name]:
        runs = frozenset([str(day.day), month])
        dotted = rf"{month}\.?" if len(name) > 3 else month
        yield Form(rf"{dotted}[\s-]*(?:the\s)?{ordinal}(?:[\s,-]+{year})?", runs)
        yield Form(rf"{ordinal}[\s-]*(?:of\s)?{dotted}(?:[\s,-]+{year})?", runs)


def _digit_forms(value: str, *, shortest: int) -> Sequence[Form | Phrase]:
    digits = re.sub(r"\D", "", value)
    if len(digits) < shortest:
        return [_loose(value)]
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    gap = r"[\s().-]{0,3}"
    forms = [Form(gap.join(digits), squeezed=digits)]
    if len(digits) == 10:
        forms.append(Form(rf"\(?{gap.join(digits)}", squeezed=digits))
        forms.append(Form(gap.join(digits[3:]), squeezed=digits[3:]))
    return [*forms, _loose(value)]


def _code_forms(value: str) -> Sequence[Form | Phrase]:
    low = folded(value)
    characters = re.sub(r"[^0-9a-z]", "", low)
    if "@" in low or "/" in low or len(characters) < 3:
        return [_loose(value)]
    body = characters.lstrip("0") if characters.isdigit() else characters
    if len(body) < 3:
        return [_loose(value)]
    zeros = "0*" if characters.isdigit() else ""
    return [Form(zeros + r"[\s.-]?".join(map(re.escape, body)), squeezed=body), _loose(value)]


def _word_places(value: str) -> list[Phrase]:
    """The parts of an address that are also common words, such as a town called Varnish."""
    parts = (_STATE.sub("", part).strip() for part in re.split(r"[,;\n]+", value))
    return [_loose(part) for part in parts if part.isalpha() and len(part) > 2 and _is_common(part)]


def _place_forms(value: str) -> Sequence[Form | Phrase]:
    """An address as a whole, and each of its parts that is not a state or a common word."""
    forms: list[Form | Phrase] = [_loose(value)]
    for part in re.split(r"[,;\n]+", value):
        piece = _STATE.sub("", part).strip()
        zip_code = re.search(r"\b\d{5}(?:-\d{4})?\b", piece)
        if zip_code:
            digits = zip_code.group()[:5]
            forms.append(Form(rf"{digits}(?:-\d{{4}})?", frozenset([digits.lstrip("0")])))
            piece = piece.replace(zip_code.group(), "").strip()
        alone = re.fullmatch(r"[\d\s#-]*", piece) is not None
        if len(piece) > 2 and not alone and not lexicon.keeps(piece) and not _is_common(piece):
            forms.append(_loose(piece))
    return forms
