"""De-identification by the Safe Harbor rule, 45 CFR 164.514(b)(2), as a pure package.

>>> engine = Deidentifier(default_policy())
>>> engine.process_patient([NoteText("1", text)], [KnownIdentifier("MRN", number)])

From the command line: ``python -m deid.engine < notes.jsonl > out.jsonl``.
"""

from deid.engine.pipeline import Deidentifier, warm_up
from deid.engine.policy import Policy, Term, default_policy, load_policy
from deid.engine.spans import (
    CATEGORIES,
    AppliedSpan,
    DeidResult,
    KnownIdentifier,
    NoteText,
    Span,
)
from deid.engine.version import engine_version

__all__ = [
    "CATEGORIES",
    "AppliedSpan",
    "DeidResult",
    "Deidentifier",
    "KnownIdentifier",
    "NoteText",
    "Policy",
    "Span",
    "Term",
    "default_policy",
    "engine_version",
    "load_policy",
    "warm_up",
]
