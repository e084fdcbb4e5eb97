"""The one question before a run's text goes on: do the conditions of its release hold now?

Asked at sign-off, attestation, when something is frozen from the run, and at every export: a
determination may have expired or been withdrawn in between.
"""

from __future__ import annotations

from accounts.errors import WrongState
from deid.models import Run
from deid.selectors.release import release_conditions

CODE = "release-conditions"


def why_not_release(run: Run) -> str:
    """Every condition that forbids the release of this run now, in words; empty where none does."""
    return " ".join(found.refusal for found in release_conditions(run) if found.refusal)


def require_release(run: Run, *, kept: str = "Nothing was changed.") -> None:
    """Refuse while a condition does not hold; `kept` says what became of the act."""
    if refusal := why_not_release(run):
        raise WrongState(f"{refusal} {kept}", code=CODE)
