"""The frame: rules inside Presidio recognizers that share one pass over a note."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from deid.engine.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from deid.engine.spans import Span

#: Narrows a match to the identifier in it, or gives ``None`` to reject it.
Refine = Callable[[re.Match[str]], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern. The group ``id``, where there is one, holds the identifier."""

    id: str
    category: str
    pattern: re.Pattern[str]
    score: float
    subtype: str = ""
    certain: bool = False
    refine: Refine | None = None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of the identifiers in the text."""
        group = "id" if "id" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if self.refine is None:
                bounds: tuple[int, int] | None = match.span(group)
            else:
                bounds = self.refine(match)
            if bounds is not None and bounds[0] < bounds[1]:
                yield bounds


def compile_rule(pattern: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    """Compile a verbose pattern; a blank that counts is written ``[ ]`` or ``\\s``."""
    return re.compile(pattern, re.VERBOSE | (re.IGNORECASE if ignore_case else 0))


def result(span: Span) -> RecognizerResult:
    """A span in Presidio's form; what Presidio has no field for goes into the metadata."""
    return RecognizerResult(
        entity_type=span.category,
        start=span.start,
        end=span.end,
        score=span.score,
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: span.recognizer,
            "rule": span.rule,
            "subtype": span.subtype,
            "certain": span.certain,
        },
    )


def span_of(found: RecognizerResult) -> Span:
    """The span behind a result, from these recognizers or from any other of Presidio's."""
    metadata = found.recognition_metadata or {}
    return Span(
        start=found.start,
        end=found.end,
        category=found.entity_type,
        subtype=metadata.get("subtype", ""),
        score=found.score,
        recognizer=metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, ""),
        rule=metadata.get("rule", ""),
        certain=metadata.get("certain", False),
    )


class RuleRecognizer(EntityRecognizer):
    """A family of rules as one Presidio recognizer."""

    name: str

    def __init__(self, name: str, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        super().__init__(supported_entities=sorted({r.category for r in rules}), name=name)

    def load(self) -> None:
        """Nothing to load: the patterns are compiled with their modules."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Every match of every rule whose category is asked for."""
        found = []
        for rule in self.rules:
            if rule.category in entities:
                for start, end in rule.find(text):
                    found.append(result(self._span(rule, start, end)))
        return found

    def _span(self, rule: Rule, start: int, end: int) -> Span:
        return Span(
            start=start,
            end=end,
            category=rule.category,
            subtype=rule.subtype,
            score=rule.score,
            recognizer=self.name,
            rule=rule.id,
            certain=rule.certain,
        )
