"""The engine: from the notes of one patient to their de-identified texts."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from deid.engine import lexicon
from deid.engine.families import build_families
from deid.engine.known import KnownMatcher
from deid.engine.matching import RuleSet
from deid.engine.merge import merge
from deid.engine.ner import NerModel, NerRecognizer, TaggerNer, spans_by
from deid.engine.normalize import folded, plain
from deid.engine.phrases import FoldedNote
from deid.engine.policy import Policy, default_policy, term_pattern
from deid.engine.presidio import RecognizerRegistry
from deid.engine.propagation import Propagation
from deid.engine.recognition import RuleRecognizer
from deid.engine.spans import CATEGORIES, DeidResult, KnownIdentifier, NoteText, Span
from deid.engine.sweep import swept
from deid.engine.wrapping import Unwrapped

_EXISTING_TAG = re.compile(r"\[(?:[A-Z][A-Z0-9_+:-]{1,30}|\*\*[^\]\n]{0,80}\*\*)\]")


class Deidentifier:
    """Hides the 18 identifiers of Safe Harbor under one policy. Safe to reuse for many patients.

    Raises nothing for any text: empty, very long, or already full of tags.
    """

    def __init__(self, policy: Policy | None = None, ner: NerModel | None = None) -> None:
        """``ner`` takes the place of the tagger that ships with the engine."""
        self.policy = policy or default_policy()
        self.ner: NerModel = TaggerNer() if ner is None else ner
        self.registry = RecognizerRegistry(
            recognizers=[*build_families(), NerRecognizer(self.ner)], supported_languages=["en"]
        )
        every = self.registry.recognizers
        self._rules = [r for r in every if isinstance(r, RuleRecognizer)]
        self._rule_set = RuleSet([rule for r in self._rules for rule in r.rules])
        self._names = [r.name for r in self._rules for _ in r.rules]
        self._thresholds = {c: self.policy.threshold(c) for c in CATEGORIES}
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
        readable = [Unwrapped(plain(note.text)) for note in notes]
        by_model = spans_by(self.ner, [note.text for note in readable])
        for note, joined, statistical in zip(notes, readable, by_model, strict=True):
            look_up = FoldedNote(note.text)
            spans = self._find(look_up, joined, statistical, matcher)
            first_pass.append((look_up, spans))
            propagation.learn(note.text, spans)
        return [
            self._finish(note.id, look_up, spans, matcher, propagation)
            for note, (look_up, spans) in zip(notes, first_pass, strict=True)
        ]

    def _certain(self, note: FoldedNote, matcher: KnownMatcher) -> list[Span]:
        """Known identifiers and the organisation's terms: nothing vetoes them."""
        return matcher.find(note) + [
            Span(m.start(), m.end(), category, "", 1.0, "policy", "term", certain=True)
            for category, pattern in self._terms
            for m in pattern.finditer(note.low)
        ]

    def _find(
        self,
        note: FoldedNote,
        readable: Unwrapped,
        statistical: Sequence[Span],
        matcher: KnownMatcher,
    ) -> list[Span]:
        rules, names = self._rule_set.rules, self._names
        found = [rules[n].span(names[n], *at) for n, *at in self._rule_set.find(readable.text)]
        placed = readable.placed([*found, *statistical])
        return self._permitted(note.text, placed) + self._certain(note, matcher)

    def _permitted(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The spans that policy and existing tags leave."""
        tags = [m.span() for m in _EXISTING_TAG.finditer(text)] if "[" in text else []
        return [
            s
            for s in spans
            if s.score >= self._thresholds[s.category]
            and not (self._allowed and folded(text[s.start : s.end]).strip() in self._allowed)
            and not (tags and _is_inside(s, tags))
        ]

    def _finish(
        self,
        note_id: str,
        note: FoldedNote,
        spans: Sequence[Span],
        matcher: KnownMatcher,
        propagation: Propagation,
    ) -> DeidResult:
        again = self._permitted(note.text, propagation.find(note))
        merged = merge([*spans, *again], note.text)
        output, applied = swept(
            note.text, merged, lambda text: self._certain(FoldedNote(text), matcher)
        )
        return DeidResult(note_id, output, applied)


def _is_inside(span: Span, tags: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the tags, given in order, holds the span."""
    before = bisect_right(tags, span.start, key=lambda tag: tag[0])
    return before > 0 and span.end <= tags[before - 1][1]


def warm_up() -> None:
    """Load the model and the word lists, so that the first note does not wait for them."""
    lexicon.load_all()
    Deidentifier().process_patient([NoteText("warm-up", "Seen by Dr. Example on 1/1/2000.")])
