"""What is hidden: imports and notes, runs, and the review of their samples."""

from deid.models.imports import ImportBatch, Rejection
from deid.models.notes import KnownIdentifier, Note, Patient
from deid.models.reviews import Leak, OverRedaction, Review, Sample, SampleItem
from deid.models.runs import Chunk, PolicyVersion, Run, RunNote
from deid.models.surrogates import SurrogateEntry, SurrogateKey, SurrogateMap

__all__ = [
    "Chunk",
    "ImportBatch",
    "KnownIdentifier",
    "Leak",
    "Note",
    "OverRedaction",
    "Patient",
    "PolicyVersion",
    "Rejection",
    "Review",
    "Run",
    "RunNote",
    "Sample",
    "SampleItem",
    "SurrogateEntry",
    "SurrogateKey",
    "SurrogateMap",
]
