"""The engine: from the notes of one patient to their de-identified texts."""

import gc
import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache

from deid.engine import lexicon
from deid.engine.exact import ExactMatcher
from deid.engine.families import build_families
from deid.engine.known import KnownMatcher
from deid.engine.matching import RuleSet
from deid.engine.merge import merge
from deid.engine.ner import NerModel, NerRecognizer, TaggerNer, spans_by
from deid.engine.normalize import folded, plain
from deid.engine.phrases import FoldedNote
from deid.engine.policy import Policy, default_policy
from deid.engine.presidio import RecognizerRegistry
from deid.engine.propagation import Propagation
from deid.engine.recognition import RuleRecognizer
from deid.engine.spans import CATEGORIES, DeidResult, KnownIdentifier, NoteText, Span
from deid.engine.surrogates import new_key, with_surrogates
from deid.engine.sweep import swept
from deid.engine.wrapping import Unwrapped

_NOTHING_KNOWN = KnownMatcher(())
_EXISTING_TAG = re.compile(r"\[(?:[A-Z][A-Z0-9_+:-]{1,30}|\*\*[^\]\n]{0,80}\*\*)\]")


@cache
def _families() -> list[RuleRecognizer]:
    return build_families()


@cache
def _rule_set() -> RuleSet:
    """All rules, prepared once a process: they are the same under every policy."""
    return RuleSet([rule for family in _families() for rule in family.rules])


class Deidentifier:
    """Hides the 18 identifiers of Safe Harbor under one policy. Safe to reuse for many patients.

    Raises nothing for any text: empty, very long, or already full of tags.
    """

    def __init__(self, policy: Policy | None = None, ner: NerModel | None = None) -> None:
        """``ner`` takes the place of the tagger that ships with the engine."""
        self.policy = policy or default_policy()
        self.ner: NerModel = TaggerNer() if ner is None else ner
        self.registry = RecognizerRegistry(
            recognizers=[*_families(), NerRecognizer(self.ner)], supported_languages=["en"]
        )
        self._rule_set = _rule_set()
        self._names = [family.name for family in _families() for _ in family.rules]
        self._thresholds = {c: self.policy.threshold(c) for c in CATEGORIES}
        self._terms = ExactMatcher((t.category, t.text) for t in self.policy.terms)
        self._allowed = frozenset(folded(t).strip() for t in self.policy.allow_terms)

    def process_patient(
        self,
        notes: Sequence[NoteText],
        known: Sequence[KnownIdentifier] = (),
        *,
        key: bytes | None = None,
        year: int | None = None,
    ) -> list[DeidResult]:
        """De-identify all notes of one patient together; results are in the order of the notes.

        ``key`` and ``year`` count where the policy asks for surrogates: the patient's random key
        (a new one, kept nowhere, if none is given) and the year of the output, this one if none
        is given. The same notes, key and year give the same output.
        """
        matcher = KnownMatcher(known) if known else _NOTHING_KNOWN
        propagation = Propagation()
        first_pass = []
        readable = [Unwrapped(plain(note.text)) for note in notes]
        by_model = spans_by(self.ner, [note.text for note in readable])
        for note, joined, statistical in zip(notes, readable, by_model, strict=True):
            look_up = FoldedNote(note.text)
            spans = self._find(look_up, joined, statistical, matcher)
            first_pass.append((look_up, spans))
            propagation.learn(note.text, spans)
        results = [
            self._finish(note.id, look_up, spans, matcher, propagation)
            for note, (look_up, spans) in zip(notes, first_pass, strict=True)
        ]
        if self.policy.output == "tags":
            return results
        return with_surrogates(
            notes,
            results,
            known,
            lambda text: self._certain(FoldedNote(text), matcher),
            key=new_key() if key is None else key,
            latest_year=(year or date.today().year) if self.policy.date_shift else None,
        )

    def _certain(self, note: FoldedNote, matcher: KnownMatcher) -> list[Span]:
        """Known identifiers and the organisation's terms: nothing vetoes them."""
        return matcher.find(note) + [
            Span(start, end, category, "", 1.0, "policy", "term", certain=True)
            for category, start, end in self._terms.find(note)
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
    """Load the model and the word lists, so that the first note does not wait for them.

    What is loaded stays for the life of the process. The garbage collector is told so: else it
    walks through all the lists again every few hundred notes, at a twentieth of the whole time.
    """
    lexicon.load_all()
    Deidentifier().process_patient([NoteText("warm-up", "Seen by Dr. Example on 1/1/2000.")])
    gc.collect()
    gc.freeze()
