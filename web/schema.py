"""The API's description: every operation can be refused, in the one shape of `web.errors`."""

from __future__ import annotations

from typing import Any

METHODS = {"get", "post", "put", "patch", "delete"}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["detail", "code"],
    "properties": {
        "detail": {"type": "string", "description": "What happened, what was kept, what to do."},
        "code": {"type": "string", "description": "Stable and machine-readable: `wrong-state`."},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "Sentences by field, as `leaks.0.start`; with the code `invalid` only.",
        },
    },
}


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                operation["responses"]["4XX"] = {"description": "Refused", "content": shape}
                operation["responses"]["5XX"] = {"description": "Failed", "content": shape}
    return result
