"""Families of rules as Presidio recognizers, and spans in Presidio's form and back."""

from collections.abc import Sequence
from functools import cached_property

from deid.engine.matching import RuleSet
from deid.engine.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from deid.engine.rules import Refine, Rule, Trigger, compile_rule
from deid.engine.spans import Span


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

    @cached_property
    def rule_set(self) -> RuleSet:
        """The rules of this family alone; the engine runs those of all families together."""
        return RuleSet(self.rules)

    def load(self) -> None:
        """Nothing to load: the patterns are compiled with their modules."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Every match of every rule whose category is asked for."""
        return [
            result(self.rules[number].span(self.name, start, end))
            for number, start, end in self.rule_set.find(text)
            if self.rules[number].category in entities
        ]


__all__ = [
    "Refine",
    "Rule",
    "RuleRecognizer",
    "Trigger",
    "compile_rule",
    "result",
    "span_of",
]
