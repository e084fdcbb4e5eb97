"""An evaluation's gates as pages and documents show them, with the overrides that stand on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.roles import ROLE_LABELS, Role
from training.models import Evaluation

# Failed gates come first: they are what a decision is about.
_ORDER = {"fail": 0, "missing": 1, "pass": 2}


def gate_views(evaluation: Evaluation) -> list[dict[str, Any]]:
    """One flat dict a gate; an override stands beside the status and never changes it.

    Wants `overrides__signature` prefetched.
    """
    overrides = {override.gate_id: override for override in evaluation.overrides.all()}
    views = [_view(result, overrides.get(result["gate"]["id"])) for result in evaluation.gates]
    return sorted(views, key=lambda view: _ORDER[view["status"]])


def open_gates(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Gates that did not pass and that nobody has overridden."""
    overridden = {override.gate_id for override in evaluation.overrides.all()}
    return [
        _view(result, None)
        for result in evaluation.gates
        if result["status"] != "pass" and result["gate"]["id"] not in overridden
    ]


def tally(gates: Sequence[Mapping[str, Any]]) -> str:
    """`1 FAIL, 1 MISSING`: what did not pass, as it reads; empty where every gate passed."""
    found = [gate["status"] for gate in gates]
    return ", ".join(
        f"{found.count(status)} {status.upper()}"
        for status in ("fail", "missing")
        if status in found
    )


def _view(result: dict[str, Any], override: Any) -> dict[str, Any]:
    # The class of an override belongs to a room above this one.
    gate = result["gate"]
    return {
        "id": gate["id"],
        "label": gate["label"],
        "status": result["status"],
        "value": result["value"],
        "unit": gate["unit"],
        "limit": gate["limit"],
        "direction": gate["direction"],
        "interval": result["interval"],
        "n": result["n"],
        "explanation": result["explanation"],
        "source": gate["source"],
        "decimals": 0 if gate["unit"] else 3,  # counts and shares
        "override": override
        and {
            "by": f"{override.signature.signer_name}, "
            f"{ROLE_LABELS[Role(override.signature.signer_role)].lower()}",
            "date": override.created_at,
            "reason": override.reason,
            "digest": override.signature.manifest_digest,
        },
    }
