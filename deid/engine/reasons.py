"""What each rule looks for, in words for people: one sentence a rule, in ``data/reasons.json``."""

import json
from functools import lru_cache

from deid.engine.lexicon import DATA


@lru_cache(maxsize=1)
def reasons() -> dict[str, str]:
    """From ``recognizer.rule`` to its sentence; ``model.label`` stands for any trained model."""
    return dict(json.loads((DATA / "reasons.json").read_text("utf-8"))["reasons"])


def reason_of(recognizer: str, rule: str) -> str:
    """The sentence of a rule, such as ``a name behind a title``.

    A recognizer of which nothing is written, such as one of Presidio's own, is named instead.
    """
    said = reasons().get(f"{recognizer}.{rule}") or reasons().get(f"model.{rule}")
    return said or f"found by {recognizer.replace('_', ' ') or 'a recognizer without a name'}"
