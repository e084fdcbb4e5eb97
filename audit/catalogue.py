"""The event catalogue: what may be recorded, with its severity. Data, not code.

The catalogue is the field's list of events. What this version has no act for yet stands in a list
of its own, so that the package promises only what the code records.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "data" / "events.json"
NOT_RECORDED = Path(__file__).parent / "data" / "not_recorded.json"


@dataclass(frozen=True)
class Event:
    id: str
    what: str
    dicom: tuple[str, ...]
    category: str
    type: str
    severity: int


@cache
def catalogue_data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(PATH.read_text())
    return data


@cache
def events() -> dict[str, Event]:
    rows = catalogue_data()["events"]
    return {row["id"]: Event(**{**row, "dicom": tuple(row["dicom"])}) for row in rows}


@cache
def not_recorded() -> frozenset[str]:
    """Events of the catalogue that no code records yet; a test compares them with the code."""
    return frozenset(json.loads(NOT_RECORDED.read_text())["events"])
