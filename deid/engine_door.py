"""The only way from Django to the engine: it loads spaCy, so workers import it when they use it.

The engine itself blocks torch while spaCy loads; a worker of the `deid` queue thus never holds it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deid.models import PolicyDraft, PolicyVersion

if TYPE_CHECKING:
    from deid.engine import Deidentifier

_DATA = Path(__file__).parent / "engine" / "data"
_DEFAULT_POLICY = _DATA / "default_policy.json"
_OUTPUTS = _DATA / "output_profiles.json"


def default_content() -> dict[str, Any]:
    """The policy that ships with the engine, as plain JSON; read from its file, so that the web
    process need not load spaCy to start a first run.
    """
    return dict(json.loads(_DEFAULT_POLICY.read_text("utf-8")))


def output_choices() -> list[dict[str, Any]]:
    """What may stand in place of identifiers: {output, date_shift, profile, name, statement} as the
    engine's own data state it; empty where the engine knows tags only.
    """
    if not _OUTPUTS.exists():
        return []
    return list(json.loads(_OUTPUTS.read_text("utf-8"))["outputs"])


def with_output(content: dict[str, Any], choice: dict[str, Any]) -> dict[str, Any]:
    """The content with this output; tags and unmoved dates are what a policy without words has."""
    kept = {name: v for name, v in content.items() if name not in ("output", "date_shift")}
    written = {} if choice["output"] == "tags" else {"output": choice["output"]}
    shifted = {"date_shift": True} if choice["date_shift"] else {}
    return {**kept, "profile": choice["profile"], **written, **shifted}


@lru_cache(maxsize=4)
def _engine(policy_id: uuid.UUID) -> Deidentifier:
    from deid.engine import Deidentifier, Policy  # heavy: loads spaCy

    version = PolicyVersion.objects.get(pk=policy_id)
    return Deidentifier(Policy.from_dict(version.content))


def engine_for(policy: PolicyVersion) -> Deidentifier:
    """The engine under a policy version; built once a process, since versions never change."""
    return _engine(policy.pk)


@lru_cache(maxsize=2)
def _draft_engine(draft_id: uuid.UUID, revision: int) -> Deidentifier:
    from deid.engine import Deidentifier, Policy  # heavy: loads spaCy

    draft = PolicyDraft.objects.get(pk=draft_id, revision=revision)
    return Deidentifier(Policy.from_dict(draft.content))


def engine_for_draft(draft: PolicyDraft) -> Deidentifier:
    """The engine under a draft as it stands; each edit of a draft is another policy."""
    return _draft_engine(draft.pk, draft.revision)


def is_ordinary_word() -> Callable[[str], bool]:
    """Whether a word has a meaning besides being somebody's name."""
    from deid.engine import lexicon  # heavy: the package loads spaCy

    return lexicon.is_ordinary


def engine_version() -> dict[str, str]:
    from deid.engine import engine_version as version  # heavy: loads spaCy

    return version()
