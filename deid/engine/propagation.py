"""What was found with certainty in one note is found again in all notes of that patient."""

import re
from collections.abc import Iterable, Iterator

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, facts, is_medical
from deid.engine.families.name_vocabulary import ROLES
from deid.engine.known_names import NameMatcher
from deid.engine.normalize import folded
from deid.engine.phrases import FoldedNote, Phrase, Phrases
from deid.engine.spans import Span

RECOGNIZER = "propagation"
_VERBATIM = {"MRN", "SSN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "OTHER_ID"}


class Propagation:
    """The surfaces to look for again, collected over the notes of one patient.

    A person's name is found again in every form in which a known name is found; of a place or a
    number only the forms that mean nothing else.
    """

    def __init__(self) -> None:
        self._forms: dict[str, set[Phrase]] = {}
        self._phrases: dict[str, Phrases] = {}
        self._persons: dict[str, None] = {}
        self._names: NameMatcher | None = None

    def learn(self, text: str, spans: Iterable[Span]) -> None:
        """Take in the certain spans of one note."""
        for span in spans:
            if not span.certain:
                continue
            surface = text[span.start : span.end]
            if span.category == "NAME" and span.subtype != "EMPLOYER":
                self._persons.update(dict.fromkeys(_person(surface)))
                self._names = None
            for form in _forms(surface, span):
                self._forms.setdefault(span.category, set()).add(form)
                self._phrases.pop(span.category, None)

    def find(self, note: FoldedNote) -> list[Span]:
        """Mentions of anything learnt: places only where they are capitalised."""
        found = [
            _span(category, start, end)
            for category, phrases in self._sorted()
            for start, end in phrases.find(note)
            if (category in _VERBATIM or note.text[start].isupper())
            and not _is_eponym_use(note.low, start, end)
        ]
        if not self._persons:
            return found
        if self._names is None:
            self._names = NameMatcher(self._persons)
        persons = (b for b in self._names.find(note) if not _is_eponym_alone(note.text, *b))
        return found + [_span("NAME", *bounds) for bounds in persons]

    def _sorted(self) -> Iterator[tuple[str, Phrases]]:
        for category, forms in self._forms.items():
            if category not in self._phrases:
                self._phrases[category] = Phrases(forms)
            yield category, self._phrases[category]


def _span(category: str, start: int, end: int) -> Span:
    return Span(start, end, category, "", 0.8, RECOGNIZER, "same_patient")


def _forms(surface: str, span: Span) -> list[Phrase]:
    if span.category in _VERBATIM:
        long_enough = sum(c.isdigit() for c in surface) >= 4
        return [Phrase((folded(surface),))] if long_enough else []
    if span.category == "NAME":
        return _company_forms(surface) if span.subtype == "EMPLOYER" else []
    if span.category == "LOCATION" and span.subtype in {"FACILITY", "CITY"}:
        return _place_forms(surface)
    return []


def _person(surface: str) -> list[str]:
    """The name without words that a wrong reading may have taken in."""
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[,^]", surface)
    kept = [w for w in words if w in ",^" or _is_part(w)]
    alone = [w for w in kept if w not in ",^"]
    if not alone or (len(alone) == 1 and len(alone[0]) < 3):
        return []
    return [" ".join(kept)]


def _is_part(word: str) -> bool:
    known = facts(word)
    if word.lower() in ROLES or known & Fact.DRUG or lexicon.keeps(word):
        return False
    return bool(known & NAME) or not (known & Fact.STOP or is_medical(word))


def _company_forms(surface: str) -> list[Phrase]:
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", folded(surface))
    first = [w for w in words[:1] if len(w) > 3 and not lexicon.is_ordinary(w)]
    whole = [Phrase(tuple(words), ",-&.")] if len(words) > 1 else []
    return whole + [Phrase((w,)) for w in first if not lexicon.keeps(w)]


def _place_forms(surface: str) -> list[Phrase]:
    low = folded(surface)
    if len(low) < 4 or lexicon.keeps(low) or lexicon.is_ordinary(low):
        return []
    forms = [Phrase((low,))]
    generic = lexicon.either("facility_generic", "sentence_starts")
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


_THING_BEFORE = re.compile(
    r"(?:\b(?:the|a|an|his|her|their|of|for|no|with|has|had|new|old|via|per|by|on|indwelling"
    r"|removed?|removal|placed|place|inserted|positive|negative|possible|known|early|late|severe"
    r"|mild)|[+(/])[ ]?\Z",
    re.IGNORECASE,
)


def _is_eponym_alone(text: str, start: int, end: int) -> bool:
    """``the Foley``: one eponym behind a word that stands before things, not before persons."""
    if not lexicon.is_clinical(text[start:end]):
        return False
    return _THING_BEFORE.search(text[max(0, start - 12) : start]) is not None


def _is_eponym_use(low: str, start: int, end: int) -> bool:
    """``Parkinson's disease`` stays when the patient's doctor is called Parkinson."""
    word = low[start:end].removesuffix("'s")
    follows = low[end : end + 30].removeprefix("'s").lstrip()
    return lexicon.is_clinical(word) and lexicon.MEASURE_NOUN.match(follows) is not None
