"""What was found with certainty in one note is found again in all notes of that patient."""

import re
from collections.abc import Iterable, Iterator

from deid.engine import lexicon
from deid.engine.normalize import folded
from deid.engine.phrases import FoldedNote, Phrase, Phrases
from deid.engine.spans import Span

RECOGNIZER = "propagation"
_VERBATIM = {"MRN", "SSN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "OTHER_ID"}


class Propagation:
    """The surfaces to look for again, collected over the notes of one patient."""

    def __init__(self) -> None:
        self._forms: dict[str, set[Phrase]] = {}
        self._phrases: dict[str, Phrases] = {}

    def learn(self, text: str, spans: Iterable[Span]) -> None:
        """Take in the certain spans of one note."""
        for span in spans:
            if span.certain:
                for form in _forms(text[span.start : span.end], span):
                    self._forms.setdefault(span.category, set()).add(form)
                    self._phrases.pop(span.category, None)

    def find(self, note: FoldedNote) -> list[Span]:
        """Mentions of anything learnt: names and places only where they are capitalised."""
        return [
            Span(start, end, category, "", 0.8, RECOGNIZER, "same_patient")
            for category, phrases in self._sorted()
            for start, end in phrases.find(note)
            if (category in _VERBATIM or note.text[start].isupper())
            and not _is_eponym_use(note.low, start, end)
        ]

    def _sorted(self) -> Iterator[tuple[str, Phrases]]:
        for category, forms in self._forms.items():
            if category not in self._phrases:
                self._phrases[category] = Phrases(forms)
            yield category, self._phrases[category]


def _forms(surface: str, span: Span) -> list[Phrase]:
    if span.category in _VERBATIM:
        long_enough = sum(c.isdigit() for c in surface) >= 4
        return [Phrase((folded(surface),))] if long_enough else []
    if span.category == "NAME":
        return _name_forms(surface)
    if span.category == "LOCATION" and span.subtype in {"FACILITY", "CITY"}:
        return _place_forms(surface)
    return []


def _name_forms(surface: str) -> list[Phrase]:
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", folded(surface))
    stops = lexicon.words("not_a_name")
    parts = [w for w in words if len(w) > 2 and w not in stops]
    alone = [
        w for w in parts if not lexicon.is_ordinary(w) or w in lexicon.words("common_given_names")
    ]
    whole = [Phrase(tuple(words), ",-")] if len(words) > 1 else []
    return whole + [Phrase((w,)) for w in alone if not lexicon.keeps(w)]


def _place_forms(surface: str) -> list[Phrase]:
    low = folded(surface)
    if len(low) < 4 or lexicon.keeps(low) or lexicon.is_ordinary(low):
        return []
    forms = [Phrase((low,))]
    generic = lexicon.words("facility_generic") | lexicon.words("sentence_starts")
    head = low.split(" ")
    while head and head[-1].strip(".,") in generic:
        head.pop()
    name = " ".join(head)
    if (
        len(head) >= 1
        and len(name) > 4
        and not lexicon.is_ordinary(name)
        and not lexicon.keeps(name)
    ):
        forms.append(Phrase((name,)))
    return forms


def _is_eponym_use(low: str, start: int, end: int) -> bool:
    """``Parkinson's disease`` stays when the patient's doctor is called Parkinson."""
    word = low[start:end].removesuffix("'s")
    follows = low[end : end + 30].removeprefix("'s").lstrip()
    return lexicon.is_clinical(word) and lexicon.MEASURE_NOUN.match(follows) is not None
