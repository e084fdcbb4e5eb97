"""The statistical recognizer: a model that reads context, for what rules cannot see.

The shipped model is the tagger of ``deid.engine.tagger``. Any other that follows ``NerModel`` can
take its place, such as ``deid.engine.transformer_ner.TransformerNer`` on a local folder.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from deid.engine import lexicon
from deid.engine.ner_edges import is_kind_of_site, narrowed, with_surname
from deid.engine.ner_floors import LABELS, lowest_floor, score_of
from deid.engine.ner_judges import floor_in, is_eponym, is_no_name, is_part_of_eponym, is_prose
from deid.engine.ner_speech import without_speech, without_tail
from deid.engine.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from deid.engine.recognition import result
from deid.engine.spans import Span
from deid.engine.tagger import Entity, load_tagger, weights_digest


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
        return load_tagger().tag(texts, lowest_floor())


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


def _span(name: str, text: str, entity: Entity) -> Span | None:
    """The span of an entity; none for what stays: states, countries, eponyms, prose, numbers."""
    category, subtype = LABELS[entity.label]
    bounds = narrowed(text, _start(text, entity), entity.end, category)
    if bounds is not None and category in {"NAME", "LOCATION"}:
        bounds = without_speech(text, *bounds)
    if bounds is None:
        return None
    if category == "NAME":
        bounds = without_tail(text, *bounds)
    start, end = bounds
    surface = text[start:end]
    if category in {"NAME", "LOCATION"} and (
        is_prose(text, start, end) or is_no_name(text, start, end)
    ):
        return None
    if text.startswith("'t", end):  # the stem of ``hasn't``
        return None
    if category == "LOCATION" and lexicon.keeps(surface):
        return None
    if (category == "LOCATION" or subtype == "EMPLOYER") and is_kind_of_site(surface):
        return None
    if category == "NAME" and is_eponym(text, start, end):
        return None
    if is_part_of_eponym(text, start, end):
        return None
    if category == "NAME" and not subtype:
        end = with_surname(text, start, end)
    floor = floor_in(text, start, end, entity.label)
    score = score_of(entity.score, floor)
    return Span(start, end, category, subtype, score, name, entity.label.lower())


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
