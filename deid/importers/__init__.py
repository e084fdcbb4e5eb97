"""Reading notes from text files, zip archives, CSV and JSON Lines, as a pure package.

Everything reads from a binary file object, so that a stored upload can be decrypted on the fly.
"""

from deid.importers.mapping import known_category, suggest
from deid.importers.model import (
    FIELDS,
    KINDS,
    ImportProblem,
    Mapping,
    Preview,
    Record,
    Rejected,
)
from deid.importers.reading import kind_of, preview, read_records

__all__ = [
    "FIELDS",
    "KINDS",
    "ImportProblem",
    "Mapping",
    "Preview",
    "Record",
    "Rejected",
    "kind_of",
    "known_category",
    "preview",
    "read_records",
    "suggest",
]
