"""The engine at work, overheard: every finding of every note and what became of it.

``Overheard`` is the pipeline itself. Its steps run unchanged, so that a trace tells what happened;
what it keeps costs time and memory, and nobody pays for it who asks for no trace.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from deid.engine.matching import RuleSet
from deid.engine.ner import NerModel
from deid.engine.phrases import FoldedNote
from deid.engine.pipeline import Deidentifier
from deid.engine.policy import Policy
from deid.engine.rules import Rule
from deid.engine.spans import DeidResult, Span
from deid.engine.wrapping import Unwrapped


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """A place where a rule's pattern matched.

    ``taken`` is the whole match, ``named`` what the pattern itself names the identifier, and
    ``bounds`` the identifier that the rule made of it; ``None`` where there is none.
    """

    recognizer: str
    rule: Rule
    taken: tuple[int, int]
    named: tuple[int, int] | None
    bounds: tuple[int, int] | None

    def placed(self, readable: Unwrapped) -> "Attempt":
        """The attempt in the note as given: rules read it with its broken lines joined."""
        at = readable.place
        return replace(
            self,
            taken=at(*self.taken),
            named=at(*self.named) if self.named else None,
            bounds=at(*self.bounds) if self.bounds else None,
        )


@dataclass(slots=True, repr=False)
class Heard:
    """What happened in one note.

    ``certain``: known identifiers and terms, which no threshold and no list is asked about.
    ``again``: what was found because another place in the patient's notes is certain.
    """

    text: str
    attempts: list[Attempt] = field(default_factory=list)
    found: list[Span] = field(default_factory=list)
    certain: list[Span] = field(default_factory=list)
    again: list[Span] = field(default_factory=list)
    dropped: list[Span] = field(default_factory=list)
    result: DeidResult | None = None

    @property
    def kept(self) -> list[Span]:
        """Every finding that policy and existing tags left, as the merge takes them."""
        return [*self.found, *self.certain, *self.again]


class Overheard(Deidentifier):
    """A pipeline for one call of ``process_patient``; ``notes`` tells of each note in order."""

    def __init__(self, policy: Policy | None = None, ner: NerModel | None = None) -> None:
        super().__init__(policy, ner)
        self.notes: list[Heard] = []
        self._finished = 0
        rules = zip(self._rule_set.rules, self._names, strict=True)
        self._rule_set = RuleSet([_watched(rule, name, self._attempted) for rule, name in rules])

    def _attempted(self, attempt: Attempt) -> None:
        self.notes[-1].attempts.append(attempt)

    def _find(self, note: FoldedNote, readable: Unwrapped, *rest: Any) -> list[Span]:
        heard = Heard(note.text)
        self.notes.append(heard)
        self._here, self._into = heard, heard.found
        spans = super()._find(note, readable, *rest)
        heard.certain = spans[len(heard.found) :]
        heard.attempts = [attempt.placed(readable) for attempt in heard.attempts]
        return spans

    def _permitted(self, text: str, spans: Sequence[Span]) -> list[Span]:
        kept = super()._permitted(text, spans)
        survived = set(map(id, kept))
        self._into += kept
        self._here.dropped += [span for span in spans if id(span) not in survived]
        return kept

    def _finish(self, *given: Any, **named: Any) -> DeidResult:
        heard = self.notes[self._finished]
        self._finished += 1
        self._here, self._into = heard, heard.again
        heard.result = super()._finish(*given, **named)
        return heard.result


def _watched(rule: Rule, recognizer: str, attempted: Callable[[Attempt], None]) -> Rule:
    """The same rule, which tells of each match of its pattern and what it made of it."""

    def refine(match: re.Match[str]) -> tuple[int, int] | None:
        bounds = rule.bounds(match)
        found = bounds if bounds is not None and bounds[0] < bounds[1] else None
        named = match.span("id") if "id" in match.re.groupindex else (-1, -1)
        seen = named if named[0] >= 0 else None
        attempted(Attempt(recognizer, rule, match.span(), seen, found))
        return bounds

    return replace(rule, refine=refine)
