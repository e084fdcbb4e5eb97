"""What was found with certainty in one note is found again in all notes of that patient."""

import re
from collections.abc import Iterable, Sequence

from deid.engine import lexicon
from deid.engine.normalize import folded
from deid.engine.spans import Span

RECOGNIZER = "propagation"
_VERBATIM = {"MRN", "SSN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "OTHER_ID"}


class Propagation:
    """The surfaces to look for again, collected over the notes of one patient."""

    def __init__(self) -> None:
        self._forms: dict[str, set[str]] = {}
        self._compiled: list[tuple[str, re.Pattern[str]]] = []

    def learn(self, text: str, spans: Iterable[Span]) -> None:
        """Take in the certain spans of one note."""
        for span in spans:
            if span.certain:
                for form in _forms(text[span.start : span.end], span):
                    self._forms.setdefault(span.category, set()).add(form)
        self._compiled = [
            (category, re.compile(rf"(?<![^\W_])(?:{_alternatives(forms)})(?![^\W_])"))
            for category, forms in self._forms.items()
        ]

    def find(self, text: str) -> list[Span]:
        """Mentions of anything learnt: names and places only where they are capitalised."""
        low = folded(text)
        found = []
        for category, pattern in self._compiled:
            for match in pattern.finditer(low):
                proper = category in _VERBATIM or text[match.start()].isupper()
                if proper and not _is_eponym_use(low, match):
                    found.append(
                        Span(
                            match.start(),
                            match.end(),
                            category,
                            "",
                            0.8,
                            RECOGNIZER,
                            "same_patient",
                        )
                    )
        return found


def _alternatives(forms: set[str]) -> str:
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


def _forms(surface: str, span: Span) -> Sequence[str]:
    if span.category in _VERBATIM:
        long_enough = sum(c.isdigit() for c in surface) >= 4
        return [re.escape(folded(surface))] if long_enough else []
    if span.category == "NAME":
        return _name_forms(surface)
    if span.category == "LOCATION" and span.subtype in {"FACILITY", "CITY"}:
        return _place_forms(surface)
    return []


def _name_forms(surface: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", folded(surface))
    stops = lexicon.words("not_a_name")
    parts = [w for w in words if len(w) > 2 and w not in stops]
    alone = [
        w for w in parts if not lexicon.is_ordinary(w) or w in lexicon.words("common_given_names")
    ]
    whole = [r"[\s,-]+".join(map(re.escape, words))] if len(words) > 1 else []
    return whole + [re.escape(w) for w in alone if not lexicon.keeps(w)]


def _place_forms(surface: str) -> list[str]:
    low = folded(surface)
    if len(low) < 4 or lexicon.keeps(low) or lexicon.is_ordinary(low):
        return []
    forms = [re.escape(low)]
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
        forms.append(re.escape(name))
    return forms


def _is_eponym_use(low: str, match: re.Match[str]) -> bool:
    """``Parkinson's disease`` stays when the patient's doctor is called Parkinson."""
    word = match.group().removesuffix("'s")
    follows = low[match.end() : match.end() + 30].removeprefix("'s").lstrip()
    return lexicon.is_clinical(word) and lexicon.MEASURE_NOUN.match(follows) is not None
