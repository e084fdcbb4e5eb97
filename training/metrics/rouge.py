"""ROUGE-L of one answer against one reference (Lin 2004), without a stemmer.

Tokens as in Google's `rouge_score`: lower case, runs of `[a-z0-9]`. The measure is blind to
negation, laterality and doses (`no` weighs as any word, `7.2` is `7 2`), so it never stands alone
for clinical use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class RougeScore:
    """ROUGE-L as fractions 0..1 and the length of the longest common subsequence in tokens."""

    lcs: int
    precision: float
    recall: float
    f1: float


def rouge_l(candidate: str, reference: str) -> RougeScore:
    """Score a candidate against a reference; an empty side scores 0."""
    made, wanted = tokens(candidate), tokens(reference)
    if not made or not wanted:
        return RougeScore(0, 0.0, 0.0, 0.0)
    common = lcs_length(made, wanted)
    precision, recall = common / len(made), common / len(wanted)
    f1 = 2 * precision * recall / (precision + recall) if common else 0.0
    return RougeScore(common, precision, recall, f1)


def tokens(text: str) -> list[str]:
    """Lower-case runs of letters and digits."""
    return _TOKEN.findall(text.lower())


def lcs_length(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004, on whole integers).

    One row of the dynamic programme is one integer, so long notes cost microseconds a token.
    """
    positions: dict[str, int] = {}
    for index, token in enumerate(left):
        positions[token] = positions.get(token, 0) | (1 << index)
    full = (1 << len(left)) - 1
    row = full
    for token in right:
        matches = row & positions.get(token, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(left) - row.bit_count()
