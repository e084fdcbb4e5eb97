"""Measures of an ordered classification, such as triage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassMeasures:
    """One class against the rest; fractions, 0 where nothing can be divided."""

    sensitivity: float
    specificity: float
    ppv: float
    npv: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class TriageMeasures:
    """Whole-table measures; under- and over-triage are shares of all cases."""

    accuracy: float
    per_class: dict[str, ClassMeasures]
    macro_f1: float
    balanced_accuracy: float
    under_triage_rate: float
    over_triage_rate: float


def triage_measures(labels: Sequence[str], confusion: Sequence[Sequence[int]]) -> TriageMeasures:
    """Measures of a confusion table.

    Args:
        labels: classes from the most to the least urgent.
        confusion: counts, rows the truth, columns the prediction, in the order of `labels`.

    Raises:
        ValueError: the table is not square, does not fit the labels or is empty.
    """
    size = len(labels)
    if len(confusion) != size or any(len(row) != size for row in confusion):
        raise ValueError("The confusion table must be square and have a row for each label.")
    total = sum(map(sum, confusion))
    if total == 0:
        raise ValueError("The confusion table is empty.")
    per_class = {
        label: _one_against_rest(confusion, index, total) for index, label in enumerate(labels)
    }
    cells = [(i, j, confusion[i][j]) for i in range(size) for j in range(size)]
    return TriageMeasures(
        accuracy=sum(count for i, j, count in cells if i == j) / total,
        per_class=per_class,
        macro_f1=sum(one.f1 for one in per_class.values()) / size,
        balanced_accuracy=sum(one.sensitivity for one in per_class.values()) / size,
        under_triage_rate=sum(count for i, j, count in cells if j > i) / total,
        over_triage_rate=sum(count for i, j, count in cells if j < i) / total,
    )


def _one_against_rest(confusion: Sequence[Sequence[int]], index: int, total: int) -> ClassMeasures:
    true_positive = confusion[index][index]
    false_negative = sum(confusion[index]) - true_positive
    false_positive = sum(row[index] for row in confusion) - true_positive
    true_negative = total - true_positive - false_negative - false_positive
    return ClassMeasures(
        sensitivity=_ratio(true_positive, true_positive + false_negative),
        specificity=_ratio(true_negative, true_negative + false_positive),
        ppv=_ratio(true_positive, true_positive + false_positive),
        npv=_ratio(true_negative, true_negative + false_negative),
        f1=_ratio(2 * true_positive, 2 * true_positive + false_positive + false_negative),
        support=true_positive + false_negative,
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
