"""What is hidden: imports and notes, runs, the review of their samples, and
what their release waits for."""

from deid.models.imports import ImportBatch, Rejection
from deid.models.notes import KnownIdentifier, Note, Patient
from deid.models.policies import (
    PolicyChange,
    PolicyDraft,
    PolicyTrial,
    TrialChunk,
    TrialNote,
)
from deid.models.release import ExpertDetermination, UniqueFlag
from deid.models.reviews import Leak, OverRedaction, Review, Sample, SampleItem
from deid.models.runs import Chunk, PolicyVersion, Run, RunNote
from deid.models.surrogates import SurrogateEntry, SurrogateKey, SurrogateMap

__all__ = [
    "Chunk",
    "ExpertDetermination",
    "ImportBatch",
    "KnownIdentifier",
    "Leak",
    "Note",
    "OverRedaction",
    "Patient",
    "PolicyChange",
    "PolicyDraft",
    "PolicyTrial",
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
    "TrialChunk",
    "TrialNote",
    "UniqueFlag",
]
