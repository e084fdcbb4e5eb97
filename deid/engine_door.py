"""The only way from Django to the engine: it loads spaCy, so it is imported when it is used.

The engine itself blocks torch while spaCy loads; a worker of the `deid` queue thus never holds it.
"""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from deid.models import PolicyVersion

if TYPE_CHECKING:
    from deid.engine import Deidentifier


def default_content() -> dict[str, Any]:
    """The policy that ships with the engine, as plain JSON."""
    from deid.engine import default_policy  # heavy: loads spaCy

    return default_policy().to_dict()


def content_with_terms(
    content: dict[str, Any], terms: list[tuple[str, str]], version: str
) -> dict[str, Any]:
    """A policy's content with further terms. Raises ValueError for one that cannot be used."""
    from deid.engine import Policy, Term  # heavy: loads spaCy

    policy = Policy.from_dict(content)
    return policy.with_terms([Term(*term) for term in terms], version=version).to_dict()


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
