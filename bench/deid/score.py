"""The score: counts over documents, and the rates that they give."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.deid.corpora import IGNORE, Document, Gold
from evidence.statistics import clopper_pearson_interval

#: Start, end and what found it: half-open offsets in characters.
Predicted = tuple[int, int, str]

_NEUTRAL, _GOLD = 2, 1


@dataclass
class Tally:
    """Counts over documents.

    A gold span is found when each of its letters and digits lies in a predicted span, whatever the
    label. Characters are letters and digits only. Those of an ``IGNORE`` span count on neither
    side, unless a required span holds them as well.
    """

    spans: int = 0
    spans_found: int = 0
    gold_characters: int = 0
    gold_found: int = 0
    predicted_characters: int = 0
    predicted_true: int = 0
    documents: int = 0
    documents_without_leak: int = 0
    free_documents: int = 0
    free_touched: int = 0
    by_label: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, document: Document, predicted: Sequence[Predicted]) -> None:
        """Count one document."""
        text = document.text
        covered, gold = _covered(len(text), predicted), _painted(document)
        found = [self._span(text, span, covered) for span in document.required]
        self._characters(text, covered, gold)
        untrue = [p for p in predicted if p[0] < p[1] and not any(gold[max(0, p[0]) : p[1]])]
        self.false += [f"{p[2]}: {_around(text, p[0], p[1])}" for p in untrue]
        self.documents += 1
        self.documents_without_leak += all(found)
        if not document.required:
            self.free_documents += 1
            self.free_touched += bool(untrue)

    def _span(self, text: str, span: Gold, covered: bytearray) -> bool:
        found = all(covered[i] for i in range(span.start, span.end) if text[i].isalnum())
        self.spans += 1
        self.spans_found += found
        counts = self.by_label[span.label]
        counts[0] += 1
        counts[1] += found
        if not found:
            self.misses.append(f"{span.label}: {_around(text, span.start, span.end)}")
        return found

    def _characters(self, text: str, covered: bytearray, gold: bytearray) -> None:
        for index, char in enumerate(text):
            if not char.isalnum():
                continue
            if gold[index] == _GOLD:
                self.gold_characters += 1
                self.gold_found += covered[index]
            if covered[index] and gold[index] != _NEUTRAL:
                self.predicted_characters += 1
                self.predicted_true += gold[index] == _GOLD

    def figures(self) -> dict[str, Any]:
        """Counts and rates as they are stored: no text. A rate without a denominator is None."""
        return {
            "documents": self.documents,
            "spans": self.spans,
            "spans_found": self.spans_found,
            "span_recall": _rate(self.spans_found, self.spans),
            "span_recall_interval": interval(self.spans_found, self.spans),
            "character_recall": _rate(self.gold_found, self.gold_characters),
            "character_precision": _rate(self.predicted_true, self.predicted_characters),
            "documents_without_leak": self.documents_without_leak,
            "free_documents": self.free_documents,
            "free_touched": self.free_touched,
            "by_label": {
                label: {"spans": n, "found": k, "interval": interval(k, n)}
                for label, (n, k) in sorted(self.by_label.items())
            },
        }


def interval(found: int, of: int) -> list[float] | None:
    """The exact two-sided 95 % interval (Clopper-Pearson) of a rate; None without a span."""
    return list(clopper_pearson_interval(found, of)) if of else None


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _covered(length: int, predicted: Sequence[Predicted]) -> bytearray:
    covered = bytearray(length)
    for start, end, _ in predicted:
        start, end = max(0, start), min(length, end)
        if start < end:
            covered[start:end] = b"\1" * (end - start)
    return covered


def _painted(document: Document) -> bytearray:
    """What each character is: 0 nothing, else gold or neutral; gold lies over neutral."""
    painted = bytearray(len(document.text))
    for span in sorted(document.spans, key=lambda s: s.label != IGNORE):
        value = _NEUTRAL if span.label == IGNORE else _GOLD
        painted[span.start : span.end] = bytes([value]) * (span.end - span.start)
    return painted


def _around(text: str, start: int, end: int) -> str:
    shown = f"{text[max(0, start - 45) : start]}<<{text[start:end]}>>{text[end : end + 25]}"
    return " ".join(shown.split())
