"""The engine: from the notes of one patient to their de-identified texts."""

import re
from collections.abc import Sequence

from deid.engine import lexicon
from deid.engine.families import build_families
from deid.engine.known import KnownMatcher
from deid.engine.matching import RuleSet
from deid.engine.merge import merge
from deid.engine.ner import StatisticalRecognizer, artifacts_of
from deid.engine.normalize import folded, plain
from deid.engine.policy import Policy, default_policy, term_pattern
from deid.engine.presidio import NlpArtifacts, RecognizerRegistry
from deid.engine.propagation import Propagation
from deid.engine.recognition import RuleRecognizer, span_of
from deid.engine.spans import CATEGORIES, DeidResult, KnownIdentifier, NoteText, Span
from deid.engine.sweep import swept

_EXISTING_TAG = re.compile(r"\[(?:[A-Z][A-Z0-9_+:-]{1,30}|\*\*[^\]\n]{0,80}\*\*)\]")


class Deidentifier:
    """Hides the 18 identifiers of Safe Harbor under one policy. Safe to reuse for many patients.

    Raises nothing for any text: empty, very long, or already full of tags.
    """

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or default_policy()
        self.registry = RecognizerRegistry(
            recognizers=[*build_families(), StatisticalRecognizer()], supported_languages=["en"]
        )
        every = self.registry.recognizers
        self._rules = [r for r in every if isinstance(r, RuleRecognizer)]
        self._rule_set = RuleSet([rule for r in self._rules for rule in r.rules])
        self._names = [r.name for r in self._rules for _ in r.rules]
        self._others = [r for r in every if not isinstance(r, RuleRecognizer)]
        self._terms = [
            (t.category, re.compile(rf"(?<![^\W_]){term_pattern(folded(t.text))}(?![^\W_])"))
            for t in self.policy.terms
        ]
        self._allowed = frozenset(folded(t).strip() for t in self.policy.allow_terms)

    def process_patient(
        self, notes: Sequence[NoteText], known: Sequence[KnownIdentifier] = ()
    ) -> list[DeidResult]:
        """De-identify all notes of one patient together; results are in the order of the notes."""
        matcher = KnownMatcher(known)
        propagation = Propagation()
        first_pass = []
        readable = [plain(note.text) for note in notes]
        for note, plain_text, pieces in zip(notes, readable, artifacts_of(readable), strict=True):
            spans = self._find(note.text, plain_text, pieces, matcher)
            first_pass.append(spans)
            propagation.learn(note.text, spans)
        return [
            self._finish(note, spans, matcher, propagation)
            for note, spans in zip(notes, first_pass, strict=True)
        ]

    def _certain(self, text: str, matcher: KnownMatcher) -> list[Span]:
        """Known identifiers and the organisation's terms: nothing vetoes them."""
        low = folded(text)
        return matcher.find(text) + [
            Span(m.start(), m.end(), category, "", 1.0, "policy", "term", certain=True)
            for category, pattern in self._terms
            for m in pattern.finditer(low)
        ]

    def _find(
        self,
        text: str,
        readable: str,
        pieces: Sequence[tuple[int, NlpArtifacts]],
        matcher: KnownMatcher,
    ) -> list[Span]:
        rules, names = self._rule_set.rules, self._names
        found = [rules[n].span(names[n], *bounds) for n, *bounds in self._rule_set.find(readable)]
        for offset, artifacts in pieces:
            for recognizer in self._others:
                for hit in recognizer.analyze(readable, list(CATEGORIES), artifacts):
                    hit.start, hit.end = hit.start + offset, hit.end + offset
                    found.append(span_of(hit))
        return self._permitted(text, found) + self._certain(text, matcher)

    def _permitted(self, text: str, spans: Sequence[Span]) -> list[Span]:
        tags = [m.span() for m in _EXISTING_TAG.finditer(text)]
        return [
            s
            for s in spans
            if s.score >= self.policy.threshold(s.category)
            and folded(text[s.start : s.end]).strip() not in self._allowed
            and not any(start <= s.start and s.end <= end for start, end in tags)
        ]

    def _finish(
        self,
        note: NoteText,
        spans: Sequence[Span],
        matcher: KnownMatcher,
        propagation: Propagation,
    ) -> DeidResult:
        again = self._permitted(note.text, propagation.find(note.text))
        merged = merge([*spans, *again], note.text)
        output, applied = swept(note.text, merged, lambda text: self._certain(text, matcher))
        return DeidResult(note.id, output, applied)


def warm_up() -> None:
    """Load the model and the word lists, so that the first note does not wait for them."""
    lexicon.words("english_words")
    Deidentifier().process_patient([NoteText("warm-up", "Seen by Dr. Example on 1/1/2000.")])
