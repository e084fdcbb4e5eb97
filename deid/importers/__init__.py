"""Reading notes from text, zip, CSV, JSON Lines, FHIR and HL7 v2, as a pure package.

Everything reads from a seekable binary file object, so that a stored upload can be decrypted on
the fly, and holds no more of it than the largest record.
"""

from deid.importers.kinds import detected, kind_of
from deid.importers.mapping import known_category, suggest
from deid.importers.model import (
    FIELDS,
    KINDS,
    STRUCTURED,
    ImportProblem,
    Mapping,
    PatientFacts,
    Preview,
    Record,
    Rejected,
)
from deid.importers.reading import preview, read_records
from deid.importers.restricted import REASONS, RESTRICTIONS
from deid.importers.scratch import Scratch

__all__ = [
    "FIELDS",
    "KINDS",
    "REASONS",
    "RESTRICTIONS",
    "STRUCTURED",
    "ImportProblem",
    "Mapping",
    "PatientFacts",
    "Preview",
    "Record",
    "Rejected",
    "Scratch",
    "detected",
    "kind_of",
    "known_category",
    "preview",
    "read_records",
    "suggest",
]
