"""How far stated confidence is from being right."""

from __future__ import annotations

import math
from collections.abc import Sequence


def expected_calibration_error(
    confidences: Sequence[float], correct: Sequence[bool | int], bins: int = 10
) -> float:
    """Expected calibration error over equal bins `(low, high]`; the first includes 0.

    Args:
        confidences: stated confidence, 0..1.
        correct: whether each answer was right.

    Raises:
        ValueError: nothing given, unequal lengths, or a confidence outside 0..1.
    """
    _check(confidences, correct)
    members: list[list[int]] = [[] for _ in range(bins)]
    for index, confidence in enumerate(confidences):
        members[max(0, math.ceil(confidence * bins) - 1)].append(index)
    error = 0.0
    for chosen in filter(None, members):
        stated = sum(confidences[index] for index in chosen)
        right = sum(bool(correct[index]) for index in chosen)
        error += abs(stated - right)
    return error / len(confidences)


def brier_binary(probabilities: Sequence[float], outcomes: Sequence[bool | int]) -> float:
    """Mean squared distance of a probability from its outcome, 0..1."""
    _check(probabilities, outcomes)
    return sum((p - bool(y)) ** 2 for p, y in zip(probabilities, outcomes, strict=True)) / len(
        probabilities
    )


def brier_multiclass(probabilities: Sequence[Sequence[float]], outcomes: Sequence[int]) -> float:
    """Squared distance summed over the classes, 0..2; not comparable with the binary form.

    Args:
        probabilities: shape `(n, classes)`.
        outcomes: index of the true class.
    """
    if not probabilities or len(probabilities) != len(outcomes):
        raise ValueError("Give one outcome for each row of probabilities.")
    total = 0.0
    for row, outcome in zip(probabilities, outcomes, strict=True):
        total += sum((p - (index == outcome)) ** 2 for index, p in enumerate(row))
    return total / len(probabilities)


def _check(probabilities: Sequence[float], outcomes: Sequence[bool | int]) -> None:
    if not probabilities or len(probabilities) != len(outcomes):
        raise ValueError("Give one outcome for each probability.")
    if not all(0.0 <= p <= 1.0 for p in probabilities):
        raise ValueError("A probability lies between 0 and 1.")
