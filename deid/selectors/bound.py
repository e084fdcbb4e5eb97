"""For which notes a round's bound holds, and what several rounds do to its confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deid.models import Sample


@dataclass(frozen=True)
class BoundScope:
    """The notes that a round's bound speaks of: those that nobody had read when it was drawn."""

    run: int
    notes: int
    population: int
    round: int
    confidence: float

    @property
    def read_before(self) -> int:
        return max(0, self.notes - self.population)

    @property
    def confidence_over_rounds(self) -> float:
        """A lower limit of the confidence over all rounds together (Bonferroni).

        Each round may pass by luck with a chance of at most 1 - confidence; the chance that one
        of several does is at most their sum.
        """
        return max(0.0, 1 - self.round * (1 - self.confidence))

    @property
    def holds_for(self) -> str:
        if not self.read_before:
            return f"The bound holds for all {self.notes} notes of run {self.run}."
        return (
            f"The bound holds for the {self.population} of {self.notes} notes of run {self.run} "
            f"that nobody had read before round {self.round}. The other {self.read_before} were "
            "read in earlier rounds and are counted apart: what leaked in them was mended and "
            "read again, and no bound is stated for them."
        )

    @property
    def over_rounds(self) -> str:
        stated = f"{100 * self.confidence:g} %"
        if self.round == 1:
            return f"This is the first round, so the confidence is the stated {stated}."
        return (
            f"This is round {self.round}. The stated {stated} is the confidence of one round, "
            f"judged once. Over {self.round} rounds, of which any one might have passed by luck, "
            f"it is at least {100 * self.confidence_over_rounds:.3g} %."
        )

    def to_dict(self) -> dict[str, Any]:
        """For manifests that are signed over the bound."""
        return {
            "population": self.population,
            "read_in_earlier_rounds": self.read_before,
            "rounds": self.round,
            "confidence_over_rounds": round(self.confidence_over_rounds, 6),
            "bound_holds_for": self.holds_for,
        }


def bound_scope(sample: Sample) -> BoundScope:
    return BoundScope(
        sample.run.number, sample.run.note_count, sample.population, sample.round, sample.confidence
    )
