"""What stands above frozen text in the chain, beside its run, review and attestation."""

from __future__ import annotations

from deid.models import Run
from deid.selectors.release import determination_for, needs_expert_determination
from evidence.manifests import Parent


def expert_parents(run: Run) -> list[Parent]:
    """The determination under which something is frozen today; a renewed one is named anew."""
    found = determination_for(run) if needs_expert_determination(run) else None
    return [Parent("expert_determination", found.digest)] if found else []
