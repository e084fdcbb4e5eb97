"""Several findings at one place: which of them a replaced part comes from, and which gave way.

Reads the outcome of ``merge`` backwards; the merge itself keeps no record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deid.engine import propagation
from deid.engine.reasons import reason_of
from deid.engine.spans import Span


class Advantage(StrEnum):
    """By what one finding is stronger than another, in the order in which the merge asks."""

    CERTAIN = "certain"
    LONGER = "longer"
    SCORE = "score"
    FIRST = "first"  #: both are as strong: the one that was reported first


@dataclass(frozen=True, slots=True)
class Rival:
    """Another finding at the same place.

    ``agrees``: it would write the same tag, so it only confirms. ``won``: it stands in the place of
    the finding that it is a rival of. ``by``: what made the winner stronger.
    """

    span: Span
    reason: str
    agrees: bool
    won: bool
    by: Advantage

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        told = {"reason": self.reason, "agrees": self.agrees, "won": self.won, "by": self.by.value}
        return {**span_dict(self.span), **told}


def span_dict(span: Span) -> dict[str, Any]:
    """A span as plain JSON values: places and names of rules, no words of the note."""
    return {
        "start": span.start,
        "end": span.end,
        "category": span.category,
        "tag": _tag(span),
        "recognizer": span.recognizer,
        "rule": span.rule,
        "score": round(span.score, 4),
        "certain": span.certain,
    }


class Contest:
    """The findings that reached the merge, and the parts that were replaced."""

    def __init__(self, kept: Sequence[Span], applied: Sequence[Span]) -> None:
        self._kept = kept
        self.applied = applied
        self._leaders = [self._find_leader(part) for part in applied]

    def _find_leader(self, part: Span) -> Span | None:
        same = [f for f in self._kept if _origin(f) == _origin(part) and _overlap(f, part)]
        return max(same, key=lambda finding: _overlap(finding, part), default=None)

    def leader(self, part: Span) -> Span | None:
        """The finding that a part has its category from; none where the sweep found it."""
        return self._leaders[self.applied.index(part)]

    def takes(self, start: int, end: int) -> bool:
        """Whether something in this place was replaced."""
        return any(part.start < end and start < part.end for part in self.applied)

    def rivals(self, part: Span) -> tuple[Rival, ...]:
        """The other findings in the place of a part, the strongest first, each rule once.

        What is certain is always found again where it stands: that confirms nothing.
        """
        winner = self.leader(part) or part
        told = {(winner.recognizer, winner.rule)}
        found = []
        for other in sorted(self._kept, key=_strength, reverse=True):
            if (other.recognizer, other.rule) in told or not _overlap(other, part):
                continue
            told.add((other.recognizer, other.rule))
            agrees = _tag(other) == _tag(part)
            if not (agrees and winner.certain and other.recognizer == propagation.RECOGNIZER):
                found.append(_rival(other, winner, other, agrees=agrees))
        return tuple(found)

    def outranked(self) -> list[Span]:
        """Findings of which nothing is left, not even as the confirmation of another."""
        leading = {id(leader) for leader in self._leaders}
        lost = []
        for finding in dict.fromkeys(self._kept):
            parts = [part for part in self.applied if _overlap(finding, part)]
            confirms = any(_tag(part) == _tag(finding) for part in parts)
            if parts and not confirms and id(finding) not in leading:
                lost.append(finding)
        return lost

    def winners(self, finding: Span) -> tuple[Rival, ...]:
        """What stands in the place of a finding that was outranked."""
        parts = [part for part in self.applied if _overlap(finding, part)]
        winners = [self.leader(part) or part for part in parts]
        return tuple(_rival(w, w, finding, agrees=False) for w in dict.fromkeys(winners))


def _rival(other: Span, winner: Span, loser: Span, *, agrees: bool) -> Rival:
    return Rival(
        other,
        reason_of(other.recognizer, other.rule),
        agrees=agrees,
        won=other is winner,
        by=_advantage(winner, loser),
    )


def _advantage(winner: Span, loser: Span) -> Advantage:
    if winner.certain != loser.certain:
        return Advantage.CERTAIN
    if winner.end - winner.start != loser.end - loser.start:
        return Advantage.LONGER
    return Advantage.SCORE if winner.score != loser.score else Advantage.FIRST


def _strength(span: Span) -> tuple[bool, int, float]:
    return span.certain, span.end - span.start, span.score


def _origin(span: Span) -> tuple[object, ...]:
    return (
        span.recognizer, span.rule, span.category, span.subtype, span.score, span.certain,
    )  # fmt: skip


def _tag(span: Span) -> str:
    return Span(span.start, span.end, span.category, span.subtype).tag()


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
