"""Keyed look-ups: what identifies a patient is found again without lying open in a column.

Each is a keyed digest that never leaves the database; the project is part of its purpose, so
that equal values of two projects cannot be told to be equal.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from vault.keys import blind_index


def patient_lookup(project_id: uuid.UUID, key: str) -> bytes:
    return blind_index(key, f"patient:{project_id}")


def lone_patient_lookup(project_id: uuid.UUID, note: bytes) -> bytes:
    """The patient of a note that names none: found by the note itself."""
    return blind_index(note.hex(), f"lone-patient:{project_id}")


def note_lookup(project_id: uuid.UUID, external_id: str) -> bytes:
    return blind_index(external_id, f"note:{project_id}")


def content_lookup(project_id: uuid.UUID, parts: Sequence[str | None]) -> bytes:
    return blind_index(json.dumps(list(parts), ensure_ascii=False), f"content:{project_id}")


def passage_lookup(note_id: uuid.UUID, kind: str, words: str, start: int, end: int) -> bytes:
    """The same passage of the same note, with the same words around it, in whatever run.

    `words` hold the passage at `[start, end)`: several of one kind in a short note share them.
    """
    place = json.dumps([kind, start, end, words], ensure_ascii=False)
    return blind_index(place, f"passage:{note_id}")


def surrogate_lookup(map_id: uuid.UUID, surrogate: str) -> bytes:
    """Case and blanks do not count: a surrogate is looked up as a person reads it."""
    return blind_index(" ".join(surrogate.split()).casefold(), f"surrogate:{map_id}")


def known_lookup(patient_id: uuid.UUID, category: str, value: str) -> bytes:
    """Two spellings that differ in case or blanks only are the same identifier."""
    return blind_index(" ".join(value.split()).casefold(), f"known:{patient_id}:{category}")
