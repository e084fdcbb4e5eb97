"""Kinds of passages that may identify, and the usual reasons why one does not, as people read them.

The engine has the same kinds (`deid.engine.unique`); it is not imported here, because it loads
spaCy.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "public_office": "Public office",
    "renown": "Known to the public",
    "news": "In the news",
    "record": "Record, prize or lottery",
    "rare_event": "Rare public event",
    "only_or_first": "The only or the first one",
    "multiple_birth": "Multiple birth of four or more",
    "relation_to_staff": "Relation to staff",
}

#: Reasons that are offered by number; any other is typed.
REASONS: tuple[str, ...] = (
    "It is not about the patient or anybody close to the patient.",
    "Too many people share it.",
    "The words mean something else here.",
    "Nobody outside could connect it with a person.",
)


def kind_label(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " ").capitalize())
