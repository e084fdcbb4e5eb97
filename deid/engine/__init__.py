"""De-identification by the Safe Harbor rule, 45 CFR 164.514(b)(2), as a pure package.

>>> engine = Deidentifier(default_policy())
>>> engine.process_patient([NoteText("1", text)], [KnownIdentifier("MRN", number)])

From the command line: ``python -m deid.engine predict notes.jsonl > spans.jsonl``.

Each name is loaded when it is first used: the pipeline takes spaCy with it, and who asks for
offsets, reasons or values alone need not wait for that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "pipeline": ("Deidentifier", "warm_up"),
    "policy": ("Policy", "Term", "default_policy", "load_policy"),
    "spans": ("CATEGORIES", "AppliedSpan", "DeidResult", "KnownIdentifier", "NoteText", "Span"),
    "version": ("engine_version",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
