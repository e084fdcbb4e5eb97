"""The statistical recognizer: a model that reads context, for what rules cannot see.

The shipped model is the tagger of ``deid.engine.tagger``. Any other that follows ``NerModel`` can
take its place, such as ``deid.engine.transformer_ner.TransformerNer`` on a local folder.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from deid.engine import lexicon
from deid.engine.ner_edges import narrowed
from deid.engine.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from deid.engine.recognition import result
from deid.engine.spans import AGE_OVER_89, Span
from deid.engine.tagger import Entity, load_tagger, weights_digest

#: Category and subtype of each class of a model.
LABELS = {
    "NAME": ("NAME", ""),
    "EMPLOYER": ("NAME", "EMPLOYER"),
    "LOCATION": ("LOCATION", ""),
    "FACILITY": ("LOCATION", "FACILITY"),
    "DATE": ("DATE_AGE", ""),
    "AGE90": ("DATE_AGE", AGE_OVER_89),
    "CONTACT": ("PHONE", ""),
    "ID": ("OTHER_ID", ""),
}
#: The probability of a class from which its score reaches the default threshold of a policy. A
#: missed name harms a patient, a hidden word only a reader: hence below one half. Numbers have
#: rules of their own, and the model only speaks where it is sure.
FLOORS = {
    "NAME": 0.4,
    "EMPLOYER": 0.4,
    "LOCATION": 0.4,
    "FACILITY": 0.4,
    "DATE": 0.9,
    "AGE90": 0.9,
    "CONTACT": 0.9,
    "ID": 0.9,
}
#: How the floor moves for a capitalised word that no dictionary has, and for dictionary words.
_PROPER, _ORDINARY = 0.3, 1.5
#: The floor for drugs, eponyms and clinical words, which are sometimes a surname too.
_CLINICAL = 0.98


class NerModel(Protocol):
    """What takes the place of the shipped model must offer this."""

    @property
    def name(self) -> str:
        """Stands in the trace of each span that the model finds."""

    @property
    def version(self) -> str:
        """States exactly which weights ran; part of ``engine_version``."""

    def load(self) -> None:
        """Load the weights at the start and not in the first note."""

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """For each text its entities, with labels of ``LABELS`` and probabilities."""


class TaggerNer:
    """The tagger that ships with the engine."""

    name = "tagger"

    @property
    def version(self) -> str:
        """The digest of the weights."""
        return f"tagger-sha256:{weights_digest()}"

    def load(self) -> None:
        """Load the weights, once a process."""
        load_tagger()

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Entities of each text down to the lowest floor of any class."""
        return load_tagger().tag(texts, min(FLOORS.values()) * _PROPER)


def floor_of(label: str, surface: str) -> float:
    """The probability from which a surface counts as one of this class."""
    floor = FLOORS[label]
    if LABELS[label][0] not in {"NAME", "LOCATION"}:
        return floor
    if "-" in surface and not lexicon.words("eponyms").isdisjoint(surface.lower().split("-")):
        return _CLINICAL
    words = [w for w in _WORD.findall(surface) if len(w) > 2]
    known = [w for w in words if w not in lexicon.words("function_words")]
    if known and all(lexicon.is_drug(w) or lexicon.is_clinical(w) for w in known):
        return _CLINICAL
    strange = [w for w in words if not lexicon.is_ordinary(w)]
    if any(w[0].isupper() and not w.isupper() for w in strange):
        return floor * _PROPER
    return floor if strange else floor * _ORDINARY


def score_of(chance: float, floor: float) -> float:
    """The score of an entity: 0.5 where its probability just reaches its floor."""
    if chance < floor:
        return 0.5 * chance / floor
    return 0.5 + 0.5 * (chance - floor) / (1 - floor)


def spans_by(model: NerModel, texts: Sequence[str]) -> list[list[Span]]:
    """What the model holds for identifiers in each text, as spans of the engine."""
    found = model.entities(texts)
    return [
        [s for e in _kept(text, entities) if (s := _span(model.name, text, e)) is not None]
        for text, entities in zip(texts, found, strict=True)
    ]


def _kept(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """The entities without numbers that stand alone; those of an address have a place beside."""
    lettered = [any(map(str.isalpha, text[e.start : e.end])) for e in entities]
    if all(lettered):
        return list(entities)
    kept = []
    for n, entity in enumerate(entities):
        beside = (m for m in (n - 1, n + 1) if 0 <= m < len(entities) and lettered[m])
        near = any(
            entities[m].label == "LOCATION"
            and max(entities[m].start - entity.end, entity.start - entities[m].end) < _BESIDE
            for m in beside
        )
        if lettered[n] or near or LABELS[entity.label][0] not in {"NAME", "LOCATION"}:
            kept.append(entity)
    return kept


#: How far from a place, in characters, a number still belongs to its address.
_BESIDE = 16
_WORD = re.compile(r"[^\W\d_]+")
#: Before a small word that is a name all the same: ``Dr. He``, ``Xu, An``.
_TITLE = re.compile(r"(?:\b(dr|drs|mr|mrs|ms|miss|prof)\.?|,)\s*\Z", re.IGNORECASE)
_TITLE_LENGTH = 8
#: How far around an entity capitals say that the writer uses them.
_AROUND = 120
#: The most letters of an acronym.
_ACRONYM = 5


def _span(name: str, text: str, entity: Entity) -> Span | None:
    """The span of an entity; none for what stays: states, countries, eponyms, prose, numbers."""
    category, subtype = LABELS[entity.label]
    bounds = narrowed(text, _start(text, entity), entity.end, category)
    if bounds is None:
        return None
    start, end = bounds
    surface = text[start:end]
    if category in {"NAME", "LOCATION"} and _is_prose(text, start, end):
        return None
    if category in {"NAME", "LOCATION"} and _is_no_name(text, start, end):
        return None
    if text.startswith("'t", end):  # the stem of ``hasn't``
        return None
    if category == "LOCATION" and lexicon.keeps(surface):
        return None
    follows = text[end : end + 30].lstrip(" '").removeprefix("s ")
    if category == "NAME" and lexicon.MEASURE_NOUN.match(follows):
        return None
    if _is_part_of_eponym(text, start, end):
        return None
    floor = floor_of(entity.label, surface)
    if category == "NAME" and _is_acronym(text, start, end):
        floor = _CLINICAL
    score = score_of(entity.score, floor)
    return Span(start, end, category, subtype, score, name, entity.label.lower())


def _is_no_name(text: str, start: int, end: int) -> bool:
    """Whether one word means something else, and nothing before it makes a person of it.

    So do headings in capitals, labels before a colon, and words at the start of a sentence.
    """
    surface = text[start:end]
    if not surface.isalpha() or lexicon.is_first_name(surface) or _has_title(text, start):
        return False
    low = surface.lower()
    if low in lexicon.words("facility_generic"):
        return True
    stop = low in lexicon.words("not_a_name")
    if surface.islower() or (stop and _begins(text, start)):
        return stop
    if surface.isupper() and lexicon.is_clinical(surface):
        return True
    if lexicon.is_surname(surface):
        return False
    label = text.startswith(":", end)
    return label or (lexicon.is_english(surface) and (surface.isupper() or _begins(text, start)))


def _has_title(text: str, start: int) -> bool:
    """Whether a title stands before; ``MR`` before an organ is a scan."""
    found = _TITLE.search(text[max(0, start - _TITLE_LENGTH) : start])
    return found is not None and found.group(0).strip() != "MR"


_SENTENCE_START = re.compile(r"(?:\A|[.!?:]\s+|\n\s*)\Z")


def _begins(text: str, start: int) -> bool:
    return _SENTENCE_START.search(text[max(0, start - 4) : start]) is not None


def _is_acronym(text: str, start: int, end: int) -> bool:
    """Whether these are a few capitals where the writer uses small letters, and no title before."""
    letters = text[start:end].removesuffix("s")
    if len(letters) > _ACRONYM or not letters.isalpha() or not letters.isupper():
        return False
    before = text[max(0, start - _AROUND) : start]
    cased = re.search("[a-z]", before + text[end : end + _AROUND]) is not None
    return cased and not _TITLE.search(before[-_TITLE_LENGTH:])


#: A name that a hyphen joins to the one before or behind, as discoverers are joined.
_JOINED_BEFORE = re.compile(r"([^\W\d_]+)-\Z")
_JOINED_BEHIND = re.compile(r"-([^\W\d_]+)")
_LONGEST = 30


def _is_part_of_eponym(text: str, start: int, end: int) -> bool:
    """Whether a hyphen joins a known eponym: ``Rokitansky-Aschoff sinuses``."""
    if not text.startswith("-", end) and text[start - 1 : start] != "-":
        return False
    before = _JOINED_BEFORE.search(text[max(0, start - _LONGEST) : start])
    behind = _JOINED_BEHIND.match(text, end, end + _LONGEST)
    joined = [m.group(1).lower() for m in (before, behind) if m]
    return any(w in lexicon.words("eponyms") for w in joined)


def _start(text: str, entity: Entity) -> int:
    """The start without an article or another small word in lower case."""
    start = entity.start
    while (word := _WORD.match(text, start)) and word.end() < entity.end:
        if word.group() not in lexicon.words("function_words"):
            break
        start = word.end()
        while start < entity.end and text[start].isspace():
            start += 1
    return start


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether the words are ordinary and written small where the writer uses capitals.

    So are small words that begin a sentence, brands with a title, and clinical acronyms.
    """
    surface = text[start:end]
    words = _WORD.findall(surface)
    title = _TITLE.search(text[max(0, start - _TITLE_LENGTH) : start])
    if words and title is None and all(w.lower() in lexicon.words("never_alone") for w in words):
        return True
    if title and f"{title.group(1)} {surface}".lower() in lexicon.words("titled_brands"):
        return True
    if any(map(str.isdigit, surface)):
        return False
    small = surface == surface.lower()
    if small and all(len(w) < 2 or w in lexicon.words("function_words") for w in words):
        return True
    if not small:
        return lexicon.is_clinical(surface) and _is_acronym(text, start, end)
    around = f"{text[max(0, start - _AROUND) : start]} {text[end : end + _AROUND]}"
    cased = sum(c.isupper() for c in around) > 1
    return cased and all(len(w) < 3 or lexicon.is_ordinary(w) for w in words)


class NerRecognizer(EntityRecognizer):
    """A model in the form of a Presidio recognizer, for use outside this engine."""

    name: str

    def __init__(self, model: NerModel | None = None) -> None:
        self.model: NerModel = TaggerNer() if model is None else model
        labels = sorted({category for category, _ in LABELS.values()})
        super().__init__(supported_entities=labels, name=self.model.name)

    def load(self) -> None:
        """Load the model."""
        self.model.load()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Entities of the asked categories."""
        spans = spans_by(self.model, [text])[0]
        return [result(span) for span in spans if span.category in entities]
