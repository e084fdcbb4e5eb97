"""Gates as pages show them, with the overrides that stand on them."""

from __future__ import annotations

from typing import Any

from accounts.roles import ROLE_LABELS, Role
from governance.models import Override
from training.models import Evaluation

# Failed gates come first: they are what a decision is about.
_ORDER = {"fail": 0, "missing": 1, "pass": 2}


def gate_views(evaluation: Evaluation) -> list[dict[str, Any]]:
    """One dict a gate: id, label, status, value, limit, interval, explanation, override."""
    overrides = {o.gate_id: o for o in evaluation.overrides.all()}
    views = [_view(result, overrides.get(result["gate"]["id"])) for result in evaluation.gates]
    return sorted(views, key=lambda view: _ORDER[view["status"]])


def open_gates(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Gates that did not pass and that nobody has overridden."""
    return [v for v in gate_views(evaluation) if v["status"] != "pass" and not v["override"]]


def _view(result: dict[str, Any], override: Override | None) -> dict[str, Any]:
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
