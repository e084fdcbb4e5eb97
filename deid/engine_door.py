"""The only way from Django to the engine: it loads spaCy, so workers import it when they use it.

The engine itself blocks torch while spaCy loads; a worker of the `deid` queue thus never holds it.
"""

from __future__ import annotations

import json
import uuid
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deid.models import PolicyVersion

if TYPE_CHECKING:
    from deid.engine import Deidentifier

_DEFAULT_POLICY = Path(__file__).parent / "engine" / "data" / "default_policy.json"


def default_content() -> dict[str, Any]:
    """The policy that ships with the engine, as plain JSON; read from its file, so that the web
    process need not load spaCy to start a first run.
    """
    return dict(json.loads(_DEFAULT_POLICY.read_text("utf-8")))


def content_with_terms(
    content: dict[str, Any], terms: list[tuple[str, str]], version: str
) -> dict[str, Any]:
    """A policy's content with further terms, each once; what `Policy.with_terms` makes."""
    added = [{"text": text, "category": category} for text, category in terms]
    kept = list({(t["text"], t["category"]): t for t in [*content["terms"], *added]}.values())
    return {**content, "version": version, "terms": kept}


@lru_cache(maxsize=4)
def _engine(policy_id: uuid.UUID) -> Deidentifier:
    from deid.engine import Deidentifier, Policy  # heavy: loads spaCy

    version = PolicyVersion.objects.get(pk=policy_id)
    return Deidentifier(Policy.from_dict(version.content))


def engine_for(policy: PolicyVersion) -> Deidentifier:
    """The engine under a policy version; built once a process, since versions never change."""
    return _engine(policy.pk)


def engine_version() -> dict[str, str]:
    from deid.engine import engine_version as version  # heavy: loads spaCy

    return version()
