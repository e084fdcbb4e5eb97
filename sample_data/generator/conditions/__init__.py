"""The illnesses that the fictional patients have."""

from __future__ import annotations

from .clinic import CLINIC
from .medical import MEDICAL
from .model import COMORBID, Condition, Drug, Imaging, Lab, Operation, Pathology
from .surgical import SURGICAL

CONDITIONS: tuple[Condition, ...] = MEDICAL + SURGICAL + CLINIC

__all__ = [
    "COMORBID",
    "CONDITIONS",
    "Condition",
    "Drug",
    "Imaging",
    "Lab",
    "Operation",
    "Pathology",
]
