"""Measures of ranked and multi-label ICD codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopKMeasures:
    """Three different "top k" figures; the guide's gate reads `primary_accuracy`."""

    primary_accuracy: float
    hit_any: float
    recall: float
    evaluated: int
    excluded_no_gold: int


@dataclass(frozen=True, slots=True)
class MultiLabelMeasures:
    """Micro measures over all codes, and macro F1 over two stated sets of labels."""

    true_positives: int
    false_positives: int
    false_negatives: int
    micro_precision: float
    micro_recall: float
    micro_f1: float
    macro_f1_union_labels: float
    macro_f1_gold_labels: float


def normalise_code(code: str) -> str:
    """Without dot and in upper case: `e11.9` is `E119`."""
    return code.replace(".", "").strip().upper()


def top_k_measures(
    ranked: Sequence[Sequence[str]],
    primary: Sequence[str | None],
    gold: Sequence[Sequence[str]],
    k: int = 3,
) -> TopKMeasures:
    """Whether the right codes stand among the first `k`; notes without gold codes are left out.

    Args:
        ranked: predicted codes, best first.
        primary: the primary code of each note, None where it has none.
        gold: all codes of each note.
    """
    rows = [
        ([normalise_code(code) for code in guesses][:k], first, set(map(normalise_code, codes)))
        for guesses, first, codes in zip(ranked, primary, gold, strict=True)
    ]
    scored = [row for row in rows if row[2] and row[1] is not None]
    if not scored:
        raise ValueError("No note has a gold code, so nothing can be scored.")
    count = len(scored)
    return TopKMeasures(
        primary_accuracy=sum(normalise_code(str(f)) in top for top, f, _ in scored) / count,
        hit_any=sum(bool(codes & set(top)) for top, _, codes in scored) / count,
        recall=sum(len(codes & set(top)) / len(codes) for top, _, codes in scored) / count,
        evaluated=count,
        excluded_no_gold=len(rows) - count,
    )


def multi_label_measures(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> MultiLabelMeasures:
    """Precision, recall and F1 of sets of codes, after `normalise_code`."""
    pairs = [
        (set(map(normalise_code, wanted)), set(map(normalise_code, made)))
        for wanted, made in zip(gold, predicted, strict=True)
    ]
    found = sum(len(wanted & made) for wanted, made in pairs)
    extra = sum(len(made - wanted) for wanted, made in pairs)
    missed = sum(len(wanted - made) for wanted, made in pairs)
    in_gold = sorted(set().union(*(wanted for wanted, _ in pairs)))
    in_any = sorted(set(in_gold).union(*(made for _, made in pairs)))
    by_label = {label: _label_f1(label, pairs) for label in in_any}
    return MultiLabelMeasures(
        true_positives=found,
        false_positives=extra,
        false_negatives=missed,
        micro_precision=_ratio(found, found + extra),
        micro_recall=_ratio(found, found + missed),
        micro_f1=_ratio(2 * found, 2 * found + extra + missed),
        macro_f1_union_labels=_ratio(sum(by_label.values()), len(in_any)),
        macro_f1_gold_labels=_ratio(sum(by_label[label] for label in in_gold), len(in_gold)),
    )


def _label_f1(label: str, pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    both = sum(label in wanted and label in made for wanted, made in pairs)
    either = sum((label in wanted) + (label in made) for wanted, made in pairs)
    return _ratio(2 * both, either)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
